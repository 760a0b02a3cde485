"""Two peers: one that does not answer is given up for the next, and the route goes where the tunnel is."""

from lab.standing import End
from lab.waiting import wait_until

HUB = """\
crypto isakmp policy 10
 encryption aes
 hash sha256
 authentication pre-share
 group 19
crypto isakmp key cisco123 address 0.0.0.0 0.0.0.0
crypto ipsec transform-set T esp-aes esp-sha256-hmac
ip access-list extended NETS
 permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255
crypto dynamic-map DYN 10
 set transform-set T
 match address NETS
 reverse-route
crypto map mymap 100 ipsec-isakmp dynamic DYN
"""
SPOKE = """\
crypto isakmp policy 10
 encryption aes
 hash sha256
 authentication pre-share
 group 19
crypto isakmp key cisco123 address 203.0.113.0 255.255.255.0
crypto isakmp keepalive 10 2
crypto ipsec transform-set T esp-aes esp-sha256-hmac
access-list 101 permit ip 10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255
crypto map mymap 1 ipsec-isakmp
 set peer 192.0.2.77
 set peer 203.0.113.1
 set transform-set T
 match address 101
 reverse-route
"""


def scenario(lab):
    hub = End(lab, "hub", HUB).start()
    hub.wait_connections(["rri-mymap-100-any_10"])
    spoke = End(lab, "s1", SPOKE.replace("crypto isakmp keepalive", "crypto isakmp key cisco123 address 192.0.2.77\n"
                                         "crypto isakmp keepalive")).start()
    spoke.wait_connections(["rri-mymap-1-192_0_2_77", "rri-mymap-1-203_0_113_1"])
    wait_until("the second peer has the tunnel",
               lambda: ("rri-mymap-1-203_0_113_1", "rri-mymap-1-line10") in spoke.charon.tunnels(), 60)
    lab.wait_route("10.1.0.0/16")
    lab.wait_ping("inside", "10.1.0.1")
    row = hub.rrid.wait_state("10.1.0.0/16", "active")
    assert (row["map"], row["seq"]) == ("mymap", 100), row
    assert "peer 2 of 2 is current" in spoke.rrid.log(), "nothing says that the peer changed"
