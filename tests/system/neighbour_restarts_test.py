"""Restarts under live tunnels, in any order: FRR, its zebra, staticd or ospfd alone, BIRD and rrid.

A tunnel comes or goes while each of them is away. Afterwards the upstream router has just the
routes of the tunnels that are up; where FRR itself prevents that, `rri doctor` names the fault, and
its cure mends it. With kernel routes next to FRR, with `route frr`, and with BIRD.
"""

import json
import os
import signal
import time

from lab.bird import FAST, UPSTREAM, Bird
from lab.daemon import PROGRAMS, make_configuration
from lab.frr import IN_FRR_GROUP, Frr, ospf, wait_kernel_route
from lab.standing import S1_HOST, S1_LAN, S2_LAN, Standing
from lab.waiting import wait_until

TAG = "set reverse-route tag 42"
REDISTRIBUTE = ["redistribute kernel route-map KERNEL", "redistribute static route-map STATIC"]
MAPS = """\
ip prefix-list SPOKES seq 5 permit 10.0.0.0/8 le 32
route-map KERNEL permit 10
 match ip address prefix-list SPOKES
 set tag 42
route-map STATIC permit 10
 match tag 42
"""
THEIR_PREFIX = "10.3.0.0/24"  # one of s2's networks
THEIRS = f"ip route {THEIR_PREFIX} 203.0.113.2"


class Story:
    """What must hold whoever was away: the upstream router has the routes of the tunnels that are up."""

    def __init__(self, lab, standing):
        self.lab, self.standing, self.s2_is_up = lab, standing, False

    def turn(self):
        """s2's tunnel comes, or goes."""
        self.s2_is_up = not self.s2_is_up
        self.standing.s2.initiate() if self.s2_is_up else self.standing.s2.terminate()

    def is_right(self):
        there = {route["dst"] for route in self.lab.routes("inside")}
        return S1_LAN in there and (S2_LAN in there) == self.s2_is_up

    def expect(self, what, seconds=40):
        began = time.monotonic()
        wait_until(f"the upstream router is right: {what}", self.is_right, seconds)
        print(f"{what:<46} {time.monotonic() - began:5.2f} s", flush=True)

    def away(self, what, stop, start):
        """Something stops, a tunnel changes, and it starts again."""
        stop()
        self.turn()
        start()
        self.expect(what)

    def doctor(self):
        done = self.lab.execute("hub", os.path.join(PROGRAMS, "rri"), "--socket", self.standing.rrid.socket, "doctor", "--json",
                                check=False)
        return {finding["check"]: finding for finding in json.loads(done.stdout)["findings"] if finding["verdict"] == "wrong"}

    def zebra_alone(self, what, frr):
        """FRR 8.4's protocols do not hear of routes again when zebra alone comes back."""
        frr.stop("zebra")
        self.turn()
        frr.start_daemon("zebra")
        if what.startswith("route frr"):
            self.staticd_is_late()
        fault = wait_until(f"right, or named: {what}", lambda: self.doctor().get("frr-zebra-restart") or self.is_right())
        if fault is not True:
            print(f"{what:<46} the doctor says: {fault['cure']}", flush=True)
            assert "systemctl restart frr" in fault["cure"], fault
            frr.restart()
            assert "frr-zebra-restart" not in self.doctor()
        self.expect(f"{what}, in the end")


    def staticd_is_late(self):
        """It meets a new zebra after up to 10 s: nothing is called active before, and the doctor says why."""
        rrid = self.standing.rrid
        late = "staticd has not met zebra again"
        wait_until("rrid knows that staticd is away", lambda: any(late in row["reason"] for row in rrid.rows(S1_LAN)))
        assert late in self.doctor()["frr"]["text"], self.doctor()
        rrid.wait_state(S1_LAN, "active", 20)
        assert wait_kernel_route(self.lab, "hub", S1_LAN, seconds=1)[0] < 0.3, "active, and not in the kernel"


