"""BIRD, one per host, with its own configuration and control socket."""

import os

from .processes import run
from .topology import Skip
from .waiting import wait_until

BIRD = "/usr/sbin/bird"
BIRDC = "/usr/sbin/birdc"
# A router inside that learns by OSPF, and its neighbours' timers.
FAST = "{ hello 1; dead 4; wait 2; }"
UPSTREAM = """\
log syslog all;
router id 10.0.0.10;
protocol device { scan time 1; }
protocol kernel { ipv4 { import none; export all; }; }
protocol ospf v2 o4 { ipv4 { import all; export none; }; area 0 { interface "eth0" %s; }; }
""" % FAST


class Bird:
    def __init__(self, lab, host, configuration):
        for program in (BIRD, BIRDC):
            if not os.path.exists(program):
                raise Skip(f"{program} is not installed")
        self.lab, self.host = lab, host
        self.directory = lab.path(f"bird-{host}")
        os.makedirs(self.directory, exist_ok=True)
        self.log_path = os.path.join(self.directory, "bird.log")
        self.socket = os.path.join(self.directory, "bird.ctl")
        self.path = os.path.join(self.directory, "bird.conf")
        with open(self.path, "w", encoding="utf-8") as out:
            out.write(configuration.replace("log syslog all;", f'log "{self.log_path}" all;'))
        self.process = None
        lab.reports.append((f"{host}: bird.conf", lambda: read(self.path)))
        lab.reports.append((f"{host}: bird's routes", lambda: self.ask("show route all")))
        lab.reports.append((f"{host}: bird's log", lambda: read(self.log_path)))

    def start(self):
        done = self.lab.execute(self.host, BIRD, "-p", "-c", self.path, check=False)
        assert done.returncode == 0, f"bird does not take its configuration: {done.stderr}"
        self.process = self.lab.spawn(self.host, [BIRD, "-f", "-c", self.path, "-s", self.socket], f"bird-{self.host}.out")
        wait_until(f"bird on {self.host} answers", lambda: self.ask("show status", check=False))
        return self

    def text(self):
        return read(self.path)

    def configure(self, text):
        """Another configuration, taken while it runs."""
        with open(self.path, "w", encoding="utf-8") as out:
            out.write(text)
        self.ask("configure")

    def ask(self, command, check=True):
        done = run([BIRDC, "-s", self.socket, command], check=check)
        return done.stdout if done.returncode == 0 else ""

    def routes_of(self, table, prefix):
        """What `show route` says of one prefix in one table; "" when it is not there."""
        shown = self.ask(f"show route {prefix} table {table}", check=False)
        return shown if prefix in shown else ""

    def log(self):
        return read(self.log_path)

    def wait_neighbours(self, count=1):
        wait_until(f"{count} OSPF neighbours of {self.host} are full",
                   lambda: self.ask("show ospf neighbors").count("Full/") >= count, 30)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as text:
        return text.read()
