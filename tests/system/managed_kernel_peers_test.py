"""Kernel ESP: traffic that meets the trap of a peer that refuses brings up the tunnel with the next one, and the trap goes there."""

import re
import time

from lab.standing import End
from lab.waiting import wait_until
from managed_peers_test import HUB, POLICY, SPOKE

MODE = "kernel"


def scenario(lab):
    hub = End(lab, "hub", POLICY.format(group=19) + HUB).start()
    refusing = End(lab, "s2", POLICY.format(group=20) + HUB).start()
    for end in (hub, refusing):
        end.wait_connections(["rri-mymap-100-any_10"], 30)
    spoke = End(lab, "s1", POLICY.format(group=19) + SPOKE.replace(" set peer 192.0.2.77\n", "")).start()
    spoke.wait_connections(["rri-mymap-1-192_0_2_2", "rri-mymap-1-203_0_113_1"], 30)

    def traps(peer):
        return re.findall(rf"dir out.*\n\ttmpl src \S+ dst {peer}\s", lab.ip("s1", "xfrm", "policy"))
    wait_until("the first peer has the trap", lambda: traps("192.0.2.2") and not traps("203.0.113.1"), 30)
    begin = time.monotonic()

    def answers():
        return lab.execute("s1", "ping", "-n", "-q", "-c", "1", "-W", "1", "-I", "10.1.0.1", "10.0.0.10", check=False).returncode == 0
    wait_until("traffic brings up the tunnel with the second peer", answers, 30)
    print(f"traffic flows {time.monotonic() - begin:.1f} s after the first packet")
    assert traps("203.0.113.1") and not traps("192.0.2.2"), lab.ip("s1", "xfrm", "policy")
    assert "peer 192.0.2.2 refuses the tunnel" in spoke.rrid.log()
