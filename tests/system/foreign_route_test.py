"""A foreign route on our key is never touched: occupied while it stands, ours when it is gone."""

from lab.standing import S1_LAN, Standing

METRIC = str(1 << 24)
FOREIGN = (S1_LAN, "dev", "h-in", "proto", "static", "metric", METRIC)


def foreign_routes(lab):
    return [route for route in lab.routes("hub", "proto", "static") if route["dst"] == S1_LAN]


def scenario(lab):
    standing = Standing(lab)
    lab.ip("hub", "route", "add", *FOREIGN)
    before = foreign_routes(lab)
    standing.s1.initiate()
    standing.rrid.wait_state(S1_LAN, "occupied")
    standing.settle()
    assert foreign_routes(lab) == before and not lab.our_routes(S1_LAN), "the foreign route was touched"

    lab.ip("hub", "route", "del", *FOREIGN)
    standing.assert_form(lab.wait_route(S1_LAN))
    standing.rrid.wait_state(S1_LAN, "active")

    # Withdrawing ours must not take theirs: same prefix, other metric.
    lab.ip("hub", "route", "add", S1_LAN, "dev", "h-in", "proto", "static", "metric", "7")
    standing.rrid.wait_state(S1_LAN, "shadowed")
    standing.s1.terminate()
    lab.wait_no_route(S1_LAN)
    assert foreign_routes(lab), "the foreign route went with ours"
