"""Two customers in VRFs of their own, with the same network behind their spokes: each VRF's traffic takes its own tunnel.

The VRF devices come and go at any time; `show ... vrf` tells them apart; what Cisco
forbids is refused with its reason.
"""

import os
import re
import signal

from lab.bird import Bird
from lab.daemon import PROGRAMS
from lab.guide import what_is_wrong
from lab.processes import run
from lab.standing import S1_HOST, S1_LAN, Standing
from lab.waiting import wait_until
from lab.wire import Wire

MODE = "kernel"
NEEDS_DEVICE = "vrf"
TABLES = {"RED": "100", "BLUE": "101"}
LOCALS = {"RED": "10.0.0.0/24", "BLUE": "10.50.0.0/24"}
PEERS = {"RED": "198.51.100.2", "BLUE": "192.0.2.2"}
MAKE_RED = """\
link add RED type vrf table 100
link set RED up
link set h-in master RED
route add unreachable default metric 4278198272 table 100
"""
MAKE_BLUE = """\
link add BLUE type vrf table 101
link set BLUE up
link set h-blue master BLUE
route add unreachable default metric 4278198272 table 101
"""
# What was decrypted arrives in the front-door VRF; the way inside is the operator's.
LEAK_RED = "route replace 10.0.0.0/24 dev h-in"
LEAK_BLUE = "route replace 10.50.0.0/24 dev h-blue"
CONFIGURATION = """\
hostname PE
!
vrf definition RED
 address-family ipv4
vrf definition BLUE
 address-family ipv4
!
rri
 ike strongswan socket {vici} observe
 hold-down 1
!
crypto isakmp profile CUSTOMER-RED
 vrf RED
 match identity host s1
crypto isakmp profile CUSTOMER-BLUE
 vrf BLUE
 match identity host s2
!
ip access-list extended NETS-RED
 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
ip access-list extended NETS-BLUE
 permit ip 10.50.0.0 0.0.0.255 10.1.0.0 0.0.255.255
!
crypto dynamic-map DYN-RED 10
 set isakmp-profile CUSTOMER-RED
 match address NETS-RED
 reverse-route
crypto dynamic-map DYN-BLUE 10
 set isakmp-profile CUSTOMER-BLUE
 match address NETS-BLUE
 reverse-route
crypto map VPN 10 ipsec-isakmp dynamic DYN-RED
crypto map VPN 20 ipsec-isakmp dynamic DYN-BLUE
!
interface GigabitEthernet0/0/0
 linux device h-in
 vrf forwarding RED
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/0/2
 linux device h-blue
 vrf forwarding BLUE
 ip address 10.50.0.1 255.255.255.0
interface GigabitEthernet0/0/1
 linux device h-out
 ip address 203.0.113.1 255.255.255.252
 crypto map VPN
end
"""


# The outside in a VRF of its own, the inside with it: IVRF and FVRF are the interface's.
FRONT_CONFIGURATION = """\
hostname PE
!
vrf definition FRONT
 address-family ipv4
!
rri
 ike strongswan socket {vici} observe
 hold-down 1
!
ip access-list extended NETS
 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
!
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.2
 match address NETS
 reverse-route static
!
interface GigabitEthernet0/0/0
 linux device h-in
 vrf forwarding FRONT
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/0/1
 linux device h-out
 vrf forwarding FRONT
 ip address 203.0.113.1 255.255.255.252
 crypto map VPN
end
"""
MAKE_FRONT = """\
link del RED
link add FRONT type vrf table 200
link set FRONT up
link set h-out master FRONT
link set h-in master FRONT
route add unreachable default metric 4278198272 table 200
"""


