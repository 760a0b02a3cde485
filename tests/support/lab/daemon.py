"""rrid in the hub's namespace, and rri to ask it."""

import json
import os

from .processes import run
from .waiting import wait_until

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
PROGRAMS = os.environ.get("RRI_PROGRAMS", os.path.join(ROOT, "build", "release", "bin"))

CONFIGURATION = """\
hostname HUB
!
rri
 {ike}
 route form {route_form}
 hold-down {hold_down}
 grace {grace}
!
crypto isakmp policy 10
 encryption aes
 hash sha256
 authentication pre-share
 group 19
crypto isakmp key labsecret address 0.0.0.0 0.0.0.0
!
crypto ipsec transform-set ESP esp-aes esp-sha256-hmac
 mode tunnel
!
ip access-list extended SPOKE-NETS
 permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255
!
crypto dynamic-map SPOKES 10
 set transform-set ESP
 match address SPOKE-NETS
 reverse-route
{dynamic_lines}!
crypto map VPN 65000 ipsec-isakmp dynamic SPOKES
!
interface GigabitEthernet0/0/0
 description inside
 linux device h-in
 ip address 10.0.0.1 255.255.255.0
!
interface GigabitEthernet0/0/1
 description outside
 linux device h-out
 ip address 203.0.113.1 255.255.255.252
 crypto map VPN
!
end
"""


def make_configuration(lab, vici, hold_down=1, grace=60, dynamic_lines=(), form=None, more="",
                       ike="ike strongswan socket {vici} observe"):
    """The hub's IOS text: Cisco's dynamic-map example, completed."""
    form = form or ("device ipsec0" if lab.mode == "libipsec" else "peer")
    return more + CONFIGURATION.format(ike=ike.format(vici=vici), route_form=form, hold_down=hold_down, grace=grace,
                                dynamic_lines="".join(f" {line}\n" for line in dynamic_lines))


class Rrid:
    """The daemon on one host. Its log and record are part of every failure report."""

    def __init__(self, lab, configuration, prefix_argv=(), log_level="debug", host="hub"):
        self.lab = lab
        self.host = host
        self.prefix_argv = list(prefix_argv)
        self.log_level = log_level
        self.config_path = lab.path(self._own("startup-config"))
        self.state_directory = lab.path(self._own("state"))
        self.socket = lab.path(self._own("rri.sock"))
        self.record_path = os.path.join(self.state_directory, "record")
        self.process = None
        os.makedirs(self.state_directory, exist_ok=True)
        self.write_configuration(configuration)
        lab.reports.append((self._own("rrid's log"), self.log))
        lab.reports.append(("rri: show crypto route", lambda: self.show("show crypto route")))
        lab.reports.append(("rri: show rri", lambda: self.show("show rri")))
        lab.reports.append(("recorded events", self.record))

    def _own(self, name):
        """The only hub's files have plain names."""
        return name if self.host == "hub" else f"{self.host}-{name}"

    def write_configuration(self, text):
        with open(self.config_path, "w", encoding="utf-8") as out:
            out.write(text)

    def argv(self):
        return [*self.prefix_argv, os.path.join(PROGRAMS, "rrid"), "--config", self.config_path,
                "--socket", self.socket, "--state-dir", self.state_directory, "--log-level", self.log_level,
                "--record", self.record_path]

    def spawn(self):
        """Starts rrid and does not wait."""
        self.process = self.lab.spawn(self.host, self.argv(), self._own("rrid.log"))
        return self

    def start(self):
        """Starts rrid and waits until it answers."""
        self.spawn()
        wait_until("rrid answers on its socket", self._answers)
        return self

    def _answers(self):
        assert self.process.is_running(), f"rrid ended:\n{self.log()[-2000:]}"
        return self._rri("-c", "show rri").returncode == 0

    def render(self, target, *config):
        """What `rri render TARGET` makes of a file, or of the running configuration, on this host."""
        done = self.lab.execute(self.host, os.path.join(PROGRAMS, "rri"), "--socket", self.socket, "render", target, *config, check=False)
        assert done.returncode == 0, f"rri render {target}: {done.stdout}{done.stderr}"
        return done.stdout

    def _rri(self, *words):
        return run([os.path.join(PROGRAMS, "rri"), "--socket", self.socket, *words], check=False)

    def show(self, command):
        done = self._rri("-c", command)
        assert done.returncode == 0, f"rri -c '{command}': {done.stdout}{done.stderr}"
        return done.stdout

    def spawn_show(self, command):
        """As show(), and does not wait: gives the process."""
        return self.lab.spawn("hub", [os.path.join(PROGRAMS, "rri"), "--socket", self.socket, "-c", command], "spawned-show.out")

    def rows(self, prefix=None):
        """The rows of `show crypto route --json`, of one prefix when it is given."""
        done = self._rri("-c", "show crypto route", "--json")
        assert done.returncode == 0, f"rri --json: {done.stdout}{done.stderr}"
        return [row for row in json.loads(done.stdout)["routes"] if prefix in (None, row["prefix"])]

    def wait_state(self, prefix, state, seconds=15):
        """Waits until some row of `prefix` is in `state`, and gives it."""
        def found():
            return next((row for row in self.rows(prefix) if row["state"] == state), None)
        return wait_until(f"{prefix} is {state}", found, seconds)

    def log(self):
        with open(self.lab.path(self._own("rrid.log")), encoding="utf-8", errors="replace") as text:
            return text.read()

    def record(self):
        with open(self.record_path, encoding="utf-8", errors="replace") as text:
            return text.read()

    def kill9(self):
        self.process.kill9()

    def stop(self):
        self.process.stop()
