"""Two hubs side by side, as in the Cisco text, and what stands around them.

    inside --- up ===== lan ===== hub1 ===== wan ====== s1   LAN 10.0.0.0/16
    192.168.1.10   172.16.0.1     .2 | .2    192.168.0.1  10.1.1.1
                              `== hub2 ==^  `----- s2   LAN 10.8.0.0/16
                                  .3   .4          virtual address 192.168.0.3
                              (a third hub, .4 and .5, for those who want it)

`up` is the upstream router and the inside switch, `wan` the provider and the outside
switch. The hubs tell `up` by OSPF, all three with BIRD or all three with FRR, the hubs' from
`rri render`; keepalived comes from `rri render keepalived`. Lines of the configuration that
are not Cisco's are ours.
"""

import re
import time

from .bird import Bird
from .daemon import Rrid
from .frr import Frr
from .keepalived import Keepalived
from .strongswan import Charon
from .topology import Switch, hubs_between
from .waiting import wait_until

HUBS = ("hub1", "hub2")
THREE_HUBS = (*HUBS, "hub3")
VIRTUAL = "192.168.0.3"
OUTSIDE = {"hub1": "192.168.0.2", "hub2": "192.168.0.4", "hub3": "192.168.0.5"}
INSIDE = {"hub1": "172.16.0.2", "hub2": "172.16.0.3", "hub3": "172.16.0.4"}
# kernel-libipsec refuses a policy without an address of its own inside the local selector.
PROTECTED = {"hub1": "192.168.1.252", "hub2": "192.168.1.253", "hub3": "192.168.1.254"}
LAN = "10.0.0.0/16"
LAN_HOST = "10.0.0.1"

_HUB = """\
addr add {outside}/24 dev h-out
addr add {inside}/24 dev h-in
addr add {protected}/32 dev lo
link set h-out up
route add default via 192.168.0.1
"""
_SPOKE = """\
addr add 10.1.{number}.1/24 dev out
addr add {lan} dev lo
link set lo up
link set out up
route add default via 10.1.{number}.254
"""
TOPOLOGY = hubs_between(
    Switch("wan", "br0", "h-out", "addr add 192.168.0.1/24 dev br0\naddr add 10.1.1.254/24 dev i-s1\naddr add 10.1.2.254/24 dev i-s2\n"),
    Switch("up", "lan", "h-in", "link set u-in up\naddr add 172.16.0.1/24 dev lan\naddr add 192.168.1.1/24 dev u-in\n"),
    hubs={hub: _HUB.format(outside=OUTSIDE[hub], inside=INSIDE[hub], protected=PROTECTED[hub]) for hub in THREE_HUBS},
    spokes={"s1": _SPOKE.format(number=1, lan="10.0.0.1/16"), "s2": _SPOKE.format(number=2, lan="10.8.0.1/16")},
    others={"inside": "addr add 192.168.1.10/24 dev eth0\nlink set lo up\nlink set eth0 up\nroute add default via 192.168.1.1\n"},
    links="link add u-in netns {up} type veth peer name eth0 netns {inside}\n",
    routers=(*THREE_HUBS, "up"))

