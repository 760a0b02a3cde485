"""The load-shared pair of the operator guide, from the very text of its page: each hub has the routes of the spokes
that dialled it, the core router sends each spoke's traffic to the right one, and a spoke that moves takes its route along."""

from lab.daemon import Rrid
from lab.guide import PAIR, Design, assert_doctor_finds_nothing, start_spoke
from lab.waiting import wait_until

TOPOLOGY = PAIR
LANS = {"s1": "10.1.0.0/16", "s2": "10.2.0.0/16"}
ADDRESSES = {"hub-a": "203.0.113.2", "hub-b": "203.0.113.3"}
INSIDE = {"hub-a": "10.0.0.2", "hub-b": "10.0.0.3"}


def scenario(lab):
    design = Design("Load-shared pair")
    core = design.start_frr(lab, "core", "eth0", "broadcast")
    daemons = {}
    for host in ADDRESSES:
        design.write_sysctls(lab, host)
        design.start_frr(lab, host, "eth1", "broadcast")
        charon = design.start_charon(lab, host)
        daemons[host] = Rrid(lab, design.configuration(host, charon.socket, "route form device ipsec0"), host=host).start()

    def wait_way(spoke, host):
        def leads():
            route = core.selected(LANS[spoke])
            return route and route["protocol"] == "ospf" and [hop.get("ip") for hop in route["nexthops"]] == [INSIDE[host]]
        wait_until(f"the core's way to {spoke} leads to {host}", leads, 40)

    spokes = {name: start_spoke(lab, name, ADDRESSES[host], LANS[name]) for name, host in (("s1", "hub-a"), ("s2", "hub-b"))}
    for spoke in spokes.values():
        spoke.initiate()
    wait_way("s1", "hub-a")
    wait_way("s2", "hub-b")
    for host, daemon in daemons.items():
        assert_doctor_finds_nothing(lab, host, daemon.socket)
    lab.wait_ping("core", "10.1.0.1")
    lab.wait_ping("core", "10.2.0.1")
    assert [route["dst"] for route in lab.our_routes(host="hub-a") if route["dst"] in LANS.values()] == [LANS["s1"]]

    spokes["s1"].terminate()
    spokes["s1"].configure_peer(ADDRESSES["hub-b"])
    spokes["s1"].initiate()
    wait_way("s1", "hub-b")
    lab.wait_ping("core", "10.1.0.1")
