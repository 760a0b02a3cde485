"""The hub's tunnel to s1 goes through a tunnel interface: what a VTI and an XFRM interface have in common."""

import json

from .standing import S1_HOST, S1_LAN, Standing
from .waiting import wait_until

PROFILE = """\
crypto ipsec profile VTI
 set transform-set ESP
 reverse-route
 set reverse-route distance 5
{more}!
interface Tunnel11
 linux device {device}
 tunnel protection ipsec profile VTI
!
"""


def transmitted(lab, device):
    """Packets that left by this device of the hub."""
    link, = json.loads(lab.ip("hub", "-j", "-s", "link", "show", "dev", device))
    return link["stats64"]["tx"]["packets"]


def tunnel_scenario(lab, device, link, child_lines):
    """`link`: the words that make the device; `child_lines`: what ties charon's SAs to it."""
    lab.ip_batch("hub", f"link add {device} {link}\nlink set {device} up\n")
    profile = PROFILE.format(device=device, more="")
    standing = Standing(lab, hold_down=3, hub_child_lines=child_lines, more=profile)
    route = standing.bring_up_s1()
    assert route["dev"] == device and "gateway" not in route and route["metric"] == 5 << 24, route
    row, = standing.rrid.rows(S1_LAN)
    assert row["next_hop"] is None and row["map"] == "VTI" and row["device"] == device, row
    assert "ipsec profile VTI" in standing.rrid.show("show crypto route detail")
    before = transmitted(lab, device)
    lab.wait_ping("inside", S1_HOST, 30)
    assert transmitted(lab, device) > before, f"the ping did not go out of {device}"

    # A rekey and the other source of SAs see the same tunnel.
    mark = standing.monitor.mark()
    children = standing.hub.child_ids()
    standing.s1.rekey_child()
    wait_until("the rekey is done", lambda: not standing.hub.child_ids() & children)
    standing.reconfigure("kernel XFRM", hold_down=3, more=profile, ike="ike xfrm")
    standing.assert_untouched(mark)

    # `rri-dvti-disable` takes the route at once, and gives it back.
    standing.reconfigure("kernel XFRM", hold_down=3, ike="ike xfrm",
                         more=PROFILE.format(device=device, more=" rri-dvti-disable\n"))
    lab.wait_no_route(S1_LAN)
    standing.reconfigure("kernel XFRM", hold_down=3, more=profile, ike="ike xfrm")
    lab.wait_route(S1_LAN)
    standing.s1.terminate()
    lab.wait_no_route(S1_LAN)
