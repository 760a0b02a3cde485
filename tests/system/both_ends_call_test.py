"""IKEv2 started from both ends at once: of two equal tunnels one goes, for good, and the route never does."""

import time

from lab.monitor import RouteMonitor
from lab.standing import S1_LAN, End
from lab.waiting import wait_until
from tunnel_failures_test import COMMON, HUB, SPOKE

LONGER_THAN_A_LOOK = 13


def scenario(lab):
    lab.ip("s1", "link", "set", "out", "down")
    hub = End(lab, "hub", COMMON.format(**HUB))
    spoke = End(lab, "s1", COMMON.format(**SPOKE))
    for end in (hub, spoke):
        path = f"{end.charon.directory}/strongswan.conf"
        with open(path, encoding="utf-8") as text:
            patient = text.read().replace("retransmit_tries = 2", "retransmit_tries = 40")
        with open(path, "w", encoding="utf-8") as out:
            out.write(patient)
        end.start()
    for end in (hub, spoke):
        wait_until(f"{end.host} calls", lambda end=end: "CONNECTING" in end.charon.swanctl("--list-sas").stdout, 20)
    lab.ip("s1", "link", "set", "out", "up")
    lab.ip("s1", "route", "replace", "default", "via", "198.51.100.1", check=False)
    lab.wait_route(S1_LAN, 60)
    monitor = RouteMonitor(lab)
    mark = monitor.mark()
    wait_until("both calls made a tunnel", lambda: len(hub.charon.ike_ids()) == 2 == len(spoke.charon.ike_ids()), 20)
    wait_until("one of them is left", lambda: len(hub.charon.ike_ids()) == 1 == len(spoke.charon.ike_ids()), 50)
    left = hub.charon.ike_ids()
    begin = time.monotonic()
    while time.monotonic() - begin < LONGER_THAN_A_LOOK:
        assert hub.charon.ike_ids() == left, "it does not stay"
        assert hub.charon.tunnels() and spoke.charon.tunnels()
    assert not monitor.since(mark, "10.1.0.0"), monitor.since(mark, "10.1.0.0")
    assert "one of two equal tunnels is ended" in hub.rrid.log() + spoke.rrid.log()
