"""IKEv2 with `dpd` and one peer, or any peer: a dead one is noticed when the configuration says so, not after charon's 165 s."""

import time

from lab.standing import S1_LAN, S2_LAN, End
from lab.waiting import wait_until
from managed_failover_test import COMMON, RESPONDER, with_default_retransmission

SPOKE = """\
access-list 101 permit ip {lan} 0.0.255.255 10.0.0.0 0.0.0.255
crypto map mymap 1 ipsec-isakmp
 set peer 203.0.113.1
 set transform-set T
 set ikev2-profile P
 match address 101
 reverse-route
"""
DPD = COMMON.format(dpd=" dpd 10 2 periodic\n")
LONGEST = 28  # a check after 10 s, 10 s for the answer, and what a busy machine needs


def scenario(lab):
    hub = End(lab, "hub", DPD + RESPONDER)
    s1 = End(lab, "s1", DPD + SPOKE.format(lan="10.1.0.0"))
    s2 = End(lab, "s2", COMMON.format(dpd="") + SPOKE.format(lan="10.2.0.0"))
    for end in (hub, s1, s2):
        with_default_retransmission(end.charon)
        end.start()
    lab.wait_route(S1_LAN, 40)
    lab.wait_route(S2_LAN, 40)

    s2.charon.kill9()
    begin = time.monotonic()
    wait_until("the hub drops the dead spoke's route", lambda: not lab.our_routes(S2_LAN), LONGEST)
    print(f"dynamic map: gone after {time.monotonic() - begin:.1f} s with `dpd 10 2`")
    assert "peer 192.0.2.2 has not answered for 10 s" in hub.rrid.log()
    assert lab.our_routes(S1_LAN), "the living spoke's route went too"

    hub.charon.kill9()
    begin = time.monotonic()
    wait_until("the spoke ends the dead hub's tunnel", lambda: not s1.charon.tunnels(), LONGEST)
    print(f"one peer: gone after {time.monotonic() - begin:.1f} s")
    hub.charon.start()
    wait_until("the tunnel is up again", s1.charon.tunnels, 60)
