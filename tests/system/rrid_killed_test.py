"""rrid killed and started again adopts a right route without an operation, and sweeps one whose SA is gone."""

from lab.standing import S1_HOST, S1_LAN, S2_LAN, Standing


def scenario(lab):
    standing = Standing(lab)
    standing.bring_up_s1()
    standing.s2.initiate()
    lab.wait_route(S2_LAN)

    standing.rrid.kill9()
    assert lab.our_routes(S1_LAN) and lab.our_routes(S2_LAN), "a kill took the routes along"
    lab.wait_ping("inside", S1_HOST)
    mark = standing.monitor.mark()
    standing.s2.terminate()
    standing.rrid.start()
    lab.wait_no_route(S2_LAN)
    standing.rrid.wait_state(S1_LAN, "active")
    standing.assert_untouched(mark)
