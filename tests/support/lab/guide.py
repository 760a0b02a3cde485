"""The operator guide as a test reads it: each file that it shows, under host and path.

    **hub** `/etc/rri/startup-config`

    ```
    hostname HUB
    ...
    ```

Below, how a host of a lab comes up from these files. What differs from a real hub:
sockets are in the lab's directory, and OSPF has short timers.
"""

import json
import os
import re

from .daemon import PROGRAMS, ROOT
from .frr import Frr
from .strongswan import IOS_PROPOSALS, Charon
from .topology import ADDRESSES, HUB_ADDRESS, Switch, hubs_between

# hub-a and hub-b between the core (inside, 10.0.0.10) and the ISP (203.0.113.6); 203.0.113.1 is free for a virtual address.
_HUB = "addr add 10.0.0.{number}/24 dev eth1\naddr add 203.0.113.{number}/29 dev eth0\n"
PAIR = hubs_between(
    Switch("isp", "br0", "eth0", "addr add 203.0.113.6/29 dev br0\naddr add 198.51.100.1/24 dev i-s1\naddr add 192.0.2.1/24 dev i-s2\n"),
    Switch("core", "eth0", "eth1", "addr add 10.0.0.10/24 dev eth0\n"),
    hubs={"hub-a": _HUB.format(number=2), "hub-b": _HUB.format(number=3)},
    spokes={spoke: ADDRESSES[spoke] for spoke in ("s1", "s2")})

GUIDE = os.path.join(ROOT, "docs", "guide.md")
FILE = re.compile(r"^\*\*(?P<host>[\w, -]+)\*\* `(?P<path>/[^`]+)`[^\n]*\n\n```[a-z]*\n(?P<text>.*?)^```$", re.M | re.S)


class Design:
    """One section of the guide: `files[host, path]` is the text of a file."""

    def __init__(self, title):
        with open(GUIDE, encoding="utf-8") as text:
            sections = re.split(r"^## ", text.read(), flags=re.M)
        found = [section for section in sections if section.startswith(title + "\n")]
        assert len(found) == 1, f"{GUIDE} has {len(found)} sections {title!r}"
        self.files = {}
        for block in FILE.finditer(found[0]):
            for host in block["host"].split(", "):
                assert (host, block["path"]) not in self.files, f"{block['path']} of {host} is there twice"
                self.files[host, block["path"]] = block["text"]
        assert self.files, f"section {title!r} shows no files"

    def text(self, host, path):
        assert (host, path) in self.files, f"the guide shows no {path} of {host}; it shows {sorted(self.files)}"
        return self.files[host, path]

    def configuration(self, host, vici, *more):
        """The startup configuration with charon's socket named, and `more` lines in its `rri` section."""
        section = "".join(f" {line}\n" for line in (f"ike strongswan socket {vici}", *more))
        return f"rri\n{section}{self.text(host, '/etc/rri/startup-config')}"

    def write_sysctls(self, lab, host):
        for line in self.text(host, "/etc/sysctl.d/90-rri.conf").splitlines():
            name, value = (part.strip() for part in line.split("="))
            lab.write_sysctl(host, name.replace(".", "/"), value)

    def start_charon(self, lab, host):
        """charon with the guide's lines in place of the lab's, and no connection of its own."""
        charon = Charon(lab, host)
        conf = os.path.join(charon.directory, "strongswan.conf")
        with open(conf, encoding="utf-8") as text:
            lines = [line for line in text if "install_routes" not in line and "make_before_break" not in line]
        with open(conf, "w", encoding="utf-8") as out:
            out.write("".join(lines) + self.text(host, "/etc/strongswan.d/rri.conf"))
        charon.configure_nothing()
        return charon.start()

    def start_frr(self, lab, host, interface, network, name=None):
        """FRR with the guide's integrated file, loaded as its start script does; `name`: the host in the guide."""
        frr = Frr(lab, host, {"ospfd": ""}).start()
        # Before the area comes: a broadcast network waits for its dead interval, 40 s, before it elects.
        frr.configure(f"interface {interface}", f"ip ospf network {network}", "ip ospf hello-interval 1", "ip ospf dead-interval 4")
        frr.load(self.text(name or host, "/etc/frr/frr.conf"))
        return frr


def what_is_wrong(lab, host, socket, *words):
    """The doctor's findings that are wrong."""
    done = lab.execute(host, os.path.join(PROGRAMS, "rri"), "--socket", socket, "doctor", "--json", *words, check=False)
    wrong = [finding for finding in json.loads(done.stdout)["findings"] if finding["verdict"] == "wrong"]
    assert done.returncode == (1 if wrong else 0), f"status {done.returncode}: {wrong}"
    return wrong


def assert_doctor_finds_nothing(lab, host, socket, *words):
    wrong = what_is_wrong(lab, host, socket, *words)
    assert not wrong, f"the doctor finds on {host}:\n" + "\n".join(map(str, wrong))


class Spoke(Charon):
    """A spoke that dials one address, and another one when it is told to."""

    def configure_peer(self, peer):
        path = os.path.join(self.directory, "swanctl", "swanctl.conf")
        with open(path, encoding="utf-8") as text:
            lines = [f"    remote_addrs = {peer}\n" if "remote_addrs" in line else line for line in text]
        with open(path, "w", encoding="utf-8") as out:
            out.write("".join(lines))
        if self.process:
            self.swanctl("--load-all", "--noprompt")


def start_spoke(lab, name, peer=HUB_ADDRESS, lan="10.1.0.0/16"):
    spoke = Spoke(lab, name)
    spoke.configure_spoke(lans=lan, hub_lans="10.0.0.0/24", proposals=IOS_PROPOSALS)
    spoke.configure_peer(peer)
    spoke.start()
    return spoke
