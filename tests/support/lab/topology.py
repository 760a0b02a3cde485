"""The lab's hosts and links.

    inside ---- hub ------ isp ------ s1   LAN 10.1.0.0/16, fd01::1
    10.0.0.10   |  203.0.113.1  |  198.51.100.2
            10.0.0.1            `--- s2   LAN 10.2.0.0/16, 10.3.0.0/24
                                     192.0.2.2

The hub has no default route: what it does not know, it does not send. That is
what makes the injected route necessary.

The hosts are network namespaces. kernel-libipsec cannot use the kernel's ESP and
brings its own TUN device `ipsec0`; `kernel` needs ESP in the kernel.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

from .processes import Process, run
from .waiting import wait_until

HOSTS = ("hub", "isp", "s1", "s2", "inside")
SPOKE_ADDRESS = {"s1": "198.51.100.2", "s2": "192.0.2.2"}
SPOKE_LANS = {"s1": "10.1.0.0/16", "s2": "10.2.0.0/16,10.3.0.0/24"}
HUB_ADDRESS = "203.0.113.1"
HUB_LANS = "10.0.0.0/24,fd00::/64"
# A Unix socket's path is at most 107 bytes; the lab's directory must leave room.
LAB_DIRECTORY_MAX = 60

LINKS = """\
link add h-in netns {hub} type veth peer name eth0 netns {inside}
link add h-out netns {hub} type veth peer name i-hub netns {isp}
link add i-s1 netns {isp} type veth peer name out netns {s1}
link add i-s2 netns {isp} type veth peer name out netns {s2}
"""
ADDRESSES = {
    "inside": """\
addr add 10.0.0.10/24 dev eth0
addr add fd00::10/64 dev eth0 nodad
link set lo up
link set eth0 up
route add default via 10.0.0.1
route add default via fd00::1
""",
    "hub": """\
addr add 10.0.0.1/24 dev h-in
addr add fd00::1/64 dev h-in nodad
addr add 203.0.113.1/30 dev h-out
link set lo up
link set h-in up
link set h-out up
""",
    "isp": """\
addr add 203.0.113.2/30 dev i-hub
addr add 198.51.100.1/24 dev i-s1
addr add 192.0.2.1/24 dev i-s2
link set lo up
link set i-hub up
link set i-s1 up
link set i-s2 up
""",
    "s1": """\
addr add 198.51.100.2/24 dev out
addr add 10.1.0.1/16 dev lo
addr add fd01::1/128 dev lo nodad
link set lo up
link set out up
route add default via 198.51.100.1
""",
    "s2": """\
addr add 192.0.2.2/24 dev out
addr add 10.2.0.1/16 dev lo
addr add 10.3.0.1/24 dev lo
link set lo up
link set out up
route add default via 192.0.2.1
""",
}
# How the hub reaches its spokes. Lost with the link, so the lab can put it back.
UNDERLAY = """\
route add 198.51.100.0/24 via 203.0.113.2
route add 192.0.2.0/24 via 203.0.113.2
"""


class Topology:
    """What a lab is built of; the lines are those of `ip -batch`, without a host's name."""

    def __init__(self, hosts, links, addresses, routers, relaxed):
        self.hosts = hosts          # names of network namespaces
        self.links = links          # text with {host} for the namespace of `host`
        self.addresses = addresses  # host: lines
        self.routers = routers      # hosts that forward
        self.relaxed = relaxed      # hosts whose packets come out of other devices than their routes lead to


class Switch:
    """A host with a bridge that the hubs' `device`s are on; `lines`: the rest of it."""

    def __init__(self, host, bridge, device, lines):
        self.host, self.bridge, self.device, self.lines = host, bridge, device, lines


