"""A reauthentication that breaks before it makes is bridged by the hold-down: no route operation."""

from lab.standing import S1_HOST, Standing
from lab.waiting import wait_until

MAKE_BEFORE_BREAK = False


def scenario(lab, make_before_break=MAKE_BEFORE_BREAK):
    standing = Standing(lab, make_before_break=make_before_break, hold_down=4)
    standing.bring_up_s1()
    mark = standing.monitor.mark()
    before = standing.hub.ike_ids()
    standing.s1.reauthenticate()
    wait_until("a new IKE SA stands in place of the old one",
               lambda: standing.hub.ike_ids() and not standing.hub.ike_ids() & before)
    wait_until("its child is there", standing.hub.child_ids)
    standing.assert_untouched(mark)
    lab.wait_ping("inside", S1_HOST)
