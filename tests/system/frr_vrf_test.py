"""`route frr` into a VRF, IPv4 and IPv6: the upstream router learns both by BGP with the tag as a community, from `rri render frr`.

The operator's own static route in the VRF is never touched; a VRF device that goes and comes takes
nobody along; `write memory` is noticed, and `rri flush` leaves FRR as it was.
"""

import os

from lab.daemon import PROGRAMS
from lab.frr import IN_FRR_GROUP, Frr, wait_kernel_route
from lab.processes import run
from lab.red import HEAD, MAKE_RED, S1_LAN6
from lab.standing import S1_HOST, S1_LAN, Standing
from lab.waiting import wait_until

MODE = "kernel"
NEEDS_DEVICE = "vrf"
CONFIGURATION = HEAD + """\
 set reverse-route tag 42
 set reverse-route distance 20
crypto map VPN 10 ipsec-isakmp dynamic SPOKES
interface GigabitEthernet0/0/0
 linux device h-in
 vrf forwarding RED
 ip address 10.0.0.1 255.255.255.0
 ipv6 address FD00::1/64
interface GigabitEthernet0/0/1
 linux device h-out
 ip address 203.0.113.1 255.255.255.252
 crypto map VPN
router bgp 65001
 bgp router-id 10.0.0.1
 address-family ipv4 vrf RED
  redistribute static
  neighbor 10.0.0.10 remote-as 65010
  neighbor 10.0.0.10 activate
 exit-address-family
 address-family ipv6 vrf RED
  neighbor FD00::10 remote-as 65010
  neighbor FD00::10 activate
 exit-address-family
end
"""
UPSTREAM = """\
router bgp 65010
 bgp router-id 10.0.0.10
 no bgp ebgp-requires-policy
 neighbor 10.0.0.1 remote-as 65001
 neighbor fd00::1 remote-as 65001
 address-family ipv6 unicast
  neighbor fd00::1 activate
 exit-address-family
"""
THEIRS = "ip route 10.99.0.0/16 10.0.0.10"


def statics(hub):
    """The static routes in FRR's configuration of the VRF."""
    lines = hub.vtysh("show running-config").splitlines()
    return sorted(line.strip() for line in lines if line.startswith((" ip route ", " ipv6 route ")))


def scenario(lab):
    lab.ip_batch("hub", MAKE_RED)
    lab.ip_batch("inside", "route del default\nroute del default via fd00::1\n")
    lab.ip_batch("s1", "route add fd00::/64 dev out\n")  # into the tunnel
    hub = Frr(lab, "hub", {"staticd": f"vrf RED\n {THEIRS}\nexit-vrf\n", "bgpd": ""}).start()
    upstream = Frr(lab, "inside", {"bgpd": UPSTREAM}).start()
    standing = Standing(lab, text=CONFIGURATION.format(directory=hub.directory), rrid_argv=IN_FRR_GROUP, s1_lans=f"{S1_LAN},{S1_LAN6}")
    rrid = standing.rrid
    hub.load(rrid.render("frr"))
    standing.s1.initiate()
    for prefix in (S1_LAN, S1_LAN6):
        row = rrid.wait_state(prefix, "active")
        assert (row["vrf"], row["distance"], row["tag"]) == ("RED", 20, 42), row
    ours = ["ip route 10.1.0.0/16 198.51.100.2 h-out tag 42 20 nexthop-vrf default onlink",
            "ipv6 route fd01::/64 h-out tag 42 20 nexthop-vrf default"]
    wait_until("FRR has both, and the operator's", lambda: statics(hub) == sorted([THEIRS, *ours]))

    # Upstream, by BGP, in both families.
    wait_kernel_route(lab, "inside", S1_LAN, seconds=60)
    wait_until("the upstream router has the IPv6 route", lambda: [r for r in lab.routes("inside", family=6) if r["dst"] == S1_LAN6], 30)
    assert "65001:42" in upstream.vtysh(f"show bgp ipv4 unicast {S1_LAN}"), upstream.vtysh(f"show bgp ipv4 unicast {S1_LAN}")
    assert "65001:42" in upstream.vtysh(f"show bgp ipv6 unicast {S1_LAN6}")
    assert "10.99.0.0/16" not in upstream.routes(), "the operator's route left"
    lab.wait_ping("inside", S1_HOST, 30)
    lab.wait_ping("inside", "fd01::1", 30)

    # Saved by the operator: told; another run finds its own again and changes nothing.
    hub.vtysh("write memory")
    before = statics(hub)
    rrid.kill9()
    hub.restart("staticd")
    hub.read_saved()
    rrid.start()
    rrid.wait_state(S1_LAN, "active")
    wait_until("FRR-SAVED is told", lambda: "FRR-SAVED" in rrid.show("show rri"))
    assert statics(hub) == before, statics(hub)

    # The VRF device goes and comes back.
    lab.ip("hub", "link", "del", "RED")
    rrid.wait_state(S1_LAN, "pending")
    lab.ip_batch("hub", MAKE_RED)
    rrid.wait_state(S1_LAN, "active", 30)
    wait_until("FRR has both again", lambda: statics(hub) == sorted([THEIRS, *ours]), 30)

    rrid.stop()
    done = run(lab.inside_of("hub", os.path.join(PROGRAMS, "rri"), "--socket", rrid.socket, "flush", "--state-dir", rrid.state_directory),
               check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    wait_until("only the operator's is left", lambda: statics(hub) == [THEIRS])
