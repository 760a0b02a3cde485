"""FRR on a host of the lab: zebra and whatever else is asked for, each daemon a
process of the lab with its sockets in a private directory.

    hub = Frr(lab, "hub", {"staticd": "", "ospfd": ospf("h-in", "1.1.1.1", ["redistribute static"])})
    hub.start()
    hub.vtysh("show ip ospf neighbor")
    hub.stop("staticd"); hub.start_daemon("staticd")

OSPF and BGP have the shortest timers that FRR takes. Even so the first external
route of OSPF needs some 12 s after the start (the router-LSA's refresh): start FRR
first, do other things, and wait with wait_until().
"""

import json
import os
import shutil
import time

from .processes import run
from .topology import Skip
from .waiting import wait_until

PROGRAMS = "/usr/lib/frr"
START_ORDER = ("zebra", "staticd", "ospfd", "ospf6d", "bgpd")


def ospf(interface, router_id, lines=(), more="", vrf=None):
    """ospfd's configuration for one point-to-point link; `lines` go under `router ospf`."""
    body = "".join(f" {line}\n" for line in lines)
    return (f"interface {interface}\n ip ospf hello-interval 1\n ip ospf dead-interval 4\n"
            f" ip ospf network point-to-point\n ip ospf area 0\n"
            f"router ospf{f' vrf {vrf}' if vrf else ''}\n ospf router-id {router_id}\n timers throttle spf 10 50 500\n"
            f" timers lsa min-arrival 50\n timers throttle lsa all 50\n{body}{more}")


def bgp(number, router_id, neighbor, neighbor_number, lines=(), more="", vrf=None):
    """bgpd's configuration with one neighbour; `lines` go under `address-family ipv4 unicast`."""
    body = "".join(f"  {line}\n" for line in lines)
    return (f"router bgp {number}{f' vrf {vrf}' if vrf else ''}\n bgp router-id {router_id}\n no bgp ebgp-requires-policy\n"
            f" neighbor {neighbor} remote-as {neighbor_number}\n neighbor {neighbor} timers 3 9\n"
            f" neighbor {neighbor} timers connect 1\n neighbor {neighbor} advertisement-interval 0\n"
            f" address-family ipv4 unicast\n{body} exit-address-family\n{more}")


class Frr:
    """The FRR of one host. `configurations`: daemon to its text; zebra is always there."""

    def __init__(self, lab, host, configurations):
        if not os.path.exists(os.path.join(PROGRAMS, "zebra")):
            raise Skip("FRR is not installed")
        self.lab, self.host = lab, host
        self.directory = lab.path(f"frr-{host}")
        self.processes = {}
        os.makedirs(self.directory)
        for daemon, text in {"zebra": "", "vtysh": "", **configurations}.items():
            with open(self._file(daemon, "conf"), "w", encoding="utf-8") as out:
                out.write(text)
        for name in ("", *os.listdir(self.directory)):
            shutil.chown(os.path.join(self.directory, name), "frr", "frr")
        self.daemons = [daemon for daemon in START_ORDER if daemon == "zebra" or daemon in configurations]
        lab.reports.append((f"{host}: FRR's routes", lambda: self.vtysh("show ip route", "show running-config")))
        for daemon in self.daemons:
            lab.reports.append((f"{host}: {daemon}", lambda daemon=daemon: self.log(daemon)))

    def _file(self, name, kind):
        return os.path.join(self.directory, f"{name}.{kind}")

    def start(self):
        """All daemons, and waits until each answers."""
        for daemon in self.daemons:
            self.start_daemon(daemon)
        return self

    def start_daemon(self, daemon, *options):
        argv = [os.path.join(PROGRAMS, daemon), "-f", self._file(daemon, "conf"), "-i", self._file(daemon, "pid"),
                "--vty_socket", self.directory, "-z", os.path.join(self.directory, "zserv.api"), "-A", "127.0.0.1",
                "-P", "0", "--log", f"file:{self._file(daemon, 'log')}", "--log-level", "informational", *options]
        self.processes[daemon] = self.lab.spawn(self.host, argv, f"{self.host}-{daemon}.out")
        wait_until(f"{daemon} of {self.host} answers", lambda: self._answers(daemon))

    def _answers(self, daemon):
        assert self.processes[daemon].is_running(), f"{daemon} ended:\n{self.processes[daemon].output()}"
        done = self._vtysh("-d", daemon, "-c", "show version")
        return done.returncode == 0 and "FRRouting" in done.stdout

    def stop(self, daemon):
        self.processes[daemon].stop()

    def kill9(self, daemon):
        self.processes[daemon].kill9()

    def restart(self, *daemons):
        """Stops these (all of them when none is named), and starts them again."""
        chosen = [daemon for daemon in self.daemons if not daemons or daemon in daemons]
        for daemon in reversed(chosen):
            self.stop(daemon)
        for daemon in chosen:
            self.start_daemon(daemon)

    def _vtysh(self, *words):
        return run(["vtysh", "--config_dir", self.directory, "--vty_socket", self.directory, *words], check=False)

    def vtysh(self, *commands):
        """What these commands print, as typed in one session."""
        return self._vtysh(*(word for command in commands for word in ("-c", command))).stdout

    def configure(self, *lines):
        return self.vtysh("configure terminal", *lines)

    def load(self, text):
        """Takes an integrated frr.conf, as FRR's start script does."""
        path = self._file("frr", "conf")
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        loaded = self._vtysh("-f", path)
        assert loaded.returncode == 0 and "Unknown" not in loaded.stdout + loaded.stderr, loaded.stdout + loaded.stderr

    def read_saved(self):
        """What `write memory` saved comes back, as at FRR's start."""
        self._vtysh("-b")

    def wait_neighbours(self, count=1):
        wait_until(f"{count} OSPF neighbours of {self.host} are full",
                   lambda: self.vtysh("show ip ospf neighbor").count("Full/") >= count, 30)

    def routes(self, vrf=None, family="ip"):
        """zebra's table: prefix to its list of routes."""
        text = self.vtysh(f"show {family} route {f'vrf {vrf} ' if vrf else ''}json")
        return json.loads(text or "{}")

    def selected(self, prefix, vrf=None):
        """The route that zebra chose for `prefix`, None when there is none."""
        return next((route for route in self.routes(vrf).get(prefix, []) if route.get("selected")), None)

    def wait_external_ready(self, seconds=40):
        """Waits until OSPF here believes in a router that redistributes (an ASBR)."""
        wait_until(f"OSPF on {self.host} knows an ASBR", lambda: "ASBR" in self.vtysh("show ip ospf route"), seconds)

    def log(self, daemon):
        with open(self._file(daemon, "log"), encoding="utf-8", errors="replace") as text:
            return text.read()


# rrid gives up all rights but one: without FRR's group it may not open its sockets.
IN_FRR_GROUP = ("setpriv", "--groups", "frrvty")


def upstream_route(lab, prefix, present=True, seconds=15):
    """Waits for the upstream router's (host `inside`) kernel route; gives it."""
    return wait_kernel_route(lab, "inside", prefix, present=present, seconds=seconds)[1]


def wait_kernel_route(lab, host, prefix, *filters, present=True, seconds=15):
    """Waits until `host` has (or has not) a kernel route to `prefix`. Gives the seconds it took and the route."""
    began = time.monotonic()
    def found():
        routes = [route for route in lab.routes(host, *filters) if route["dst"] == prefix]
        return (routes or [True]) if bool(routes) == present else None
    routes = wait_until(f"{host} {'has' if present else 'has no'} route to {prefix}", found, seconds)
    return time.monotonic() - began, routes[0]
