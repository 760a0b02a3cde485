"""`ike xfrm` with strongSwan gives the routes that VICI gives, and the kernel's counters; traps, blocks and holds give none; SAs expire and are flushed; no key stays with rrid."""

import json
import re

from lab.standing import S1_HOST, S1_LAN, Standing
from lab.waiting import wait_until

MODE = "kernel"
# A trap for s2, a trap for any peer, a block, a hold and a bypass: none has an SA.
IDLE_POLICIES = """\
xfrm policy add dir out src 10.0.0.0/24 dst 10.20.0.0/16 priority 9 tmpl src 203.0.113.1 dst 192.0.2.2 proto esp reqid 90 mode tunnel
xfrm policy add dir out src 10.0.0.0/24 dst 10.21.0.0/16 priority 9 tmpl src 203.0.113.1 dst 0.0.0.0 proto esp reqid 91 mode tunnel
xfrm policy add dir out src 10.0.0.0/24 dst 10.22.0.0/16 priority 9 action block
xfrm policy add dir out src 10.0.0.0/24 dst 10.23.0.0/16 priority 9 tmpl src 0.0.0.0 dst 0.0.0.0 proto esp reqid 0 mode transport
xfrm policy add dir out src 10.0.0.0/24 dst 10.24.0.0/16 priority 9
"""
# An SA and its policy by hand; the SA expires by itself.
EXPIRING = """\
xfrm state add src 203.0.113.1 dst 192.0.2.2 proto esp spi 0x77 reqid 77 mode tunnel enc cbc(aes) 0x00112233445566778899aabbccddeeff auth hmac(sha256) 0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff limit time-hard 12
xfrm policy add dir out src 10.0.0.0/24 dst 10.25.0.0/16 tmpl src 203.0.113.1 dst 192.0.2.2 proto esp reqid 77 mode tunnel
"""
SA_ROUTES = {S1_LAN, "10.25.0.0/16"}


def kernel_says_of_sas(lab, rrid):
    """Counters, SPIs and algorithms are the kernel's; what only an IKE daemon can do is refused with the cure."""
    def outbound():
        done = rrid._rri("-c", "show crypto ipsec sa", "--json")
        return next(sa for sa in json.loads(done.stdout)["sas"] if sa["remote_selectors"] == [S1_LAN])
    before = outbound()
    assert before["packets_out"] > 0 and before["packets_in"] > 0 and before["transform"] == "esp-aes esp-sha256-hmac", before
    assert lab.can_ping("inside", S1_HOST)
    assert outbound()["packets_out"] > before["packets_out"]
    states = lab.ip("hub", "xfrm", "state", "list")
    assert f"spi 0x{int(before['spi_out'], 16):08x}" in states and f"spi 0x{int(before['spi_in'], 16):08x}" in states, (before, states)
    rrid.show("clear crypto sa counters")
    assert outbound()["packets_out"] < before["packets_out"]
    session = rrid.show("show crypto session detail")
    assert "Session status: UP-NO-IKE" in session and "Crypto map entry: VPN 65000 (dynamic SPOKES 10)" in session, session
    refused = rrid._rri("-c", "clear crypto sa")
    assert "ipsec auto --down" in refused.stdout + refused.stderr, refused
    assert "spi 0x" in lab.ip("hub", "xfrm", "state", "list"), "clear took the kernel's SAs"


def no_key_stays(lab, rrid):
    """Neither in what rrid writes, nor in its memory after it read them, twice."""
    keys = re.findall(r"(?:enc|auth-trunc|auth|aead) \S+ 0x([0-9a-f]+)", lab.ip("hub", "xfrm", "state", "list"))
    assert len(keys) >= 4, keys
    told = rrid.log() + rrid.record() + rrid.show("show tech-support")
    for key in keys:
        assert key not in told, "a key is told"
        assert not rrid.process.memory_holds(bytes.fromhex(key)), "a key is in rrid's memory"
    assert rrid.process.memory_holds(b"SPOKE-NETS"), "the search through the memory finds nothing at all"


def scenario(lab):
    standing = Standing(lab, hold_down=3, ike="ike xfrm")
    lab.ip_batch("hub", IDLE_POLICIES)
    route = standing.bring_up_s1()
    standing.assert_form(route)
    lab.wait_ping("inside", S1_HOST, 30)
    assert {route["dst"] for route in lab.our_routes()} == {S1_LAN}, lab.our_routes()

    kernel_says_of_sas(lab, standing.rrid)
    no_key_stays(lab, standing.rrid)

    mark = standing.monitor.mark()
    before = standing.hub.child_ids()
    standing.s1.rekey_child()
    wait_until("the rekey is done", lambda: not standing.hub.child_ids() & before)
    standing.s1.rekey_ike()
    standing.reconfigure("strongSwan", hold_down=3)
    standing.reconfigure("kernel XFRM", hold_down=3, ike="ike xfrm")
    standing.assert_untouched(mark)

    # Hard expiry sends no DELSA.
    lab.ip_batch("hub", EXPIRING)
    lab.wait_route("10.25.0.0/16")
    assert {route["dst"] for route in lab.our_routes()} == SA_ROUTES, lab.our_routes()
    lab.wait_no_route("10.25.0.0/16", 30)
    assert len(lab.our_routes(S1_LAN)) == 1

    # A flush tells of no SA by name.
    lab.ip("hub", "xfrm", "state", "flush")
    lab.wait_no_route(S1_LAN)
    assert not lab.our_routes(), lab.our_routes()