class Customers(Standing):
    """The usual hub and spokes, with a second inside network and one network behind both spokes."""

    def __init__(self, lab):
        run(["ip", "link", "add", "h-blue", "netns", lab.namespace("hub"), "type", "veth",
             "peer", "name", "eth1", "netns", lab.namespace("inside")])
        lab.ip_batch("hub", "addr add 10.50.0.1/24 dev h-blue\nlink set h-blue up\n")
        lab.ip_batch("inside", "addr add 10.50.0.10/24 dev eth1\nlink set eth1 up\n"
                               "route add default via 10.50.0.1 table 50\nrule add from 10.50.0.10 lookup 50\n")
        lab.ip_batch("s2", "addr add 10.1.0.1/16 dev lo\n")
        lab.ip_batch("hub", MAKE_RED + LEAK_RED + "\n")  # BLUE comes later
        super().__init__(lab, text=CONFIGURATION, hub_lans=LOCALS["RED"], s1_lans=S1_LAN)
        self.s2.configure_spoke(lans=S1_LAN, hub_lans=LOCALS["BLUE"])
        self.s2.swanctl("--load-all", "--noprompt")

    def routes(self, vrf):
        return [route for route in self.lab.routes("hub", "table", TABLES[vrf], "proto", "213") if route["dst"] == S1_LAN]

    def wait_route(self, vrf):
        found = wait_until(f"the route is in the table of {vrf}", lambda: self.routes(vrf), 20)
        assert [route["gateway"] for route in found] == [PEERS[vrf]], found
        assert found[0]["dev"] == "h-out", found

    def assert_reached(self, vrf, source):
        """The customer's own spoke answers, and the packets took its tunnel."""
        before = self.packets()
        wait_until(f"{source} reaches the spoke of {vrf}",
                   lambda: self.lab.execute("inside", "ping", "-n", "-q", "-c", "1", "-W", "1", "-I", source, S1_HOST,
                                            check=False).returncode == 0, 20)
        after = self.packets()
        other = next(name for name in PEERS if name != vrf)
        assert after[vrf] > before[vrf] and after[other] == before[other], f"{vrf}: {before} became {after}"

    def packets(self):
        """Packets that left in each customer's tunnel: what the outbound SAs counted."""
        counts = {}
        for vrf, peer in PEERS.items():
            text = self.lab.ip("hub", "-s", "xfrm", "state", "list", "src", "203.0.113.1", "dst", peer)
            counts[vrf] = sum(int(count) for count in re.findall(r"(\d+)\(packets\)", text))
        return counts


def doctor(customers):
    """What `rri doctor` finds wrong: check and cure."""
    return {(finding["check"], finding["cure"]) for finding in what_is_wrong(customers.lab, "hub", customers.rrid.socket)}


def assert_refused(lab, text, reason):
    """rrid --check names the line and the reason."""
    path = lab.path("refused")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text.format(vici="/run/charon.vici"))
    done = run([os.path.join(PROGRAMS, "rrid"), "--check", path], check=False)
    assert done.returncode == 1, f"{done.returncode}: {done.stdout}{done.stderr}"
    assert reason in done.stdout + done.stderr, done.stdout + done.stderr
    assert f"{path}:" in done.stdout + done.stderr, "not located"


def scenario(lab):
    customers = Customers(lab)
    rrid = customers.rrid

    # RED has its device; BLUE's is missing, and only BLUE waits for it.
    customers.s1.initiate()
    customers.s2.initiate()
    customers.wait_route("RED")
    customers.assert_reached("RED", "10.0.0.10")
    waiting = rrid.wait_state(S1_LAN, "pending")
    assert waiting["vrf"] == "BLUE" and "BLUE" in waiting["reason"], waiting
    assert "VRF-MISSING" in rrid.show("show rri"), rrid.show("show rri")

    # It comes, and both customers use one prefix, each in its own tunnel.
    lab.ip_batch("hub", MAKE_BLUE + LEAK_BLUE + "\n")
    customers.wait_route("BLUE")
    customers.assert_reached("BLUE", "10.50.0.10")
    customers.assert_reached("RED", "10.0.0.10")
    assert not lab.our_routes(), f"a route in the main table: {lab.our_routes()}"
    red, blue = rrid.show("show crypto route vrf RED"), rrid.show("show crypto route vrf BLUE")
    assert "via 198.51.100.2" in red and "192.0.2.2" not in red, red
    assert "via 192.0.2.2" in blue and "198.51.100.2" not in blue, blue
    assert "VRF-MISSING" not in rrid.show("show rri")

    assert "RED" in rrid.show("show vrf") and "BLUE" in rrid.show("show vrf"), rrid.show("show vrf")

    # BIRD, as rendered, finds the table of each VRF and keeps the customers apart.
    bird = Bird(lab, "hub", rrid.render("bird")).start()
    for vrf, peer in PEERS.items():
        shown = wait_until(f"BIRD has the route of {vrf}", lambda vrf=vrf: bird.routes_of(f"rri4_{vrf}", S1_LAN), 20)
        assert f"via {peer} on h-out" in shown, shown
    bird.process.stop()

    # The doctor sees the way inside that is missing, and a VRF device that is gone.
    wrong_before = doctor(customers)
    lab.ip("hub", "route", "del", "10.50.0.0/24", "dev", "h-blue")
    assert doctor(customers) - wrong_before == {("vrf-leak", "ip route add 10.50.0.0/24 dev BLUE table 254")}, doctor(customers)
    lab.ip_batch("hub", LEAK_BLUE + "\n")

    # A VRF device that goes takes its routes along, and nobody else's; it comes back with another table.
    lab.ip_batch("hub", "link del RED\n" + LEAK_RED + "\n")
    gone = rrid.wait_state(S1_LAN, "pending")
    assert gone["vrf"] == "RED", gone
    named = {check: cure for check, cure in doctor(customers) - wrong_before}
    assert "ip link add RED type vrf" in named["vrf-device"], named
    assert not lab.our_routes(), "the route of a lost VRF fell into the main table"
    customers.assert_reached("BLUE", "10.50.0.10")
    TABLES["RED"] = "102"
    lab.ip_batch("hub", MAKE_RED.replace("100", "102") + LEAK_RED + "\n")
    customers.wait_route("RED")
    customers.assert_reached("RED", "10.0.0.10")

    # What Cisco forbids, and what the kernel cannot tell apart.
    forbidden = CONFIGURATION.replace("interface GigabitEthernet0/0/1\n", "interface GigabitEthernet0/0/1\n vrf forwarding BLUE\n")
    assert_refused(lab, forbidden, "VRF")
    static = CONFIGURATION
    for number, name, peer in ((10, "RED", PEERS["RED"]), (20, "BLUE", PEERS["BLUE"])):
        static = static.replace(f"crypto map VPN {number} ipsec-isakmp dynamic DYN-{name}\n",
                                f"crypto map VPN {number} ipsec-isakmp\n set peer {peer}\n match address NETS-{name}\n"
                                f" set isakmp-profile CUSTOMER-{name}\n reverse-route\n")
    clash = static.replace("permit ip 10.50.0.0", "permit ip 10.0.0.0")
    assert_refused(lab, clash, "interface id the kernel cannot keep them apart")

    front_door(lab, customers)