def hubs_between(outside, inside, hubs, spokes, others=None, links="", routers=()):
    """Hubs side by side between two switches, and spokes (`i-NAME`) behind the outer one. `hubs`, `spokes`, `others`: host to its lines."""
    switches = (outside, inside)
    links += "".join(f"link add {switch.device} netns {{{hub}}} type veth peer name p-{hub} netns {{{switch.host}}}\n"
                     for hub in hubs for switch in switches)
    links += "".join(f"link add out netns {{{spoke}}} type veth peer name i-{spoke} netns {{{outside.host}}}\n" for spoke in spokes)
    addresses = {hub: f"{lines}link set lo up\nlink set {outside.device} up\nlink set {inside.device} up\n" for hub, lines in hubs.items()}
    for switch in switches:
        ports = "".join(f"link set p-{hub} master {switch.bridge} up\n" for hub in hubs)
        addresses[switch.host] = f"link add {switch.bridge} type bridge\n{ports}link set {switch.bridge} up\nlink set lo up\n{switch.lines}"
    addresses[outside.host] += "".join(f"link set i-{spoke} up\n" for spoke in spokes)
    addresses.update({**spokes, **(others or {})})
    return Topology(tuple(addresses), links, addresses, (outside.host, *routers), tuple(hubs))


STANDARD = Topology(HOSTS, LINKS, {**ADDRESSES, "hub": ADDRESSES["hub"] + UNDERLAY}, ("hub", "isp"), ("hub",))
ESP_STATE = ("xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 reqid 1 mode tunnel "
             "aead rfc4106(gcm(aes)) 0x0123456789012345678901234567890123456789 128").split()


def inside_namespace(name, *argv):
    """The command line that runs `argv` there.

    Not `ip netns exec` and not `ip -n`: both remount `/`, which a chroot refuses.
    """
    return ["nsenter", f"--net=/run/netns/{name}", *argv]


class Skip(Exception):
    """This machine cannot run the scenario; the text says why."""


def why_no_namespaces():
    """'' where this process may make network namespaces, else the reason."""
    if os.geteuid() != 0:
        return "not root: network namespaces cannot be made"
    probe = f"rri-{os.getpid()}-probe"
    made = run(["ip", "netns", "add", probe], check=False)
    if made.returncode != 0:
        return f"no network namespaces here: {made.stderr.strip()}"
    entered = run(inside_namespace(probe, "true"), check=False)
    run(["ip", "netns", "del", probe], check=False)
    return entered.stderr.strip()


def kernel_takes(*words):
    """Whether `ip WORDS` succeeds: tried in a namespace of its own."""
    probe = f"rri-{os.getpid()}-probe"
    if run(["ip", "netns", "add", probe], check=False).returncode != 0:
        return False
    try:
        return run(inside_namespace(probe, "ip", *words), check=False).returncode == 0
    finally:
        run(["ip", "netns", "del", probe], check=False)


def has_kernel_esp():
    """Whether this kernel does ESP: found by really adding an ESP state."""
    return kernel_takes(*ESP_STATE)


def has_device(kind):
    """Whether this kernel has devices of this kind: found by really making one."""
    more = {"vrf": ("table", "100"), "xfrm": ("dev", "lo", "if_id", "1")}
    return kernel_takes("link", "add", "probe", "type", kind, *more.get(kind, ()))


