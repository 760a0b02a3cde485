"""The connection to charon lost without a word: routes stay for `grace`, its return ends it, its absence withdraws."""

from lab.standing import S1_LAN, S2_LAN, Standing
from lab.waiting import wait_until

GRACE_SECONDS = 5


def scenario(lab):
    # With kernel-libipsec the TUN device dies with charon; the peer form does not need it.
    standing = Standing(lab, grace=GRACE_SECONDS, form="peer")
    standing.s1.initiate()
    lab.wait_route(S1_LAN)
    mark = standing.monitor.mark()

    standing.hub.kill9()
    wait_until("rrid has lost charon", lambda: "out of sight" in standing.rrid.log())
    standing.rrid.wait_state(S1_LAN, "active")
    assert not standing.monitor.since(mark, S1_LAN.split("/", maxsplit=1)[0]), "the loss of the source moved a route"

    # It comes back and knows no SA: that is the truth now.
    standing.hub.start()
    lab.wait_no_route(S1_LAN, 2 * GRACE_SECONDS)
    standing.s1.terminate(force=True)
    standing.s1.initiate()
    standing.s2.initiate()
    lab.wait_route(S1_LAN)
    lab.wait_route(S2_LAN)

    standing.hub.kill9()
    lab.wait_no_route(S1_LAN, 4 * GRACE_SECONDS)
    lab.wait_no_route(S2_LAN)
    assert "SOURCE" in standing.rrid.show("show logging"), "no notice that the source stayed away"
