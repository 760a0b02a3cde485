"""The set-up that most scenarios start from: charons, rrid and a route monitor."""

import os
import signal

from .daemon import PROGRAMS, Rrid, make_configuration
from .monitor import RouteMonitor
from .strongswan import Charon
from .topology import SPOKE_LANS
from .waiting import wait_until

S1_LAN = "10.1.0.0/16"
S1_HOST = "10.1.0.1"
S2_LAN = "10.2.0.0/16"


class Standing:
    """A hub and two spokes whose charons run, rrid, and a monitor on the hub."""

    def __init__(self, lab, *, make_before_break=False, unique="replace", dpd_delay=0,
                 s1_children=("net",), s1_lans=None, hub_lans=None, hub_child_lines=(), text=None,
                 rrid_argv=(), **configuration):
        """`text`: the hub's whole IOS configuration, with {vici} for the socket; else the usual one."""
        self.lab = lab
        self.hub = Charon(lab, "hub")
        self.s1 = Charon(lab, "s1", make_before_break)
        self.s2 = Charon(lab, "s2")
        self.hub.configure_hub(unique, dpd_delay, hub_child_lines)
        self.s1.configure_spoke(s1_children, s1_lans, hub_lans)
        self.s2.configure_spoke()
        for charon in (self.hub, self.s1, self.s2):
            charon.start()
        lab.reports.append(("the hub's charon", self.hub.log))
        written = text.format(vici=self.hub.socket) if text else make_configuration(lab, self.hub.socket, **configuration)
        self.rrid = Rrid(lab, written, rrid_argv)
        self.rrid.start()
        self.monitor = RouteMonitor(lab)

    def reconfigure(self, source, **configuration):
        """Has rrid read another configuration, and waits until its SAs come from `source`."""
        self.rrid.write_configuration(make_configuration(self.lab, self.hub.socket, **configuration))
        self.rrid.process.signal(signal.SIGHUP)

        def connected():
            line = next(line for line in self.rrid.show("show rri").splitlines() if line.startswith("Source"))
            return source in line and ": connected" in line
        wait_until(f"SAs come from {source}", connected)

    def bring_up_s1(self):
        """SA up, route there; gives the route."""
        self.s1.initiate()
        return self.lab.wait_route(S1_LAN)

    def settle(self):
        """Waits until nothing that already happened can still cause anything.

        The second tunnel comes and goes. When its route is gone, rrid has seen all
        that was before, and every hold-down that started before has run out.
        """
        self.s2.initiate()
        self.lab.wait_route(S2_LAN)
        self.s2.terminate()
        for prefix in SPOKE_LANS["s2"].split(","):
            self.lab.wait_no_route(prefix)

    def assert_untouched(self, mark, prefix=S1_LAN):
        """No operation on `prefix` reached the table since `mark`, and none is still to come."""
        self.settle()
        operations = self.monitor.since(mark, prefix.split("/")[0])
        assert not operations, f"operations on {prefix}:\n" + "\n".join(operations)
        assert len(self.lab.our_routes(prefix)) == 1, f"the route to {prefix} is not there"

    def assert_form(self, route):
        """The kernel route has the form that this lab's mode asks for (SPEC.md section 4)."""
        assert route["metric"] == 1 << 24, route
        if self.lab.mode == "libipsec":
            assert route["dev"] == "ipsec0" and "gateway" not in route, route
        else:
            assert route["dev"] == "h-out" and "onlink" in route["flags"], route
            assert route["gateway"] in ("198.51.100.2", "192.0.2.2"), route


ENDS = {  # host: (name, outside device, inside device, outside address and mask)
    "hub": ("HUB", "h-out", "h-in", "203.0.113.1 255.255.255.252"),
    "s1": ("SPOKE1", "out", "lo", "198.51.100.2 255.255.255.0"),
    "s2": ("SPOKE2", "out", "lo", "192.0.2.2 255.255.255.0"),
}
END_CONFIGURATION = """\
hostname {name}
!
rri
 ike strongswan socket {vici}
 route form {form}
 hold-down 1
!
{crypto}
interface GigabitEthernet0/0/1
 linux device {outside}
 ip address {address}
 {map_line}
!
end
"""


class End:
    """A host whose charon has no configuration of its own: rrid and IOS text bring everything."""

    def __init__(self, lab, host, crypto, map_name="mymap", map_line=None):
        """`map_line`: what stands in place of `crypto map NAME` on the outside interface."""
        self.lab, self.host, self.crypto, self.map_name = lab, host, crypto, map_name
        self.charon = Charon(lab, host)
        self.charon.configure_nothing()
        lab.reports.append((f"{host}'s charon", self.charon.log))
        self.rrid = Rrid(lab, self.text(map_line), host=host)

    def text(self, map_line=None):
        name, outside, _, address = ENDS[self.host]
        form = "device ipsec0" if self.lab.mode == "libipsec" else "peer"
        line = f"crypto map {self.map_name}" if map_line is None else map_line
        return END_CONFIGURATION.format(name=name, vici=self.charon.socket, form=form, outside=outside, address=address,
                                        crypto=self.crypto, map_line=line)

    def start(self):
        self.charon.start()
        self.rrid.start()
        return self

    def change(self, crypto=None, map_line=None):
        """Another configuration, taken with SIGHUP."""
        self.crypto = self.crypto if crypto is None else crypto
        self.rrid.write_configuration(self.text(map_line))
        self.reread()

    def reread(self):
        self.rrid.process.signal(signal.SIGHUP)

    def flush(self):
        """Takes out with `rri flush` what a stopped rrid left; gives what it says."""
        return self.lab.execute(self.host, os.path.join(PROGRAMS, "rri"), "flush", "--vici", self.charon.socket,
                                "--state-dir", self.rrid.state_directory, "--config", self.rrid.config_path).stdout

    def wait_connections(self, names, seconds=15):
        wait_until(f"charon on {self.host} has the connections {sorted(names)}",
                   lambda: self.charon.connections() == set(names), seconds)

    def wait_nothing(self, seconds=15):
        """Nothing of ours is left in charon."""
        self.wait_connections((), seconds)
        wait_until("no tunnel is left", lambda: not self.charon.tunnels(), seconds)
        wait_until("no key is left", lambda: b"rri-" not in self.charon.ask("get-shared"), seconds)
