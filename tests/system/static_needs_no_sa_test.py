"""`reverse-route remote-peer ADDR gateway static` makes pin and route without an SA, the pin first, beside an `ip route` line."""

from lab.daemon import Rrid
from lab.monitor import RouteMonitor

CONFIGURATION = """\
rri
 ike strongswan socket {vici} observe
 route form peer
!
access-list 102 permit ip 10.0.0.0 0.0.0.255 10.8.0.0 0.0.255.255
!
crypto map mymap 1 ipsec-isakmp
 set peer 198.51.100.2
 match address 102
 reverse-route remote-peer 203.0.113.2 gateway static
!
interface GigabitEthernet0/0/1
 linux device h-out
 crypto map mymap
!
ip route 10.9.0.0 255.255.0.0 203.0.113.2 20
end
"""
PEER, PROXY, STATIC = "198.51.100.2", "10.8.0.0/16", "10.9.0.0/16"


def scenario(lab):
    monitor = RouteMonitor(lab)
    mark = monitor.mark()
    rrid = Rrid(lab, CONFIGURATION.format(vici=lab.path("nobody.vici"))).start()
    assert lab.wait_route(PROXY)["gateway"] == PEER
    assert lab.wait_route(PEER)["gateway"] == "203.0.113.2"
    assert lab.wait_route(STATIC)["metric"] == 20 << 24
    assert rrid.wait_state(PROXY, "active")["driver"] == "acl"

    operations = monitor.since(mark)
    order = [next(index for index, line in enumerate(operations) if f"{prefix} " in line) for prefix in (PEER, PROXY)]
    assert order == sorted(order), f"the pin did not come first: {operations}"
    assert len(operations) == 3, operations
