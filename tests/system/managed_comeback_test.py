"""IPsec in user space, an entry with two peers: a tunnel that is cleared comes back; a peer that closes each at once is called ever more seldom."""

import time

from lab.standing import End
from lab.waiting import wait_until
from managed_peers_test import HUB, POLICY

SPOKE = """\
crypto isakmp key cisco123 address 0.0.0.0 0.0.0.0
crypto ipsec transform-set T esp-aes esp-sha256-hmac
access-list 101 permit ip 10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255
crypto map mymap 1 ipsec-isakmp
 set peer 203.0.113.1 default
 set peer 192.0.2.2
 set transform-set T
 match address 101
 reverse-route
"""
WATCHED_SECONDS = 16
MOST_CALLS = 5  # after 1, 2, 4 and 8 s


def scenario(lab):
    hub = End(lab, "hub", POLICY.format(group=19) + HUB).start()
    hub.wait_connections(["rri-mymap-100-any_10"])
    End(lab, "s2", POLICY.format(group=19) + HUB).start()
    spoke = End(lab, "s1", POLICY.format(group=19) + SPOKE).start()
    wait_until("the tunnel is up", spoke.charon.tunnels, 20)
    for who, command in ((spoke, "clear crypto sa"), (hub, "clear crypto sa"), (hub, "clear crypto session"), (spoke, "clear crypto session")):
        before = spoke.charon.spis()
        begin = time.monotonic()
        who.rrid.show(command)
        wait_until(f"after {command} on {who.host} it is back", lambda before=before: spoke.charon.spis() and not spoke.charon.spis() & before, 20)
        print(f"{command} on {who.host}: back after {time.monotonic() - begin:.1f} s")
    mark, begin = len(spoke.charon.log()), time.monotonic()
    while time.monotonic() - begin < WATCHED_SECONDS:
        for _, child in hub.charon.tunnels():
            hub.charon.swanctl("--terminate", "--child", child, check=False)
    calls = spoke.charon.log()[mark:].count("established with SPIs")
    assert calls <= MOST_CALLS, f"{calls} calls"
