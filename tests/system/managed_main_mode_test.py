"""IKEv1 peers of one dynamic map: one is known by its name and calls in aggressive mode, one by its address in main mode; both have their own keys."""

from lab.standing import S1_LAN, S2_LAN, End
from lab.waiting import wait_until
from managed_separate_keys_test import POLICY

HUB = POLICY + """\
crypto keyring BY-NAME
 pre-shared-key hostname b.example.com key alpha
crypto keyring BY-ADDRESS
 pre-shared-key address 192.0.2.2 key beta
crypto isakmp profile PA
 keyring BY-NAME
 match identity host b.example.com
crypto isakmp profile PB
 keyring BY-ADDRESS
 match identity address 192.0.2.2 255.255.255.255
ip access-list extended NETS
 permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255
crypto dynamic-map DYN 10
 set transform-set T
 set isakmp-profile PA
 match address NETS
 reverse-route
crypto dynamic-map DYN 20
 set transform-set T
 set isakmp-profile PB
 match address NETS
 reverse-route
crypto map mymap 100 ipsec-isakmp dynamic DYN
"""
SPOKE = POLICY + """\
crypto isakmp key {key} address 203.0.113.1
{more}access-list 101 permit ip {lan} 10.0.0.0 0.0.0.255
crypto map mymap 1 ipsec-isakmp
 set peer 203.0.113.1
 set transform-set T
{profile} match address 101
"""
BY_NAME = SPOKE.format(key="alpha", lan="10.1.0.0 0.0.255.255", profile=" set isakmp-profile P\n", more="""\
crypto isakmp profile P
 keyring default
 self-identity fqdn b.example.com
 match identity address 203.0.113.1 255.255.255.255
 initiate mode aggressive
""")
BY_ADDRESS = SPOKE.format(key="beta", lan="10.2.0.0 0.0.255.255", profile="", more="")


def scenario(lab):
    hub = End(lab, "hub", HUB).start()
    hub.wait_connections(["rri-mymap-100-any_10_aggressive", "rri-mymap-100-any_20"])
    End(lab, "s1", BY_NAME).start()
    s2 = End(lab, "s2", BY_ADDRESS).start()
    lab.wait_route(S1_LAN, 40)
    lab.wait_route(S2_LAN, 40)
    for _ in range(2):
        before = hub.charon.spis()
        s2.rrid.show("clear crypto session")
        wait_until("s2 is back", lambda before=before: len(hub.charon.spis()) >= 4 and hub.charon.spis() - before, 30)
    names = {name for name, _ in hub.charon.tunnels()}
    assert names == {"rri-mymap-100-any_10_aggressive", "rri-mymap-100-any_20"}, names
