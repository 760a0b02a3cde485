"""The two-hub network of the operator guide.

              +-- eth1 hub-a eth0 --+          +-- s1  LAN 10.1.0.0/16
    core -----|                     |--- isp --|
    10.0.0.10 +-- eth1 hub-b eth0 --+          +-- s2  LAN 10.2.0.0/16

Inside is one network (the core has a bridge `eth0`), and so is the outside: the ISP
is 203.0.113.6 there, and 203.0.113.1 is free for a virtual address.
"""

import os

from .strongswan import IOS_PROPOSALS, Charon
from .topology import ADDRESSES, HUB_ADDRESS, Topology

LINKS = """\
link add eth1 netns {hub-a} type veth peer name p-a netns {core}
link add eth1 netns {hub-b} type veth peer name p-b netns {core}
link add eth0 netns {hub-a} type veth peer name p-a netns {isp}
link add eth0 netns {hub-b} type veth peer name p-b netns {isp}
link add out netns {s1} type veth peer name i-s1 netns {isp}
link add out netns {s2} type veth peer name i-s2 netns {isp}
"""
BRIDGE = """\
link add {name} type bridge
link set p-a master {name}
link set p-b master {name}
link set p-a up
link set p-b up
link set {name} up
link set lo up
addr add {address} dev {name}
"""
HUB = """\
addr add 10.0.0.{number}/24 dev eth1
addr add 203.0.113.{number}/29 dev eth0
link set lo up
link set eth0 up
link set eth1 up
"""
PAIR = Topology(
    hosts=("hub-a", "hub-b", "core", "isp", "s1", "s2"),
    links=LINKS,
    addresses={
        "core": BRIDGE.format(name="eth0", address="10.0.0.10/24"),
        "isp": BRIDGE.format(name="br0", address="203.0.113.6/29") +
               "addr add 198.51.100.1/24 dev i-s1\naddr add 192.0.2.1/24 dev i-s2\nlink set i-s1 up\nlink set i-s2 up\n",
        "hub-a": HUB.format(number=2),
        "hub-b": HUB.format(number=3),
        "s1": ADDRESSES["s1"],
        "s2": ADDRESSES["s2"],
    },
    routers=("isp",), relaxed=("hub-a", "hub-b"))


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
