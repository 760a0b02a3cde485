"""Kernel ESP: static maps hold traps, traffic of the spoke brings the tunnel up, RRI makes the way back, also after the peer ended
the child; nothing is left after
`no crypto map`, nor after `rri flush`."""

from lab.standing import S1_HOST, S1_LAN, End
from lab.waiting import wait_until
from lab.wire import Wire

MODE = "kernel"
CRYPTO = """\
crypto ikev2 proposal P
 encryption aes-cbc-256
 integrity sha256
 group 19
crypto ikev2 policy P
 proposal P
crypto ikev2 keyring K
 peer other
  address {peer}
  pre-shared-key cisco123
crypto ikev2 profile P
 match identity remote address {peer} 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local K
!
crypto ipsec transform-set strong esp-gcm 256
!
access-list 102 permit ip {acl}
!
crypto map mymap 1 ipsec-isakmp
 set peer {peer}
 set transform-set strong
 set ikev2-profile P
 match address 102
 reverse-route
!
"""


def peer_ends_the_child(lab, hub, spoke):
    """As on IOS nobody calls again: the trap is there, the next packet brings the tunnel up, and none leaves in clear."""
    lab.ip_batch("hub", "route add default via 203.0.113.2\n")
    wire = Wire(lab)
    spoke.charon.terminate_child("rri-mymap-1-10_1_0_0_16_to_10_0_0_0_24")
    wait_until("the child is gone", lambda: not hub.charon.tunnels(), 30)
    lab.wait_no_route(S1_LAN)
    assert not hub.charon.tunnels(), "called again without traffic"
    assert "rri-mymap-1-10_0_0_0_24_to_10_1_0_0_16" in hub.charon.swanctl("--list-pols", "--trap").stdout, "the trap is gone"
    lab.wait_ping("inside", S1_HOST, 60)
    lab.wait_route(S1_LAN, 30)
    assert not wire.clear_text(S1_HOST), wire.clear_text(S1_HOST)


def scenario(lab):
    hub = End(lab, "hub", CRYPTO.format(peer="198.51.100.2", acl="10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255")).start()
    spoke = End(lab, "s1", CRYPTO.format(peer="203.0.113.1", acl="10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255")).start()
    hub.wait_connections(["rri-mymap-1-198_51_100_2"], 30)
    spoke.wait_connections(["rri-mymap-1-203_0_113_1"], 30)
    wait_until("the spoke has its trap", lambda: "10.0.0.0/24" in lab.ip("s1", "xfrm", "policy"), 30)
    assert not hub.charon.tunnels(), "a tunnel without traffic"

    def answers():
        return lab.execute("s1", "ping", "-n", "-q", "-c", "1", "-W", "2", "-I", "10.1.0.1", "10.0.0.10", check=False).returncode == 0
    wait_until("the spoke's traffic brings the tunnel up", answers, 60)
    route = lab.wait_route(S1_LAN, 30)
    assert route["gateway"] == "198.51.100.2" and "onlink" in route["flags"], route

    peer_ends_the_child(lab, hub, spoke)

    hub.change(map_line="no shutdown")
    spoke.rrid.stop()
    assert "10.1.0.0/16" in lab.ip("s1", "xfrm", "policy"), "`on-exit keep` took traps or block policies along"
    spoke.flush()
    for end in (hub, spoke):
        end.wait_nothing(40)
        wait_until(f"no policy is left on {end.host}", lambda end=end: "10.1.0.0/16" not in lab.ip(end.host, "xfrm", "policy"), 30)
    lab.wait_no_route(S1_LAN)
