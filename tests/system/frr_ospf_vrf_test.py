"""IPv4 and IPv6 proxies of a VRF go upstream by OSPFv2 and OSPFv3 with their tag, from `rri render frr`: with `route frr`, then
with `route kernel`, changed while rrid runs."""

import signal

from lab.frr import IN_FRR_GROUP, Frr
from lab.red import HEAD, MAKE_RED, S1_LAN6
from lab.standing import S1_LAN, Standing
from lab.waiting import wait_until

MODE = "kernel"
NEEDS_DEVICE = "vrf"
CONFIGURATION = HEAD + """\
 set reverse-route tag 42
crypto map VPN 10 ipsec-isakmp dynamic SPOKES
interface GigabitEthernet0/0/0
 linux device h-in
 vrf forwarding RED
 ip address 10.0.0.1 255.255.255.0
 ipv6 address FD00::1/64
 ip ospf 1 area 3
interface GigabitEthernet0/0/1
 linux device h-out
 ip address 203.0.113.1 255.255.255.252
 ipv6 address 2001:DB8::1/64
 crypto map VPN
router ospf 1 vrf RED
 router-id 10.0.0.1
end
"""
FAST = ("ip ospf network point-to-point", "ip ospf hello-interval 1", "ip ospf dead-interval 4",
        "ipv6 ospf6 network point-to-point", "ipv6 ospf6 hello-interval 1", "ipv6 ospf6 dead-interval 4")
UPSTREAM = """\
interface eth0
 ip ospf area 3
 ipv6 ospf6 area 0
router ospf
 ospf router-id 10.0.0.10
router ospf6
 ospf6 router-id 10.0.0.10
"""


def assert_upstream(upstream, source):
    """Both external routes are there, with the tag."""
    for show, prefix in (("show ip ospf route", S1_LAN), ("show ipv6 ospf6 route", S1_LAN6)):
        wait_until(f"{prefix} of `route {source}` is upstream ({show})", lambda: prefix in upstream.vtysh(show), 60)
    for show, prefix in (("show ip route", S1_LAN), ("show ipv6 route", S1_LAN6)):
        wait_until(f"{prefix} has its tag upstream", lambda: "Tag 42" in upstream.vtysh(f"{show} {prefix}").replace("tag", "Tag"), 20)


def scenario(lab):
    lab.ip_batch("hub", MAKE_RED)
    lab.ip_batch("inside", "route del default\nroute del default via fd00::1\n")
    lab.ip_batch("s1", "route add fd00::/64 dev out\n")  # into the tunnel
    hub = Frr(lab, "hub", {"staticd": "", "ospfd": "", "ospf6d": ""}).start()
    upstream = Frr(lab, "inside", {"ospfd": "", "ospf6d": ""}).start()
    standing = Standing(lab, text=CONFIGURATION.format(directory=hub.directory), rrid_argv=IN_FRR_GROUP, s1_lans=f"{S1_LAN},{S1_LAN6}")
    rrid = standing.rrid
    for frr, interface, text in ((hub, "h-in", rrid.render("frr")), (upstream, "eth0", UPSTREAM)):
        frr.configure(f"interface {interface}", *FAST)
        frr.load(text)
    assert "h-out" not in hub.vtysh("show running-config"), "OSPF speaks outside"
    standing.s1.initiate()
    assert_upstream(upstream, "frr")
    lab.wait_ping("inside", "fd01::1", 30)

    text = CONFIGURATION.format(directory=hub.directory).format(vici=standing.hub.socket)
    rrid.write_configuration(text.replace(f" route frr directory {hub.directory}\n", ""))
    rrid.process.signal(signal.SIGHUP)
    for family, prefix in ((4, S1_LAN), (6, S1_LAN6)):
        wait_until(f"{prefix} is the kernel's", lambda: [r for r in lab.routes("hub", "proto", "213", "table", "100", family=family) if r["dst"] == prefix], 20)
    hub.configure("router ospf vrf RED", "no redistribute static", "exit", "router ospf6 vrf RED", "no redistribute static", "exit",
                  "no route-map RRI-RED", "no route-map RRI6-RED")
    hub.load(rrid.render("frr"))
    assert_upstream(upstream, "kernel")
    lab.wait_ping("inside", "fd01::1", 30)
