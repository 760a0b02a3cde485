"""charon killed: its TUN device goes and the route is pending, not forgotten; the next SA brings it back."""

from lab.standing import S1_HOST, S1_LAN, Standing


def scenario(lab):
    standing = Standing(lab)
    standing.bring_up_s1()
    standing.hub.kill9()
    lab.wait_no_route(S1_LAN)
    row = standing.rrid.wait_state(S1_LAN, "pending")
    assert row["reason"], "pending without a reason"
    standing.hub.start()
    standing.s1.terminate(force=True)
    standing.bring_up_s1()
    lab.wait_ping("inside", S1_HOST)