class Lab:
    """The hosts, their processes and their directory; a context manager."""

    def __init__(self, mode, keep=False, topology=STANDARD):
        assert mode in ("kernel", "libipsec")
        self.mode = mode
        self.topology = topology
        self.keep = keep
        self.name = f"rri-{os.getpid()}"
        base = tempfile.gettempdir()
        if len(base) > LAB_DIRECTORY_MAX:
            base = "/tmp"
        self.directory = tempfile.mkdtemp(prefix=f"{self.name}-", dir=base)
        os.chmod(self.directory, 0o755)
        self.processes = []
        self.reports = []  # functions that give a text for the failure report

    @classmethod
    def kept(cls, name, directory, mode):
        """A lab that another process built and left standing, to be removed."""
        lab = cls.__new__(cls)
        lab.mode, lab.keep, lab.name, lab.directory = mode, False, name, directory
        lab.topology = STANDARD
        lab.processes, lab.reports = [], []
        return lab

    # ---- life ----------------------------------------------------------

    def __enter__(self):
        try:
            self._build()
        except BaseException as error:
            if isinstance(error, Exception):
                traceback.print_exc()
            self.remove()
            raise
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None and not issubclass(kind, (Skip, KeyboardInterrupt)):
            traceback.print_exception(kind, value, trace, file=sys.stderr)
            self.print_report()
        if not self.keep:
            self.remove()

    def _build(self):
        topology = self.topology
        batch = "".join(f"netns add {self.namespace(host)}\n" for host in topology.hosts)
        names = {host: self.namespace(host) for host in topology.hosts}
        run(["ip", "-batch", "-"], batch + topology.links.format(**names))
        for host, text in topology.addresses.items():
            self.ip_batch(host, text)
        for host in topology.routers:
            self.write_sysctl(host, "net/ipv4/ip_forward", "1")
            self.write_sysctl(host, "net/ipv6/conf/all/forwarding", "1")
        for host in topology.relaxed:
            self.write_sysctl(host, "net/ipv4/conf/all/rp_filter", "0")

    def remove(self):
        """Ends the processes, then removes the namespaces and the directory. Safe to call twice."""
        for process in reversed(self.processes):
            process.stop()
        batch = "".join(f"netns del {self.namespace(host)}\n" for host in self.topology.hosts)
        run(["ip", "-force", "-batch", "-"], batch, check=False)
        shutil.rmtree(self.directory, ignore_errors=True)

    # ---- hosts ---------------------------------------------------------

    def namespace(self, host):
        return f"{self.name}-{host}"

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def inside_of(self, host, *argv):
        return inside_namespace(self.namespace(host), *argv)

    def ip(self, host, *words, check=True):
        return self.execute(host, "ip", *words, check=check).stdout

    def ip_batch(self, host, text):
        run(self.inside_of(host, "ip", "-batch", "-"), text)

    def execute(self, host, *argv, check=True):
        return run(self.inside_of(host, *argv), check=check)

    def write_sysctl(self, host, name, value):
        run(self.inside_of(host, "sh", "-c", f"echo {value} > /proc/sys/{name}"))

    def spawn(self, host, argv, output, env=None):
        process = Process(self.inside_of(host, *argv), self.path(output), env)
        self.processes.append(process)
        return process

    def block_policies(self):
        """The hub's block policies as `ip xfrm policy` shows them, one text each, ascending."""
        shown = self.ip("hub", "xfrm", "policy", "list")
        policies = [" ".join(("src " + text).split()) for text in ("\n" + shown).split("\nsrc ")[1:]]
        return sorted(policy for policy in policies if "action block" in policy)

    # ---- routes and packets --------------------------------------------

    def routes(self, host="hub", *filters, family=4):
        """The main table as `ip -j route` gives it: a list of dictionaries."""
        text = self.ip(host, f"-{family}", "-j", "-d", "route", "show", *filters)
        return json.loads(text or "[]")

    def our_routes(self, prefix=None, host="hub"):
        """A hub's routes with our protocol number, by prefix when one is given."""
        return [route for route in self.routes(host, "proto", "213")
                if prefix is None or route["dst"] == prefix]

    def wait_route(self, prefix, seconds=15):
        """Waits until exactly one route of ours leads to `prefix`, and gives it."""
        found = wait_until(f"our route to {prefix} is in the hub's table",
                           lambda: self.our_routes(prefix), seconds)
        assert len(found) == 1, f"one route to {prefix} expected: {found}"
        return found[0]

    def wait_no_route(self, prefix, seconds=15):
        wait_until(f"our route to {prefix} is gone", lambda: not self.our_routes(prefix), seconds)

    def can_ping(self, source, address, count=1):
        """Whether `address` answers `source`, each try at most one second."""
        done = self.execute(source, "ping", "-n", "-q", "-c", str(count), "-i", "0.2", "-W", "1", address,
                            check=False)
        return done.returncode == 0

    def wait_ping(self, source, address, seconds=15):
        wait_until(f"{source} reaches {address}", lambda: self.can_ping(source, address), seconds)

    # ---- when it fails -------------------------------------------------

    def print_report(self):
        """What somebody needs who was not there."""
        def section(title, text):
            print(f"----- {title}\n{text.rstrip()}", file=sys.stderr)

        for words in (("-d", "route"), ("-6", "-d", "route"), ("-d", "addr"), ("rule",), ("xfrm", "policy"), ("xfrm", "state")):
            for host in self.topology.relaxed:
                done = self.execute(host, "ip", *words, check=False)
                section(f"{host}: ip {' '.join(words)}", done.stdout + done.stderr)
        for title, text in self.reports:
            try:
                section(title, text())
            except (OSError, AssertionError, subprocess.SubprocessError) as error:
                section(title, f"not to be had: {error}")
