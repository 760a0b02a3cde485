"""An IKEv2 peer with a local and a remote key, next to IKEv1 peers with theirs and with one for everybody: all come up, whoever calls."""

from lab.standing import S1_HOST, S1_LAN, S2_LAN, End
from lab.waiting import wait_until

POLICY = """\
crypto isakmp policy 10
 encryption aes
 hash sha256
 authentication pre-share
 group 19
crypto ipsec transform-set T esp-aes esp-sha256-hmac
"""


def ikev2(peer, local, remote):
    return POLICY + f"""\
crypto ikev2 keyring K
 peer A
  address {peer}
  pre-shared-key local {local}
  pre-shared-key remote {remote}
crypto ikev2 profile P
 match identity remote address {peer} 255.255.255.255
 authentication local pre-share
 authentication remote pre-share
 keyring local K
"""


def entry(number, peer, source, destination, more=""):
    return f"""\
access-list {number + 100} permit ip {source} {destination}
crypto map mymap {number} ipsec-isakmp
 set peer {peer}
 set transform-set T
{more} match address {number + 100}
 reverse-route
"""


HUB_LAN, S1, S2 = "10.0.0.0 0.0.0.255", "10.1.0.0 0.0.255.255", "10.2.0.0 0.0.255.255"
HUB_KEYS = ikev2("192.0.2.2", "ours", "theirs")
TO_S2 = entry(20, "192.0.2.2", HUB_LAN, S2, " set ikev2-profile P\n")
OWN = HUB_KEYS + "crypto isakmp key alpha address 198.51.100.2\n" + entry(10, "198.51.100.2", HUB_LAN, S1) + TO_S2
DYNAMIC = HUB_KEYS + TO_S2 + """\
crypto isakmp key alpha address 0.0.0.0 0.0.0.0
crypto dynamic-map DYN 10
 set transform-set T
 reverse-route
crypto map mymap 100 ipsec-isakmp dynamic DYN
"""


def scenario(lab):
    hub = End(lab, "hub", OWN).start()
    spoke = POLICY + "crypto isakmp key alpha address 203.0.113.1\n" + entry(1, "203.0.113.1", S1, HUB_LAN)
    s1 = End(lab, "s1", spoke).start()
    s2 = End(lab, "s2", ikev2("203.0.113.1", "theirs", "ours") + entry(1, "203.0.113.1", S2, HUB_LAN, " set ikev2-profile P\n")).start()
    for lan in (S1_LAN, S2_LAN):
        lab.wait_route(lan, 30)
    lab.wait_ping("inside", S1_HOST)
    for end in (s1, s2):
        before = hub.charon.spis()
        end.rrid.show("clear crypto session")
        wait_until(f"{end.host} is back", lambda before=before: len(hub.charon.spis()) >= 4 and hub.charon.spis() != before, 30)
    before = hub.charon.spis()
    hub.rrid.show("clear crypto session")
    wait_until("the hub calls both", lambda: len(hub.charon.spis()) >= 4 and not hub.charon.spis() & before, 30)
    hub.change(DYNAMIC)
    hub.wait_connections(["rri-mymap-20-192_0_2_2", "rri-mymap-100-any_10"])
    wait_until("s1 comes by the key for everybody", lambda: any(name == "rri-mymap-100-any_10" for name, _ in hub.charon.tunnels()), 40)
    assert any(name == "rri-mymap-20-192_0_2_2" for name, _ in hub.charon.tunnels())
    assert "MAC mismatched" not in hub.charon.log() + s2.charon.log()
