"""FRR's own parser takes what `rri render frr` prints, for every example, and from a running rrid too."""

import glob
import os

from lab.daemon import PROGRAMS, ROOT, Rrid
from lab.processes import run
from lab.topology import Skip

RICH = """\
hostname PE
!
vrf definition RED
 address-family ipv4
!
vrf definition BLUE
 address-family ipv4
 address-family ipv6
!
rri
 route frr
!
crypto isakmp profile CUSTOMER
 vrf RED
 match identity address 0.0.0.0
!
ip access-list extended NETS
 permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255
 permit ip any host 10.200.0.1
!
ipv6 access-list NETS6
 permit ipv6 any 2001:DB8:1::/48
!
crypto dynamic-map OPEN 10
 set transform-set ESP
 reverse-route remote-peer
 set reverse-route tag 300
!
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.2
 set isakmp-profile CUSTOMER
 match address NETS
 reverse-route remote-peer
 set reverse-route tag 100
crypto map VPN 20 ipsec-isakmp
 set peer 2001:DB8::2
 match address NETS6
 reverse-route
crypto map VPN 30 ipsec-isakmp dynamic OPEN
!
interface GigabitEthernet0/0/0
 linux device h-in
 vrf forwarding RED
 ip address 10.0.0.1 255.255.255.0
!
interface GigabitEthernet0/0/1
 linux device h-out
 ip address 203.0.113.1 255.255.255.252
 crypto map VPN
!
interface GigabitEthernet0/0/2
 linux device h-cust
 ip address 10.4.0.1 255.255.255.0
 ipv6 address 2001:DB8:4::1/64
!
router bgp 65001
 bgp router-id 10.4.0.1
 neighbor 10.4.0.9 remote-as 65002
!
ip route 172.16.0.0 255.240.0.0 10.4.0.9 tag 100
ip route vrf RED 10.0.0.0 255.192.0.0 Null0 250
ipv6 route 2001:DB8:1::/48 Null0 250
end
"""


def render(*words):
    done = run([os.path.join(PROGRAMS, "rri"), *words], check=False)
    assert done.returncode == 0, f"rri {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def assert_accepted(lab, name, text):
    path = lab.path("frr.conf")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    done = run(["vtysh", "-C", "-f", path], check=False)
    assert done.returncode == 0 and "Unknown" not in done.stdout + done.stderr, \
        f"{name}: {done.stdout}{done.stderr}\n{text}"


def scenario(lab):
    if run(["sh", "-c", "command -v vtysh"], check=False).returncode != 0:
        raise Skip("FRR's vtysh is not installed")
    examples = sorted(glob.glob(os.path.join(ROOT, "examples", "*", "startup-config")))
    assert examples
    for path in examples:
        if "reverse-route" in open(path, encoding="utf-8").read():
            assert_accepted(lab, path, render("render", "frr", path))
    for name in ("vrf_bgp.cfg", "ipv6_only.cfg"):
        assert_accepted(lab, name, render("render", "frr", os.path.join(ROOT, "tests", "data", "config", name)))
    rich = lab.path("rich")
    with open(rich, "w", encoding="utf-8") as out:
        out.write(RICH)
    assert_accepted(lab, "the rich one", render("render", "frr", rich))
    # The check itself can fail.
    broken = run(["sh", "-c", f"echo 'redistribute nonsense' > {lab.path('broken')} && vtysh -C -f {lab.path('broken')}"],
                 check=False)
    assert broken.returncode != 0 or "Unknown" in broken.stdout + broken.stderr

    # Asked of rrid, the same text comes out.
    kernel = RICH.replace(" route frr\n", " ike strongswan socket /nonexistent/vici observe\n")
    with open(rich, "w", encoding="utf-8") as out:
        out.write(kernel)
    rrid = Rrid(lab, kernel)
    rrid.start()
    from_daemon = render("--socket", rrid.socket, "render", "frr")
    assert from_daemon == render("render", "frr", rich), from_daemon
    assert_accepted(lab, "rrid's", from_daemon)
