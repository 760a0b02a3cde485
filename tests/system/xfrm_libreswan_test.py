"""`ike xfrm` with Libreswan: routes follow its SAs, a rekey and a killed pluto touch nothing."""

from lab.daemon import Rrid, make_configuration
from lab.libreswan import Pluto
from lab.monitor import RouteMonitor
from lab.standing import S1_HOST, S1_LAN, S2_LAN
from lab.waiting import wait_until

MODE = "kernel"
NEEDS_UNPACKED = "libreswan"


def outbound_spis(lab):
    """The SPIs of the hub's SAs to s1."""
    words = lab.ip("hub", "xfrm", "state", "list", "src", "203.0.113.1", "dst", "198.51.100.2").split()
    return {words[i + 1] for i, word in enumerate(words) if word == "spi"}


def scenario(lab):
    plutos = {host: Pluto(lab, host) for host in ("hub", "s1", "s2")}
    for host, pluto in plutos.items():
        (pluto.configure_hub if host == "hub" else pluto.configure_spoke)()
        pluto.start()
    hub, s1, s2 = plutos["hub"], plutos["s1"], plutos["s2"]
    lab.reports.append(("the hub's pluto", hub.log))
    rrid = Rrid(lab, make_configuration(lab, "", hold_down=3, ike="ike xfrm")).start()
    monitor = RouteMonitor(lab)

    s1.initiate()
    route = lab.wait_route(S1_LAN)
    assert route["gateway"] == "198.51.100.2" and "onlink" in route["flags"], route
    lab.wait_ping("inside", S1_HOST, 30)
    assert "kernel XFRM" in rrid.show("show rri"), rrid.show("show rri")

    # A rekey: other SPIs, no operation on the route.
    mark = monitor.mark()
    before = outbound_spis(lab)
    s1.rekey_child()
    wait_until("the rekey is done", lambda: outbound_spis(lab) and not outbound_spis(lab) & before, 30)
    s2.initiate()
    lab.wait_route(S2_LAN)  # rrid has seen all that was before
    s2.terminate()
    lab.wait_no_route(S2_LAN)
    assert not monitor.since(mark, "10.1.0.0"), monitor.since(mark, "10.1.0.0")

    # pluto dies; what is in the kernel still carries traffic, so the route stays.
    mark = monitor.mark()
    hub.kill9()
    lab.wait_ping("inside", S1_HOST, 30)
    # The package's ipsec.service flushes (ExecStopPost) before pluto starts again.
    lab.ip("hub", "xfrm", "policy", "flush")
    lab.ip("hub", "xfrm", "state", "flush")
    lab.wait_no_route(S1_LAN)
    operations = monitor.since(mark, "10.1.0.0")
    assert len(operations) == 1 and operations[0].startswith("Deleted"), operations

    hub.start()
    s1.terminate()
    s1.initiate()
    lab.wait_route(S1_LAN)
    s1.terminate()
    lab.wait_no_route(S1_LAN)
