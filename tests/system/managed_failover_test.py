"""IKEv2 with `dpd`: a dead peer is given up long before charon's 165 s, and the default peer is current again when it can be."""

import time

from lab.standing import End
from lab.waiting import wait_until

COMMON = """\
crypto ikev2 proposal P
 encryption aes-cbc-128
 integrity sha256
 group 19
crypto ikev2 policy P
 proposal P
crypto ikev2 keyring K
 peer all
  address 0.0.0.0 0.0.0.0
  pre-shared-key cisco123
crypto ikev2 profile P
 match identity remote address 0.0.0.0
 authentication remote pre-share
 authentication local pre-share
 keyring local K
{dpd}crypto ipsec transform-set T esp-aes esp-sha256-hmac
"""
RESPONDER = """\
crypto dynamic-map DYN 10
 set transform-set T
 set ikev2-profile P
 reverse-route
crypto map mymap 100 ipsec-isakmp dynamic DYN
"""
SPOKE = """\
access-list 101 permit ip 10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255
crypto map mymap 1 ipsec-isakmp
 set peer 192.0.2.2
 set peer 203.0.113.1 default
 set transform-set T
 set ikev2-profile P
 match address 101
 reverse-route
"""
TO_HUB, TO_S2 = "rri-mymap-1-203_0_113_1", "rri-mymap-1-192_0_2_2"


def with_default_retransmission(charon):
    path = f"{charon.directory}/strongswan.conf"
    with open(path, encoding="utf-8") as text:
        lines = [line for line in text if "retransmit" not in line]
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(lines)


def scenario(lab):
    # kernel-libipsec wants an address of its own behind every local selector.
    lab.ip("s2", "addr", "add", "10.0.0.99/32", "dev", "lo")
    responders = [End(lab, host, COMMON.format(dpd="") + RESPONDER).start() for host in ("hub", "s2")]
    for end in responders:
        end.wait_connections(["rri-mymap-100-any_10"])
    hub, other = responders
    spoke = End(lab, "s1", COMMON.format(dpd=" dpd 10 2 periodic\n") + SPOKE)
    with_default_retransmission(spoke.charon)
    spoke.start()

    def tunnel_is_with(connection):
        return {name for name, _ in spoke.charon.tunnels()} == {connection}
    wait_until("the tunnel is with the default peer", lambda: tunnel_is_with(TO_HUB), 20)

    hub.charon.kill9()
    begin = time.monotonic()
    wait_until("the tunnel is with the other peer", lambda: tunnel_is_with(TO_S2), 30)
    print(f"failover after {time.monotonic() - begin:.1f} s with `dpd 10 2`")
    assert "Current peer: 192.0.2.2\n" in spoke.rrid.show("show crypto map")
    assert "peer 203.0.113.1 has not answered for 10 s" in spoke.rrid.log()

    hub.charon.start()
    hub.wait_connections(["rri-mymap-100-any_10"], 30)
    spoke.rrid.show("clear crypto sa")
    wait_until("the tunnel is with the default peer again", lambda: tunnel_is_with(TO_HUB), 30)
    assert "Current peer: 203.0.113.1\n" in spoke.rrid.show("show crypto map")
    assert other.rrid.process.is_running()
