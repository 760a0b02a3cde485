"""A new rrid adopts routes and pins whose peers are reached by an `ip route` line of the same configuration, without an operation."""

from lab.daemon import Rrid
from lab.monitor import RouteMonitor
from lab.waiting import wait_until

CONFIGURATION = """\
rri
 ike strongswan socket {vici} observe
!
access-list 101 permit ip 10.0.0.0 0.0.0.255 10.8.0.0 0.0.255.255
access-list 102 permit ip 10.0.0.0 0.0.0.255 10.9.0.0 0.0.255.255
!
crypto map mymap 10 ipsec-isakmp
 set peer 198.18.1.1
 match address 101
 reverse-route static
crypto map mymap 20 ipsec-isakmp
 set peer 198.18.1.2
 match address 102
 reverse-route remote-peer static
!
interface GigabitEthernet0/0/1
 linux device h-out
 crypto map mymap
!
ip route {underlay} 203.0.113.2
end
"""
PROXIES, PIN = ["10.8.0.0/16", "10.9.0.0/16"], "198.18.1.2"


def scenario(lab):
    for underlay in ("198.18.0.0 255.255.0.0", "0.0.0.0 0.0.0.0"):
        rrid = Rrid(lab, CONFIGURATION.format(vici=lab.path("nobody.vici"), underlay=underlay)).start()
        for prefix in [*PROXIES, PIN]:
            lab.wait_route(prefix)
        before = lab.our_routes()
        monitor = RouteMonitor(lab)
        for end in (rrid.kill9, rrid.stop):
            mark = monitor.mark()
            end()
            rrid.start()
            wait_until("the new rrid is in sync", lambda: "in sync" in rrid.show("show rri"))
            for prefix in [*PROXIES, f"{PIN}/32"]:
                rrid.wait_state(prefix, "active")
            assert not monitor.since(mark), monitor.since(mark)
            assert lab.our_routes() == before, lab.our_routes()
        rrid.stop()
        lab.execute("hub", "ip", "route", "flush", "proto", "213")
