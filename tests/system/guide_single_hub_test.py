"""The single hub of the operator guide, from the very text of its page: a core router learns the spoke's network
by OSPF with its tag, reaches it through the tunnel, and loses it with the tunnel; the doctor finds nothing wrong."""

from lab.daemon import Rrid
from lab.guide import Design, assert_doctor_finds_nothing
from lab.standing import S1_HOST, S1_LAN
from lab.strongswan import IOS_PROPOSALS, Charon
from lab.waiting import wait_until

MODE = "kernel"
RENAME = """\
link set h-in down
link set h-in name eth1
link set eth1 up
link set h-out down
link set h-out name eth0
link set eth0 up
"""


def scenario(lab):
    design = Design("Single hub")
    lab.ip_batch("hub", RENAME)  # takes the lab's own routes along: the way out is a line of the guide
    lab.ip_batch("inside", "route del default via 10.0.0.1\n")  # nothing but OSPF leads to the spokes
    design.write_sysctls(lab, "hub")
    hub = design.start_frr(lab, "hub", "eth1", "point-to-point")
    core = design.start_frr(lab, "inside", "eth0", "point-to-point", name="core")
    charon = design.start_charon(lab, "hub")
    rrid = Rrid(lab, design.configuration("hub", charon.socket)).start()

    spoke = Charon(lab, "s1")
    spoke.configure_spoke(lans=S1_LAN, hub_lans="10.0.0.0/24", proposals=IOS_PROPOSALS)
    spoke.start()
    spoke.initiate()
    lab.wait_route(S1_LAN)
    assert "[1/100]" in rrid.show("show crypto route"), rrid.show("show crypto route")

    learned = wait_until("the core router learns the spoke's network", lambda: core.selected(S1_LAN), 60)
    assert learned["protocol"] == "ospf" and learned.get("tag") == 100, learned
    assert not core.selected("0.0.0.0/0"), "the default route left the hub"
    lab.wait_ping("inside", S1_HOST, 20)
    assert_doctor_finds_nothing(lab, "hub", rrid.socket)

    spoke.terminate()
    wait_until("the core router loses it", lambda: not core.selected(S1_LAN), 30)
    assert hub.selected(S1_LAN) is None
