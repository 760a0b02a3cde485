"""A peer that cannot be reached any more leaves its route pending; an underlay route brings it back."""

from lab.standing import S1_LAN, Standing

UNDERLAY_ROUTE = ("198.51.100.0/24", "via", "203.0.113.2")


def scenario(lab):
    standing = Standing(lab)
    standing.bring_up_s1()
    lab.ip("hub", "route", "del", *UNDERLAY_ROUTE)
    row = standing.rrid.wait_state(S1_LAN, "pending")
    assert "198.51.100.2" in row["reason"] or "unreachable" in row["reason"], row
    lab.wait_no_route(S1_LAN)
    lab.ip("hub", "route", "add", *UNDERLAY_ROUTE)
    standing.assert_form(lab.wait_route(S1_LAN))
