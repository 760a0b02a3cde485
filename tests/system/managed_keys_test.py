"""A peer's own key counts before a key for everybody, as on IOS: who has the latter only does not get in as that peer."""

from lab.standing import S1_LAN, S2_LAN, End
from lab.waiting import wait_until

POLICY = """\
crypto isakmp policy 10
 encryption aes
 hash sha256
 authentication pre-share
 group 19
crypto ipsec transform-set T esp-aes esp-sha256-hmac
"""
HUB = POLICY + """\
crypto isakmp key wild address 0.0.0.0 0.0.0.0
crypto isakmp key own address 198.51.100.2
access-list 101 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
crypto map mymap 1 ipsec-isakmp
 set peer 198.51.100.2
 set transform-set T
 match address 101
 reverse-route
crypto dynamic-map DYN 10
 set transform-set T
 reverse-route
crypto map mymap 100 ipsec-isakmp dynamic DYN
"""


def spoke(key, source):
    return POLICY + f"""\
crypto isakmp key {key} address 203.0.113.1
access-list 101 permit ip {source} 0.0.255.255 10.0.0.0 0.0.0.255
crypto map mymap 1 ipsec-isakmp
 set peer 203.0.113.1
 set transform-set T
 match address 101
 reverse-route
"""


def scenario(lab):
    hub = End(lab, "hub", HUB).start()
    hub.wait_connections(["rri-mymap-1-198_51_100_2", "rri-mymap-100-any_10"])
    End(lab, "s2", spoke("wild", "10.2.0.0")).start()
    lab.wait_route(S2_LAN, 30)
    s1 = End(lab, "s1", spoke("wild", "10.1.0.0")).start()
    wait_until("the hub cannot read what a peer with the wrong key says",
               lambda: "message parsing failed" in hub.charon.log() or "could not decrypt" in hub.charon.log(), 30)
    assert not lab.our_routes(S1_LAN), "the key for everybody let a peer in that has its own"
    s1.change(spoke("own", "10.1.0.0"))
    lab.wait_route(S1_LAN, 40)
    row = hub.rrid.wait_state(S1_LAN, "active")
    assert row["seq"] == 1, row
