"""rrid stopped politely leaves its routes (`on-exit keep`) and its socket does not stay behind."""

import os

from lab.standing import S1_LAN, Standing


def scenario(lab):
    standing = Standing(lab)
    standing.bring_up_s1()
    mark = standing.monitor.mark()
    standing.rrid.stop()
    assert standing.rrid.process.wait() == 0, "rrid did not end well on SIGTERM"
    assert not os.path.exists(standing.rrid.socket), "the socket stayed behind"
    assert lab.our_routes(S1_LAN), "the route went with rrid"
    standing.rrid.start()
    standing.assert_untouched(mark)
