"""Kernel routes next to FRR: OSPF and BGP carry them from SA up to the ping, distance decides, dead ones are withdrawn."""

from lab.frr import Frr, bgp, ospf, upstream_route
from lab.standing import S1_HOST, S1_LAN, S2_LAN, Standing
from lab.waiting import wait_until

ROUTE_MAP = """\
ip prefix-list RRI seq 5 permit 10.0.0.0/8 le 32
ip prefix-list FLOATING seq 5 permit 10.67.0.0/16
route-map K2O permit 4
 match ip address prefix-list FLOATING
 match interface dum0
route-map K2O deny 5
 match ip address prefix-list FLOATING
route-map K2O permit 10
 match ip address prefix-list RRI
 set tag 73
"""
FLOATING_LAN = "10.67.0.0/16"
MORE = """\
ip route 10.66.0.0 255.255.0.0 192.168.77.2
ip route 10.67.0.0 255.255.0.0 192.168.77.2
ip route 10.67.0.0 255.255.0.0 Null0 250
"""
LOST_LAN = "10.66.0.0/16"


def make_routers(lab):
    lab.ip("inside", "route", "del", "default")
    hub = Frr(lab, "hub", {"ospfd": ospf("h-in", "1.1.1.1", ["redistribute kernel route-map K2O"], ROUTE_MAP),
                           "bgpd": bgp(65001, "1.1.1.1", "10.0.0.10", 65002, ["redistribute kernel"])}).start()
    # The upstream router's own way to s2's network: better than ours of distance 200.
    upstream = Frr(lab, "inside", {"ospfd": ospf("eth0", "2.2.2.2", ["redistribute static"]), "staticd": "",
                                   "bgpd": bgp(65002, "2.2.2.2", "10.0.0.1", 65001)}).start()
    upstream.configure(f"ip route {S2_LAN} blackhole")
    return hub, upstream


def scenario(lab):
    hub, upstream = make_routers(lab)
    lab.ip("hub", "link", "add", "dum0", "type", "veth", "peer", "name", "dum1")
    lab.ip_batch("hub", "addr add 192.168.77.1/24 dev dum0\nlink set dum0 up\nlink set dum1 up\n")
    standing = Standing(lab, dynamic_lines=["set reverse-route distance 200"], more=MORE)

    # From SA up to the upstream router's table, and through.
    standing.s1.initiate()
    lab.wait_route(S1_LAN)
    wait_until("zebra on the hub has it with our distance",
               lambda: (hub.selected(S1_LAN) or {}).get("distance") == 200)
    upstream_route(lab, S1_LAN, seconds=30)
    lab.wait_ping("inside", S1_HOST)
    wait_until("OSPF and BGP both bring it", lambda: {route["protocol"] for route in upstream.routes().get(S1_LAN, [])} == {"ospf", "bgp"}, 30)
    assert "External Route Tag: 73" in upstream.vtysh(f"show ip ospf database external {S1_LAN.split('/', maxsplit=1)[0]}")

    # rrid knows of FRR by the routes that it makes, where its socket is not in /run/frr.
    wait_until("the hub learns s2's network by OSPF", lambda: (hub.selected(S2_LAN) or {}).get("protocol") == "ospf", 30)
    wait_until("it is in the hub's kernel", lambda: [route for route in lab.routes("hub", "proto", "ospf") if route["dst"] == S2_LAN])

    # Carrier loss: the kernel keeps the route, and so would zebra.
    upstream_route(lab, LOST_LAN)
    def wait_distance(distance):
        wait_until(f"zebra has the floating route by distance {distance}",
                   lambda: (hub.selected(FLOATING_LAN) or {}).get("distance") == distance)
    wait_distance(1)
    lab.ip("hub", "link", "set", "dum1", "down")
    upstream_route(lab, LOST_LAN, present=False)
    # zebra forgets a prefix when one of its distances goes and another comes.
    wait_distance(250)
    wait_until("OSPF keeps the blackhole at home", lambda: FLOATING_LAN not in upstream.vtysh("show ip ospf route"))
    lab.ip("hub", "link", "set", "dum1", "up")
    upstream_route(lab, LOST_LAN)
    wait_distance(1)
    wait_until("OSPF has the route by a device", lambda: FLOATING_LAN in upstream.vtysh("show ip ospf route"))
    settled = standing.monitor.mark()
    assert hub.selected(FLOATING_LAN)["distance"] == 1, hub.routes()
    assert not standing.monitor.since(settled)

    # A device loses its last address: the kernel says nothing, and zebra alone would keep the route (FACTS II.4.6).
    lab.ip("hub", "addr", "del", "192.168.77.1/24", "dev", "dum0")
    wait_until("zebra has dropped the dead route", lambda: LOST_LAN not in hub.routes())
    upstream_route(lab, LOST_LAN, present=False)

    # OSPF's 110 beats our 200; ours takes over when OSPF loses its route.
    wait_until("the hub learns s2's network by OSPF", lambda: (hub.selected(S2_LAN) or {}).get("protocol") in ("ospf", "bgp"), 30)
    standing.s2.initiate()
    standing.rrid.wait_state(S2_LAN, "shadowed")
    assert hub.selected(S2_LAN)["protocol"] == "ospf", hub.routes()[S2_LAN]
    upstream.configure(f"no ip route {S2_LAN} blackhole")
    standing.rrid.wait_state(S2_LAN, "active")
    wait_until("zebra chose ours", lambda: (hub.selected(S2_LAN) or {}).get("protocol") == "kernel")
    upstream_route(lab, S2_LAN)

    # SA down: gone everywhere.
    standing.s1.terminate()
    lab.wait_no_route(S1_LAN)
    upstream_route(lab, S1_LAN, present=False)
