"""The redundant pair of the operator guide, from the very text of its page: hub-a is active and the core router's
way to the spoke; it loses its links, and hub-b takes over address, tunnel and route."""

import os

from lab.daemon import PROGRAMS, Rrid
from lab.guide import PAIR, Design, assert_doctor_finds_nothing, start_spoke, what_is_wrong
from lab.processes import run
from lab.standing import S1_HOST, S1_LAN
from lab.topology import Skip
from lab.waiting import wait_until

TOPOLOGY = PAIR
VIRTUAL = "203.0.113.1"


def has_virtual(lab, host):
    return VIRTUAL in lab.ip(host, "-4", "-o", "addr", "show", "dev", "eth0")


def way_to_s1(core):
    """The router that the core sends the spoke's packets to."""
    route = core.selected(S1_LAN)
    return route["nexthops"][0].get("ip") if route and route["protocol"] == "ospf" else None


def scenario(lab):
    if "keepalived" not in run([os.path.join(PROGRAMS, "rri"), "render", "--help"]).stdout:
        raise Skip("this rri has no `rri render keepalived`, which the design is made with")
    from lab.keepalived import Keepalived  # pylint: disable=import-outside-toplevel  # comes with that target
    design = Design("Redundant pair")
    hosts = ("hub-a", "hub-b")
    core = design.start_frr(lab, "core", "eth0", "broadcast")
    daemons, charons, runners = {}, {}, {}
    for host in hosts:
        design.write_sysctls(lab, host)
        design.start_frr(lab, host, "eth1", "broadcast")
        charons[host] = design.start_charon(lab, host)
        fifo = lab.path(f"{host}.fifo")
        daemons[host] = Rrid(lab, design.configuration(host, charons[host].socket, "route form device ipsec0",
                                                       f"redundancy keepalived fifo {fifo}"), host=host).start()
        runners[host] = Keepalived(lab, host, daemons[host].render("keepalived", daemons[host].config_path)).start()
    wait_until("hub-a has the virtual address", lambda: has_virtual(lab, "hub-a"), 20)
    assert not has_virtual(lab, "hub-b"), "both have the virtual address"

    spoke = start_spoke(lab, "s1", VIRTUAL)
    spoke.initiate()
    wait_until("the core's way leads to hub-a", lambda: way_to_s1(core) == "10.0.0.2", 40)
    lab.wait_ping("core", S1_HOST)
    assert not lab.our_routes(S1_LAN, host="hub-b"), "the standby router has a route"
    for host in hosts:
        assert_doctor_finds_nothing(lab, host, daemons[host].socket, "--keepalived-conf", runners[host].path)

    lab.ip_batch("hub-a", "link set eth0 down\nlink set eth1 down\n")
    wait_until("hub-b has the virtual address", lambda: has_virtual(lab, "hub-b"), 20)
    spoke.terminate(force=True)
    spoke.initiate()
    wait_until("the core's way leads to hub-b", lambda: way_to_s1(core) == "10.0.0.3", 40)
    lab.wait_ping("core", S1_HOST)

    # The doctor names a second reader of the FIFO, which takes lines away, and keepalived when it is gone.
    with open(lab.path("hub-b.fifo"), encoding="utf-8"):
        wrong = what_is_wrong(lab, "hub-b", daemons["hub-b"].socket, "--keepalived-conf", runners["hub-b"].path)
        assert [finding["check"] for finding in wrong] == ["vrrp-fifo"], wrong
    runners["hub-b"].stop()
    wrong = what_is_wrong(lab, "hub-b", daemons["hub-b"].socket, "--keepalived-conf", runners["hub-b"].path)
    assert [finding["check"] for finding in wrong] == ["keepalived"] and "systemctl restart keepalived" in wrong[0]["cure"], wrong
