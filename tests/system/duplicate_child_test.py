"""Two CHILD_SAs with the same networks share one route, which lives until the last is gone."""

from lab.standing import S1_LAN, Standing
from lab.waiting import wait_until


def scenario(lab):
    standing = Standing(lab, s1_children=("net", "twin"))
    standing.bring_up_s1()
    mark = standing.monitor.mark()
    standing.s1.initiate("twin")
    wait_until("the hub has two CHILD_SAs", lambda: len(standing.hub.child_ids()) == 2)
    standing.s1.terminate_child("net")
    wait_until("the hub has one CHILD_SA", lambda: len(standing.hub.child_ids()) == 1)
    standing.assert_untouched(mark)
    standing.s1.terminate_child("twin")
    lab.wait_no_route(S1_LAN)