# The first example of the Cisco text, and around it what Linux and this pair need.
CONFIGURATION = """\
hostname {hub}
rri
 ike strongswan socket {vici} observe
 route form {form}
 hold-down 1
 redundancy keepalived fifo {fifo}
track 1 interface FastEthernet0/0/0 line-protocol
crypto map mymap 1 ipsec-isakmp
 set peer 10.1.1.1
 reverse-route{static}
 set transform-set esp-3des-sha
 match address 102
Interface FastEthernet 0/0/1
 linux device h-out
 ip address {outside} 255.255.255.0
 standby name group1
 standby ip 192.168.0.3
 standby timers msec 200 msec 600
 standby track 1 shutdown
 crypto map mymap redundancy group1
Interface FastEthernet 0/0/0
 linux device h-in
 ip address {inside} 255.255.255.0
access-list 102 permit ip 192.168.1.0 0.0.0.255 10.0.0.0 0.0.255.255
"""
IKE = """\
connections {{{{
  {name} {{{{
    version = 2
    local_addrs = {local}
    remote_addrs = {remote}
    {{proposals}}
    unique = replace
    mobike = no
    dpd_delay = 1s
    rekey_time = 0
    {keying}
    local {{{{
      auth = psk
      id = {local_id}
    }}}}
    remote {{{{
      auth = psk
      id = {remote_id}
    }}}}
    children {{{{
      net {{{{
        local_ts = {local_ts}
        remote_ts = {remote_ts}
        esp_proposals = {{esp}}
        rekey_time = 0
        {actions}
      }}}}
    }}}}
  }}}}
}}}}
{{secrets}}"""
UPSTREAM = """\
log syslog all;
router id 172.16.0.1;
protocol device { scan time 1; }
protocol direct { ipv4; interface "u-in"; }
protocol kernel { ipv4 { import none; export where source ~ [ RTS_OSPF, RTS_OSPF_EXT1, RTS_OSPF_EXT2 ]; }; }
protocol ospf v2 o4 {
  merge external yes;
  ipv4 { import all; export where source = RTS_DEVICE; };
  area 0 { interface "lan" { hello 1; dead 4; wait 4; }; };
}
"""
FAST_FRR = ("ip ospf hello-interval 1", "ip ospf dead-interval 4")
FRR_UPSTREAM = """\
interface lan
 ip ospf area 0
 ip ospf priority 255
interface u-in
 ip ospf area 0
 ip ospf passive
router ospf
 ospf router-id 172.16.0.1
"""
BGP = """\
router bgp 65001
 neighbor 172.16.0.1 remote-as 65000
"""
BGP_UPSTREAM = "router bgp 65000\n bgp router-id 172.16.0.1\n no bgp ebgp-requires-policy\n" + "".join(
    f" neighbor {INSIDE[hub]} remote-as 65001\n neighbor {INSIDE[hub]} timers 1 3\n neighbor {INSIDE[hub]} timers connect 1\n"
    f" neighbor {INSIDE[hub]} advertisement-interval 0\n" for hub in HUBS) + " address-family ipv4 unicast\n  network 192.168.1.0/24\n exit-address-family\n"
FAST_OSPF = ('interface "h-in" { };', 'interface "h-in" { hello 1; dead 4; wait 4; };')


class Hub:
    """One of the two: charon, rrid, keepalived, and BIRD or FRR (`routing`: bird, frr, bgp)."""

    def __init__(self, lab, name, static, routing):
        self.lab, self.name, self.routing = lab, name, routing
        self.charon = Charon(lab, name)
        self.charon.configure(IKE.format(name="spoke", local=VIRTUAL, remote="10.1.1.1", keying="", local_id="hub",
                                         remote_id="s1", local_ts="192.168.1.0/24", remote_ts=LAN, actions=""))
        form = "device ipsec0" if lab.mode == "libipsec" else "peer"
        text = CONFIGURATION + (BGP if routing == "bgp" else "")
        self.rrid = Rrid(lab, text.format(hub=name, vici=self.charon.socket, form=form, fifo=lab.path(f"{name}.fifo"),
                                                   static=" static" if static else "", outside=OUTSIDE[name],
                                                   inside=INSIDE[name]), host=name)
        self.keepalived = None

    def start(self):
        self.charon.start()
        self.rrid.start()
        self.keepalived = Keepalived(self.lab, self.name, self.rrid.render("keepalived", self.rrid.config_path)).start()
        configuration = self.rrid.render("bird" if self.routing == "bird" else "frr")
        if self.routing == "bgp":
            frr = Frr(self.lab, self.name, {"bgpd": ""}).start()
            frr.load(configuration)
            return frr.configure("router bgp 65001", "neighbor 172.16.0.1 timers 1 3", "neighbor 172.16.0.1 timers connect 1")
        if self.routing == "frr":
            frr = Frr(self.lab, self.name, {"ospfd": ""}).start()
            frr.configure("interface h-in", *FAST_FRR, "ip ospf priority 0")
            return frr.load(configuration)
        assert FAST_OSPF[0] in configuration, configuration
        return Bird(self.lab, self.name, configuration.replace(*FAST_OSPF)).start()

    def has_route(self):
        return bool(self.lab.our_routes(LAN, self.name))

    def has_virtual_address(self):
        return f"inet {VIRTUAL}/32" in self.lab.ip(self.name, "-4", "addr", "show", "dev", "h-out")

    def set_links(self, state, links=("h-out", "h-in")):
        for link in links:
            self.lab.ip(self.name, "link", "set", link, state)
        if state == "up" and "h-out" in links:
            self.lab.ip(self.name, "route", "replace", "default", "via", "192.168.0.1")


