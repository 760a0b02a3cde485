"""An SA that comes up makes the route, traffic flows through the tunnel, and the route goes with the SA."""

from lab.standing import S1_HOST, S1_LAN, Standing


def scenario(lab):
    standing = Standing(lab)
    assert not lab.our_routes(), "a route before any SA"
    assert not lab.can_ping("inside", S1_HOST), "the spoke's LAN answers without a tunnel"

    standing.assert_form(standing.bring_up_s1())
    lab.wait_ping("inside", S1_HOST)
    row = standing.rrid.wait_state(S1_LAN, "active")
    assert (row["next_hop"], row["distance"], row["driver"]) == ("198.51.100.2", 1, "sa"), row
    assert "10.1.0.0/255.255.0.0 [1/0] via 198.51.100.2" in standing.rrid.show("show crypto route")

    standing.s1.terminate()
    lab.wait_no_route(S1_LAN)
    assert not lab.can_ping("inside", S1_HOST), "the spoke's LAN still answers"
