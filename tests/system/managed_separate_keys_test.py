"""An IKEv2 peer with a local and a remote key, known by its address or its name, next to IKEv1 peers with theirs and with one for everybody:
all come up, whoever calls, also the one with the next address."""

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
# Its remote key is owned by this address and the next one, where s1 is.
NEIGHBOUR = """\
crypto ikev2 keyring K2
 peer N
  address 198.51.100.1
  pre-shared-key local mine
  pre-shared-key remote its
crypto ikev2 profile P2
 match identity remote address 198.51.100.1 255.255.255.255
 authentication local pre-share
 authentication remote pre-share
 keyring local K2
""" + entry(30, "198.51.100.1", HUB_LAN, "10.3.0.0 0.0.255.255", " set ikev2-profile P2\n")


def is_up(end, connection):
    return any(name == connection for name, _ in end.charon.tunnels())


def key_for_everybody_changes(hub, s1, spoke):
    """Of two patterns charon takes the one that was loaded last."""
    before = hub.charon.spis()
    hub.change((DYNAMIC + NEIGHBOUR).replace("alpha", "beta"))
    wait_until("the key is loaded", lambda: hub.rrid.show("show running-config").count("beta") == 1)
    s1.change(spoke.replace("alpha", "beta"))
    s1.rrid.show("clear crypto session")
    wait_until("s1 comes by the new key", lambda: is_up(hub, "rri-mymap-100-any_10") and not before <= hub.charon.spis(), 40)


def peer_is_known_by_its_name(hub, s2):
    name = "spoke2.example.com"
    hub.change((DYNAMIC + NEIGHBOUR).replace("alpha", "beta").replace("remote address 192.0.2.2 255.255.255.255", f"remote fqdn {name}"))
    s2.change(s2.crypto.replace(" keyring local K\n", f" keyring local K\n identity local fqdn {name}\n"))
    s2.rrid.show("clear crypto session")  # SAs outlive their settings
    wait_until("s2 is back by its name", lambda: is_up(hub, "rri-mymap-20-192_0_2_2") and name in hub.charon.swanctl("--list-sas").stdout, 40)


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
    hub.change(DYNAMIC + NEIGHBOUR)
    hub.wait_connections(["rri-mymap-20-192_0_2_2", "rri-mymap-30-198_51_100_1", "rri-mymap-100-any_10"])
    wait_until("s1 comes by the key for everybody", lambda: is_up(hub, "rri-mymap-100-any_10"), 40)
    wait_until("s2 is there beside it", lambda: is_up(hub, "rri-mymap-20-192_0_2_2"), 40)
    key_for_everybody_changes(hub, s1, spoke)
    peer_is_known_by_its_name(hub, s2)
    assert "MAC mismatched" not in hub.charon.log() + s2.charon.log()
