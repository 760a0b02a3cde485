"""A link that goes down takes the route along; it comes back with the link, without an SA event."""

from lab.standing import S1_HOST, S1_LAN, Standing
from lab.topology import UNDERLAY
from lab.waiting import wait_until


def scenario(lab):
    standing = Standing(lab)
    standing.bring_up_s1()
    children = standing.hub.child_ids()

    lab.ip("hub", "link", "set", "h-out", "down")
    lab.wait_no_route(S1_LAN)
    assert standing.rrid.wait_state(S1_LAN, "pending")["reason"], "pending without a reason"
    lab.ip("hub", "link", "set", "h-out", "up")
    lab.ip_batch("hub", UNDERLAY)  # the kernel forgot these with the link
    lab.wait_route(S1_LAN)

    # No carrier counts as down, although the kernel keeps the routes.
    lab.ip("isp", "link", "set", "i-hub", "down")
    lab.wait_no_route(S1_LAN)
    lab.ip("isp", "link", "set", "i-hub", "up")
    lab.wait_route(S1_LAN)
    assert standing.hub.child_ids() == children, "the SA did not stay up; this proves nothing"
    wait_until("the hub's routes lead to the spoke again",
               lambda: lab.can_ping("hub", "198.51.100.2"))
    lab.wait_ping("inside", S1_HOST)