class Pair:
    """The hubs, the upstream router and the spoke; `follow` is what must hold after each blow."""

    def __init__(self, lab, static=False, routing="bird", hubs=HUBS):
        self.lab, self.routing = lab, routing
        self.hubs = {name: Hub(lab, name, static, routing) for name in hubs}
        self.up = {"bird": lambda: Bird(lab, "up", UPSTREAM), "frr": lambda: Frr(lab, "up", {"ospfd": ""}),
                   "bgp": lambda: Frr(lab, "up", {"bgpd": BGP_UPSTREAM})}[routing]()
        self.s1 = Charon(lab, "s1")
        self.s1.configure(IKE.format(name="hub", local="10.1.1.1", remote=VIRTUAL, keying="keyingtries = 0", local_id="s1",
                                     remote_id="hub", local_ts=LAN, remote_ts="192.168.1.0/24",
                                     actions="start_action = start\n        dpd_action = restart\n        close_action = start"))
        for charon in (*(hub.charon for hub in self.hubs.values()), self.s1):
            lab.reports.append((f"{charon.host}: charon", charon.log))
        self.monitors = {}
        for host in (*hubs, "up"):
            self.monitors[host] = lab.spawn(host, ["ip", "-ts", "monitor", "route", "address"], f"{host}-monitor.out")
            lab.reports.append((f"{host}: what changed", self.monitors[host].output))

    def start(self):
        self.up.start()
        if self.routing == "frr":
            self.up.configure("interface lan", *FAST_FRR)
            self.up.load(FRR_UPSTREAM)
        for hub in self.hubs.values():
            hub.start()
        self.s1.start()
        if self.routing != "bgp":
            self.up.wait_neighbours(2)  # with two others, the designated routers, every router is full
        return self

    def active(self):
        """The hubs that have the route."""
        return [name for name, hub in self.hubs.items() if hub.has_route()]

    def takes_over(self, after):
        """The one hub that has the route now, once it is another one than `after`."""
        return wait_until(f"another hub than {after} alone has the route",
                          lambda: self.active()[0] if len(self.active()) == 1 and self.active() != [after] else None, 30)

    def upstream(self):
        """The inside addresses that the upstream router sends the spoke's network to."""
        return [gateway for route in self.lab.routes("up", LAN)
                for gateway in ([route["gateway"]] if "gateway" in route else [hop["gateway"] for hop in route.get("nexthops", [])])]

    def follow(self, what, hub):
        """Waits until `hub`, and it alone, has the route, `up` follows, and a ping passes; prints how long it took."""
        begin = time.monotonic()
        wait_until(f"{hub} has the virtual address ({what})", self.hubs[hub].has_virtual_address, 20)
        moved = time.monotonic() - begin
        wait_until(f"{hub} alone has the route ({what})", lambda: self.active() == [hub], 30)
        injected = time.monotonic() - begin
        wait_until(f"the upstream router follows to {hub} ({what})", lambda: self.upstream() == [INSIDE[hub]], 20)
        followed = time.monotonic() - begin
        assert what == "start" or self.routing == "bird" or followed - injected < 6, f"upstream follows {followed - injected:.1f} s after the route"
        self.lab.wait_ping("inside", LAN_HOST)
        print(f"{what:<28} -> {hub}: address {moved:5.2f} s, route {injected:5.2f} s, upstream {followed:5.2f} s, "
              f"ping {time.monotonic() - begin:5.2f} s", flush=True)
        assert self.active() == [hub], f"after {what}: {self.active()}"

    def moments(self, host, pattern):
        """When lines with `pattern` came, in seconds of the day, oldest first."""
        found = re.findall(r"\[[\d-]+T(\d+):(\d+):([\d.]+)\] (.*)", self.monitors[host].output())
        return [int(h) * 3600 + int(m) * 60 + float(s) for h, m, s, text in found if re.search(pattern, text)]
