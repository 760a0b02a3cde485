"""A hub without `set pfs`: it asks for no key exchange and takes the group that a spoke asks for, IKEv1 and IKEv2, new and rekeyed."""

import re

from lab.standing import End
from lab.waiting import wait_until

POLICY = """\
crypto isakmp policy 10
 encryption aes
 authentication pre-share
 group 19
crypto isakmp key secret address 0.0.0.0 0.0.0.0
crypto ikev2 keyring K
 peer ALL
  address 0.0.0.0 0.0.0.0
  pre-shared-key secret
crypto ikev2 profile P
 match identity remote any
 authentication local pre-share
 authentication remote pre-share
 keyring local K
crypto ipsec transform-set T esp-aes esp-sha256-hmac
"""


def entry(number, peer, source, destination, *more):
    return "\n".join([f"access-list {number + 100} permit ip {source} {destination}", f"crypto map mymap {number} ipsec-isakmp", f" set peer {peer}",
                      " set transform-set T", f" match address {number + 100}", " reverse-route", *more, ""])


HUB_LAN, S1, S2 = "10.0.0.0 0.0.0.255", "10.1.0.0 0.0.255.255", "10.2.0.0 0.0.255.255"
IKEV2 = " set ikev2-profile P"
TO_S1 = "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16"
TO_S2 = "rri-mymap-20-10_0_0_0_24_to_10_2_0_0_16"


def suites(end):
    """{child: suite} of the tunnels that are up."""
    return dict(re.findall(r"^  (\S+): #\d+, reqid \d+, INSTALLED, \S+, (\S+)", end.charon.swanctl("--list-sas").stdout, re.M))


def wait_suites(hub, s1, s2, seconds=40):
    def are():
        found = suites(hub)
        return found.get(TO_S1, "").endswith(s1) and found.get(TO_S2, "").endswith(s2)
    wait_until(f"tunnels with {s1} and {s2}", are, seconds)


def rekey(end, child):
    before = end.charon.spis()
    end.charon.rekey_child(child)
    wait_until(f"{end.host} has new keys", lambda: end.charon.spis() - before, 20)


def scenario(lab):
    hub = End(lab, "hub", POLICY + entry(10, "198.51.100.2", HUB_LAN, S1) + entry(20, "192.0.2.2", HUB_LAN, S2, IKEV2)).start()
    s1 = End(lab, "s1", POLICY + entry(1, "203.0.113.1", S1, HUB_LAN)).start()
    s2 = End(lab, "s2", POLICY + entry(1, "203.0.113.1", S2, HUB_LAN, IKEV2)).start()
    plain = "HMAC_SHA2_256_128"
    wait_suites(hub, plain, plain)
    for child in (TO_S1, TO_S2):
        rekey(hub, child)
    rekey(s1, "rri-mymap-1-10_1_0_0_16_to_10_0_0_0_24")
    rekey(s2, "rri-mymap-1-10_2_0_0_16_to_10_0_0_0_24")
    wait_suites(hub, plain, plain)
    s1.change(POLICY + entry(1, "203.0.113.1", S1, HUB_LAN, " set pfs group14"))
    s2.change(POLICY + entry(1, "203.0.113.1", S2, HUB_LAN, IKEV2, " set pfs group20"))
    for end in (s1, s2):
        wait_until(f"{end.host} asks for a group", lambda end=end: "load connection" in end.rrid.log().split("reread")[-1], 15)
        end.rrid.show("clear crypto session")
    wait_suites(hub, "/MODP_2048", plain)  # the first CHILD_SA of IKEv2 has the keys of the IKE_SA
    rekey(s2, "rri-mymap-1-10_2_0_0_16_to_10_0_0_0_24")
    wait_suites(hub, "/MODP_2048", "/ECP_384")
    rekey(s1, "rri-mymap-1-10_1_0_0_16_to_10_0_0_0_24")
    wait_suites(hub, "/MODP_2048", "/ECP_384")
    lab.wait_ping("inside", "10.1.0.1")
