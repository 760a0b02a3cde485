"""Rekeys of the child and of the IKE SA, started by either side, send no route operation."""

from lab.standing import S1_HOST, Standing
from lab.waiting import wait_until


def rekey(read_ids, start):
    """Runs `start` and waits until the SA has another id."""
    before = read_ids()
    assert before, "no SA to rekey"
    start()
    wait_until("the rekey is done", lambda: read_ids() and not read_ids() & before)


def scenario(lab):
    standing = Standing(lab)
    standing.bring_up_s1()
    mark = standing.monitor.mark()
    hub, s1 = standing.hub, standing.s1
    rekey(hub.child_ids, s1.rekey_child)
    rekey(hub.child_ids, hub.rekey_child)
    rekey(hub.ike_ids, s1.rekey_ike)
    rekey(hub.ike_ids, lambda: hub.rekey_ike("spokes"))
    standing.assert_untouched(mark)
    lab.wait_ping("inside", S1_HOST)
