"""A `standby` group with IPv6 addresses in real keepalived (VRRPv3): the active hub alone has the IPv6 routes, and the other takes over.

The routes are ACL-driven, so that they hang on the group alone.
"""

import time

from lab.daemon import Rrid
from lab.keepalived import Keepalived
from lab.pair import HUBS, TOPOLOGY  # noqa: F401  (TOPOLOGY is read by run_scenario)
from lab.waiting import wait_until

ADDRESS = {"hub1": "2001:db8:9::2", "hub2": "2001:db8:9::4"}
VIRTUAL = "2001:db8:9::3"
LAN = "2001:db8:a::/48"
CONFIGURATION = """\
hostname {hub}
rri
 ike xfrm
 redundancy keepalived fifo {fifo}
crypto map mymap 1 ipsec-isakmp
 set peer 2001:db8:f::1
 match address NETS
 reverse-route static
interface GigabitEthernet0/0/1
 linux device h-out
 ipv6 address {address}/64
 standby version 2
 standby 6 ipv6 {virtual}/64
 standby 6 name SIX
 standby 6 timers msec 200 msec 600
 crypto map mymap redundancy SIX
ipv6 access-list NETS
 permit ipv6 2001:db8:1::/64 2001:db8:a::/48
"""


def scenario(lab):
    daemons, runners = {}, {}
    for hub in HUBS:
        lab.ip_batch(hub, f"addr add {ADDRESS[hub]}/64 dev h-out nodad\nroute add 2001:db8:f::/48 via 2001:db8:9::1\n")
        daemons[hub] = Rrid(lab, CONFIGURATION.format(hub=hub, fifo=lab.path(f"{hub}.fifo"), address=ADDRESS[hub], virtual=VIRTUAL), host=hub).start()
        rendered = daemons[hub].render("keepalived", daemons[hub].config_path)
        assert f"{VIRTUAL}/128" in rendered and "fe80::5:73ff:fea0:6" in rendered, rendered
        # VRRP speaks from the link-local address, and cannot while the kernel still looks whether it is unique.
        wait_until(f"{hub}'s addresses are settled", lambda hub=hub: "tentative" not in lab.ip(hub, "-6", "addr", "show", "dev", "h-out"))
        runners[hub] = Keepalived(lab, hub, rendered).start()

    def active():
        return [hub for hub in HUBS if [route for route in lab.routes(hub, "proto", "213", family=6) if route["dst"] == LAN]]

    def follow(what, wanted):
        begin = time.monotonic()
        wait_until(f"one hub alone has the route ({what})", lambda: len(active()) == 1 and active()[0] in wanted, 20)
        hub = active()[0]
        assert VIRTUAL in lab.ip(hub, "-6", "addr", "show", "dev", "h-out")
        print(f"{what:<20} -> {hub}: route {time.monotonic() - begin:5.2f} s", flush=True)
        return hub

    first = follow("start", HUBS)
    second = next(hub for hub in HUBS if hub != first)
    assert "standby group SIX is Standby (keepalived says BACKUP)" in daemons[second].show("show crypto route")
    assert daemons[second].show("show standby brief").splitlines()[-1].split()[3] == "Standby"
    runners[first].stop()
    follow("keepalived stopped", [second])
    runners[first].start()
    wait_until("the other hub is ready", lambda: "Standby" in daemons[first].show("show standby brief"))
    lab.ip(second, "link", "set", "h-out", "down")
    follow("power off", [first])