def with_frr(story, name, hub, rrid, is_rrid_first):
    """rrid, each of FRR's daemons, FRR as a whole, and all together."""
    def stop_all():
        for daemon in reversed(hub.daemons):
            hub.stop(daemon)

    def start_all():
        for daemon in hub.daemons:
            hub.start_daemon(daemon)

    story.away(f"{name}: rrid", rrid.kill9, rrid.start)
    for daemon in ("staticd", "ospfd"):
        story.away(f"{name}: {daemon} alone", lambda daemon=daemon: hub.kill9(daemon), lambda daemon=daemon: hub.start_daemon(daemon))
    story.away(f"{name}: FRR", stop_all, start_all)
    story.zebra_alone(f"{name}: zebra alone", hub)
    if is_rrid_first:
        story.away(f"{name}: both, rrid back first", lambda: (stop_all(), rrid.kill9()), lambda: (rrid.start(), start_all()))
    else:
        story.away(f"{name}: both, FRR back first", lambda: (rrid.kill9(), stop_all()), lambda: (start_all(), rrid.start()))


def with_bird(story, rrid):
    configuration = rrid.render("bird")
    bird = Bird(story.lab, "hub", configuration.replace('interface "h-in" { };', f'interface "h-in" {FAST};')).start()
    Bird(story.lab, "inside", UPSTREAM).start()
    story.expect("BIRD: start")
    story.away("BIRD: rrid", rrid.kill9, rrid.start)
    story.away("BIRD: BIRD", bird.process.stop, bird.start)
    story.away("BIRD: both, BIRD first", lambda: (rrid.kill9(), bird.process.kill9()), lambda: (bird.start(), rrid.start()))


def change_sink(lab, standing, more):
    standing.rrid.write_configuration(make_configuration(lab, standing.hub.socket, dynamic_lines=[TAG], more=more))
    standing.rrid.process.signal(signal.SIGHUP)


def statics(hub):
    return sorted(line for line in hub.vtysh("show running-config").splitlines() if line.startswith("ip route "))


def scenario(lab):
    lab.ip("inside", "route", "del", "default")
    hub = Frr(lab, "hub", {"staticd": THEIRS + "\n", "ospfd": ospf("h-in", "1.1.1.1", REDISTRIBUTE, MAPS)}).start()
    upstream = Frr(lab, "inside", {"ospfd": ospf("eth0", "2.2.2.2")}).start()
    standing = Standing(lab, rrid_argv=IN_FRR_GROUP, dynamic_lines=[TAG])
    rrid, story = standing.rrid, Story(lab, standing)
    standing.bring_up_s1()
    story.expect("route kernel: start")
    with_frr(story, "route kernel", hub, rrid, is_rrid_first=False)

    # Another sink while it runs: what the old one had goes, and there is no time without a route. The operator's
    # own line for a network of s2 stands in the way of one route, and of no other.
    story.turn()
    story.expect("s2 comes")
    change_sink(lab, standing, f"rri\n route frr directory {hub.directory}\n")
    wait_until("no kernel route of ours is left", lambda: not lab.our_routes())
    rrid.wait_state(THEIR_PREFIX, "occupied")
    assert statics(hub) == sorted([THEIRS, f"ip route {S1_LAN} ipsec0 tag 42", f"ip route {S2_LAN} ipsec0 tag 42"]), statics(hub)
    story.expect("from `route kernel` to `route frr`")
    with_frr(story, "route frr", hub, rrid, is_rrid_first=True)
    change_sink(lab, standing, "")
    wait_until("no static route of ours is left in FRR", lambda: statics(hub) == [THEIRS])
    lab.wait_route(S1_LAN)
    story.expect("from `route frr` to `route kernel`")
    for frr in (hub, upstream):
        for daemon in reversed(frr.daemons):
            frr.stop(daemon)
    with_bird(story, rrid)
    lab.wait_ping("inside", S1_HOST)
