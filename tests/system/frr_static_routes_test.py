"""`route frr`: tags reach the upstream router by OSPF; staticd, zebra and rrid may die; nothing of the operator's is touched, nothing of ours is left."""

import os
import signal

from lab.daemon import PROGRAMS, make_configuration
from lab.frr import IN_FRR_GROUP, Frr, ospf, upstream_route
from lab.processes import run
from lab.standing import S1_HOST, S1_LAN, S2_LAN, Standing
from lab.waiting import wait_until

ROUTE_MAP = "route-map S2O permit 10\n match tag 42\n"
THEIRS = "ip route 10.3.0.0/24 203.0.113.2"  # the operator's, and its prefix is one of s2's networks


def statics(hub):
    return [line.strip() for line in hub.vtysh("show running-config").splitlines() if line.strip().startswith("ip route ")]


def wait_static(hub, prefix, present=True, seconds=15):
    def is_so():
        return any(prefix in line for line in statics(hub)) == present
    wait_until(f"FRR has {'' if present else 'no '}static route to {prefix}", is_so, seconds)


def use_directory(lab, standing, directory):
    standing.rrid.write_configuration(make_configuration(lab, standing.hub.socket, dynamic_lines=["set reverse-route tag 42"],
                                                         more=f"rri\n route frr directory {directory}\n"))
    standing.rrid.process.signal(signal.SIGHUP)


def scenario(lab):
    lab.ip("inside", "route", "del", "default")
    hub = Frr(lab, "hub", {"staticd": THEIRS + "\n",
                           "ospfd": ospf("h-in", "1.1.1.1", ["redistribute static route-map S2O"], ROUTE_MAP)})
    upstream = Frr(lab, "inside", {"ospfd": ospf("eth0", "2.2.2.2")}).start()
    standing = Standing(lab, rrid_argv=IN_FRR_GROUP, dynamic_lines=["set reverse-route tag 42"],
                        more=f"rri\n route frr directory {lab.path('none')}\n")
    rrid = standing.rrid

    # FRR is not there: routes wait and say why; then they come by themselves.
    standing.s1.initiate()
    row = rrid.wait_state(S1_LAN, "pending")
    assert "FRR is not reachable" in row["reason"], row
    assert "FRR is not reachable" in rrid.show("show rri")
    use_directory(lab, standing, hub.directory)
    hub.start()
    rrid.wait_state(S1_LAN, "active")
    wait_static(hub, S1_LAN)
    assert f"ip route {S1_LAN} ipsec0 tag 42" in statics(hub) or lab.mode == "kernel", statics(hub)
    assert "FRR 8" in rrid.show("show rri"), rrid.show("show rri")
    upstream_route(lab, S1_LAN, seconds=40)
    assert "External Route Tag: 42" in upstream.vtysh(f"show ip ospf database external {S1_LAN.split('/', maxsplit=1)[0]}")
    lab.wait_ping("inside", S1_HOST)

    # A prefix that the operator has: theirs stays alone.
    standing.s2.initiate()
    rrid.wait_state(S2_LAN, "active")
    occupied = rrid.wait_state("10.3.0.0/24", "occupied")
    assert THEIRS in occupied["reason"], occupied
    assert [line for line in statics(hub) if "10.3.0.0/24" in line] == [THEIRS]

    # Somebody takes ours out by hand: it comes back.
    hub.configure(f"no {next(line for line in statics(hub) if S1_LAN in line)}")
    wait_static(hub, S1_LAN)

    # staticd dies and forgets all; rrid dies and finds its own again.
    hub.kill9("staticd")
    rrid.wait_state(S1_LAN, "pending")
    hub.start_daemon("staticd")
    rrid.wait_state(S1_LAN, "active")
    wait_static(hub, S1_LAN)
    rrid.kill9()
    before = statics(hub)
    rrid.start()
    rrid.wait_state(S1_LAN, "active")
    assert "route operations carried out" not in rrid.log().rsplit("starts, configuration", 1)[1]
    assert set(before) - {THEIRS} <= set(statics(hub)), f"{before} became {statics(hub)}"

    # Another directory (here another name of the same): the way leads over the kernel, without a gap.
    alias = lab.path("alias")
    os.symlink(hub.directory, alias)
    use_directory(lab, standing, alias)
    wait_until("FRR is reached there", lambda: f"at {alias}: 2 installed" in rrid.show("show rri"), 30)
    assert set(statics(hub)) == {THEIRS, *before}, statics(hub)
    wait_until("nothing is left in the kernel", lambda: not lab.our_routes(), 30)
    upstream_route(lab, S1_LAN)

    # SA down; then the program goes, and takes out what is left.
    standing.s1.terminate()
    wait_static(hub, S1_LAN, present=False)
    upstream_route(lab, S1_LAN, present=False)
    rrid.stop()
    wait_static(hub, S2_LAN)
    done = run(lab.inside_of("hub", os.path.join(PROGRAMS, "rri"), "--socket", rrid.socket, "flush",
                             "--state-dir", rrid.state_directory), check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    wait_static(hub, S2_LAN, present=False)
