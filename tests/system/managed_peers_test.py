"""Three peers: one that does not answer and one that refuses are given up for the next, and the route goes where the tunnel is."""

import json
import time

from lab.standing import End
from lab.waiting import wait_until

POLICY = """\
crypto isakmp policy 10
 encryption aes
 hash sha256
 authentication pre-share
 group {group}
"""
HUB = """\
crypto isakmp key cisco123 address 0.0.0.0 0.0.0.0
crypto ipsec transform-set T esp-aes esp-sha256-hmac
ip access-list extended NETS
 permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255
crypto dynamic-map DYN 10
 set transform-set T
 match address NETS
 reverse-route
crypto map mymap 100 ipsec-isakmp dynamic DYN
"""
SPOKE = """\
crypto isakmp key cisco123 address 203.0.113.0 255.255.255.0
crypto isakmp key cisco123 address 192.0.2.0 255.255.255.0
crypto isakmp keepalive 10 2
crypto ipsec transform-set T esp-aes esp-sha256-hmac
access-list 101 permit ip 10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255
crypto map mymap 1 ipsec-isakmp
 set peer 192.0.2.77
 set peer 192.0.2.2
 set peer 203.0.113.1
 set transform-set T
 match address 101
 reverse-route
"""
PATIENCE_SECONDS = 10  # five retries of 2 s


def current_peer(end):
    """As people and as programs see it; it may change between two answers."""
    texts = [end.rrid.show("show crypto map")]
    entry = json.loads(end.rrid._rri("-c", "show crypto map", "--json").stdout)["crypto_maps"][0]["entries"][0]
    texts.append(end.rrid.show("show crypto map"))
    assert any(f"Current peer: {entry['current_peer']}\n" in text for text in texts), texts
    return entry["current_peer"]


def scenario(lab):
    hub = End(lab, "hub", POLICY.format(group=19) + HUB).start()
    refusing = End(lab, "s2", POLICY.format(group=20) + HUB).start()
    for end in (hub, refusing):
        end.wait_connections(["rri-mymap-100-any_10"])
    spoke = End(lab, "s1", POLICY.format(group=19) + SPOKE).start()
    spoke.wait_connections(["rri-mymap-1-192_0_2_77", "rri-mymap-1-192_0_2_2", "rri-mymap-1-203_0_113_1"])
    begin = time.monotonic()
    assert current_peer(spoke) == "192.0.2.77"
    wait_until("the silent peer is given up", lambda: current_peer(spoke) != "192.0.2.77", 20)
    silent = time.monotonic() - begin
    wait_until("the third peer has the tunnel",
               lambda: ("rri-mymap-1-203_0_113_1", "rri-mymap-1-10_1_0_0_16_to_10_0_0_0_24") in spoke.charon.tunnels(), 20)
    print(f"silent peer given up after {silent:.1f} s, the refusing one after {time.monotonic() - begin - silent:.1f} s more")
    assert PATIENCE_SECONDS - 2 < silent, "the first peer was not given its time"
    assert current_peer(spoke) == "203.0.113.1"
    lab.wait_route("10.1.0.0/16")
    lab.wait_ping("inside", "10.1.0.1")
    row = hub.rrid.wait_state("10.1.0.0/16", "active")
    assert (row["map"], row["seq"]) == ("mymap", 100), row
    log = spoke.rrid.log()
    for words in ("peer 192.0.2.77 has not answered for 10 s", "peer 2 of 3 is current",
                  "peer 192.0.2.2 refuses the tunnel, or cannot be reached", "peer 3 of 3 is current"):
        assert words in log, f"{words!r} is not in the log"
