"""Other hands in charon: what `swanctl --load-all` and `clear-creds` of others take out is back, charon's service manager may
stop it, and while it hangs for 30 s the shell answers, routes stay, and what was configured meanwhile comes after."""

import re
import signal
import time

from lab.standing import S1_HOST, S1_LAN, End
from lab.waiting import wait_until
from managed_tunnels_test import HUB_CONNECTION, hub_crypto, spoke_crypto

LOOK_SECONDS = 10  # rrid looks so often
HUNG_SECONDS = 30


def unloaded_by_others(lab, hub):
    begin = time.monotonic()
    hub.charon.swanctl("--load-all", "--noprompt")  # of an empty swanctl.conf
    assert not hub.charon.connections(), "swanctl no longer unloads what is not in its file"
    hub.wait_connections([HUB_CONNECTION], LOOK_SECONDS + 5)
    print(f"loaded again after {time.monotonic() - begin:.1f} s")
    hub.charon.ask("clear-creds")
    assert b"rri-" not in hub.charon.ask("get-shared")
    wait_until("the key is back", lambda: b"rri-key" in hub.charon.ask("get-shared"), LOOK_SECONDS + 5)
    wait_until("the tunnel is up", hub.charon.tunnels, 40)
    lab.wait_ping("inside", S1_HOST, 30)


def restarted_by_its_manager(lab, hub):
    hub.charon.stop()
    hub.charon.start()
    hub.wait_connections([HUB_CONNECTION], 15)
    wait_until("the tunnel is up again", hub.charon.tunnels, 40)
    lab.wait_ping("inside", S1_HOST, 30)


def hung(lab, hub):
    tunnels = hub.charon.tunnels()
    loads = hub.rrid.log().count(f"load connection {HUB_CONNECTION}")
    hub.charon.process.signal(signal.SIGSTOP)
    begin = time.monotonic()
    slowest = 0.0
    try:
        hub.change(hub_crypto(" reverse-route\n set reverse-route tag 77\n set security-association lifetime seconds 1800\n"))
        while time.monotonic() - begin < HUNG_SECONDS:
            asked = time.monotonic()
            assert hub.rrid.rows(S1_LAN)[0]["state"] == "active", "the route went with a charon that hangs"
            slowest = max(slowest, time.monotonic() - asked)
            hub.rrid.show("show rri")
    finally:
        hub.charon.process.signal(signal.SIGCONT)
    print(f"slowest answer of the shell while charon hung: {slowest:.2f} s")
    assert slowest < 2, f"an answer took {slowest:.1f} s"
    assert "Current peer" in hub.rrid.show("show crypto map")
    wait_until("the change of meanwhile is loaded", lambda: hub.rrid.log().count(f"load connection {HUB_CONNECTION}") > loads, 30)
    wait_until("charon has the new lifetime", lambda: re.search(r"rekeying every 1620s", hub.charon.swanctl("--list-conns").stdout), 15)
    wait_until("the tunnel is there", lambda: hub.charon.tunnels() == tunnels, 40)
    lab.wait_ping("inside", S1_HOST, 30)


def scenario(lab):
    hub = End(lab, "hub", hub_crypto()).start()
    spoke = End(lab, "s1", spoke_crypto()).start()
    spoke.wait_connections(["rri-mymap-1-203_0_113_1"])
    lab.wait_route(S1_LAN, 30)
    unloaded_by_others(lab, hub)
    restarted_by_its_manager(lab, hub)
    hung(lab, hub)
