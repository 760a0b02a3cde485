"""An isakmp profile with `vrf red` puts the routes into that VRF's table, and traffic of the VRF flows through the tunnel."""

from lab.standing import S1_HOST, S1_LAN, Standing
from lab.waiting import wait_until

MODE = "kernel"
NEEDS_DEVICE = "vrf"
TABLE = "100"
VRF = f"""\
link add red type vrf table {TABLE}
link set red up
link set h-in master red
route add unreachable default metric 4278198272 table {TABLE}
route add 10.0.0.0/24 dev h-in
"""
CONFIGURATION = """\
vrf definition red
 address-family ipv4
!
crypto isakmp profile CUSTOMER
 vrf red
 match identity address 0.0.0.0
!
interface GigabitEthernet0/0/0
 vrf forwarding red
"""


def routes_in_vrf(lab):
    return [route for route in lab.routes("hub", "table", TABLE, "proto", "213") if route["dst"] == S1_LAN]


def scenario(lab):
    lab.ip_batch("hub", VRF)
    standing = Standing(lab, dynamic_lines=["set isakmp-profile CUSTOMER"], more=CONFIGURATION)
    standing.s1.initiate()
    route = wait_until("our route is in the VRF's table", lambda: routes_in_vrf(lab))[0]
    standing.assert_form(route)
    assert not lab.our_routes(), "a route in the main table"
    assert standing.rrid.wait_state(S1_LAN, "active")["vrf"] == "red"
    lab.wait_ping("inside", S1_HOST, 30)
    standing.s1.terminate()
    wait_until("our route is gone", lambda: not routes_in_vrf(lab))