def front_door(lab, customers):
    """The next hop is resolved in the front-door VRF, whatever the main table says; real traffic flows."""
    rrid = customers.rrid
    TABLES["FRONT"] = "200"
    rrid.stop()
    customers.s1.terminate()
    # The main table leads to the peer by a device of no use: h-blue is in another VRF.
    lab.ip_batch("hub", MAKE_FRONT + "route add 198.51.100.0/24 dev h-blue\n")
    rrid.write_configuration(FRONT_CONFIGURATION.format(vici=customers.hub.socket))
    rrid.start()
    waiting = rrid.wait_state(S1_LAN, "pending")
    assert waiting["vrf"] == "FRONT", waiting
    assert not customers.routes("FRONT"), customers.routes("FRONT")
    lab.ip_batch("hub", "route add 198.51.100.0/24 via 203.0.113.2 dev h-out table 200\n")
    rrid.wait_state(S1_LAN, "active")
    route = wait_until("the route is in the front-door VRF", lambda: customers.routes("FRONT"))[0]
    assert (route["dev"], route["gateway"]) == ("h-out", "198.51.100.2"), route
    assert not lab.our_routes(), lab.our_routes()

    # The interface is closed in its VRF too, although the provider would take everything.
    lab.write_sysctl("isp", "net/ipv4/conf/i-hub/proxy_arp", "1")
    wait_until("the access list is closed", lab.block_policies)
    wire = Wire(lab, sender="inside")

    def clear_text():
        lab.can_ping("inside", S1_HOST)
        lab.execute("hub", "ping", "-n", "-q", "-c", "1", "-W", "1", "-I", "FRONT", S1_HOST, check=False)
        return wire.clear_text(S1_HOST)
    assert not clear_text(), clear_text()
    for setting in ("off", "on"):
        rrid.write_configuration(FRONT_CONFIGURATION.format(vici=customers.hub.socket).replace("rri\n", f"rri\n fail-closed {setting}\n", 1))
        rrid.process.signal(signal.SIGHUP)
        wait_until("the policies are as configured", lambda setting=setting: bool(lab.block_policies()) == (setting == "on"))
        if setting == "off":
            wait_until("clear text is seen when nothing closes", clear_text)

    # charon knows no VRF: the main table has to lead out for its own packets.
    lab.write_sysctl("hub", "net/ipv4/udp_l3mdev_accept", "1")
    lab.ip_batch("hub", "route replace 198.51.100.0/24 via 203.0.113.2 dev h-out onlink\n")
    customers.s1.initiate()
    lab.wait_ping("inside", S1_HOST, 20)
    assert "10.1.0.0" in rrid.show("show ip route vrf FRONT"), rrid.show("show ip route vrf FRONT")

    # The front-door VRF goes and comes back, with another table.
    lab.ip("hub", "link", "del", "FRONT")
    rrid.wait_state(S1_LAN, "pending")
    assert not customers.routes("FRONT") and not lab.our_routes(), lab.our_routes()
    TABLES["FRONT"] = "201"
    lab.ip_batch("hub", MAKE_FRONT.replace("link del RED\n", "").replace("200", "201") +
                 "route add 198.51.100.0/24 via 203.0.113.2 dev h-out table 201\n")
    rrid.wait_state(S1_LAN, "active")
    wait_until("the route is in the new table", lambda: customers.routes("FRONT"))
    lab.wait_ping("inside", S1_HOST, 20)
