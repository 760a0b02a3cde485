"""What the shell shows of live SAs is what charon counts, and `clear` takes SAs down and their routes with them."""

import json
import re
import signal

from lab.daemon import make_configuration
from lab.standing import S1_HOST, S1_LAN, S2_LAN, Standing
from lab.waiting import wait_until
from shell_terminal import Terminal

PEER = "198.51.100.2"


def only_sa(rrid, command=f"show crypto ipsec sa peer {PEER}"):
    done = rrid._rri("-c", command, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    sas = json.loads(done.stdout)["sas"]
    assert len(sas) == 1, sas
    return sas[0]


def counters_grow(lab, rrid):
    before = only_sa(rrid)
    assert lab.can_ping("inside", S1_HOST)
    after = only_sa(rrid)
    assert after["packets_out"] > before["packets_out"] and after["packets_in"] > before["packets_in"], (before, after)
    text = rrid.show(f"show crypto ipsec sa peer {PEER}")
    encaps = int(re.search(r"#pkts encaps: (\d+), #pkts encrypt: \1, #pkts digest: \1\n", text).group(1))
    assert encaps == after["packets_out"], text
    rrid.show("clear crypto sa counters")
    cleared = only_sa(rrid)
    assert cleared["packets_out"] < after["packets_out"] and cleared["id"] == after["id"], cleared


def sa_is_in_its_place(standing):
    sa = only_sa(standing.rrid)
    assert (sa["interface"], sa["map"], sa["seq"], sa["dynamic_map"]) == ("GigabitEthernet0/0/1", "VPN", 65000, "SPOKES"), sa
    assert sa["transform"] == "esp-aes esp-sha256-hmac" and sa["remote_selectors"] == [S1_LAN], sa
    spis = standing.hub.swanctl("--list-sas", "--raw").stdout
    assert f"spi-in={sa['spi_in'][2:].lower()}" in spis, (sa, spis)
    session = standing.rrid.show("show crypto session detail")
    for line in ("Interface: GigabitEthernet0/0/1\n", "Session status: UP-ACTIVE", f"Peer: {PEER} port 4500 fvrf: (none) ivrf: (none)\n",
                 "      Phase1_id: s1\n", "Crypto map entry: VPN 65000 (dynamic SPOKES 10)\n", "Active SAs: 2, origin: dynamic crypto map\n"):
        assert line in session, f"{line!r} is not in\n{session}"
    ikev2 = standing.rrid.show("show crypto ikev2 sa detail")
    assert "Auth sign: PSK, Auth verify: PSK" in ikev2 and "Remote id: s1\n" in ikev2, ikev2
    support = standing.rrid.show("show tech-support")
    assert "--- show crypto ipsec sa detail ---" in support and "Crypto map entry: VPN 65000 (dynamic SPOKES 10)\n" in support, support
    assert "QM_IDLE" not in standing.rrid.show("show crypto isakmp sa")


def rekeyed_leftover_is_not_shown(standing):
    before = only_sa(standing.rrid)
    standing.s1.rekey_child()
    wait_until("the new SA is shown alone", lambda: only_sa(standing.rrid)["id"] != before["id"])
    assert before["spi_in"] not in standing.rrid.show("show crypto ipsec sa")


def clearing_takes_the_route_along(standing, command):
    lab, rrid = standing.lab, standing.rrid
    lab.wait_route(S2_LAN)
    rrid.show(command)
    lab.wait_no_route(S1_LAN)
    assert lab.our_routes(S2_LAN), "the other spoke's route went along"
    standing.bring_up_s1()


def hung_charon_is_an_error(standing):
    """Within a bounded time, and others are answered meanwhile."""
    standing.hub.process.signal(signal.SIGSTOP)
    try:
        waiting = standing.rrid.spawn_show("show crypto ipsec sa")
        assert standing.rrid.rows(S1_LAN)[0]["state"] == "active"
        assert waiting.is_running(), waiting.output()
        wait_until("an answer from rrid although charon hangs", lambda: not waiting.is_running(), 15)
    finally:
        standing.hub.process.signal(signal.SIGCONT)
    assert "% Could not" in waiting.output(), waiting.output()
    wait_until("charon is asked again", lambda: f"current_peer {PEER}" in standing.rrid.show("show crypto ipsec sa"), 15)


def sessions_are_logged(rrid, at_least):
    lines = [line for line in rrid.show("show logging").splitlines() if "%CRYPTO-5-SESSION_STATUS" in line and PEER in line]
    words = [re.search(r": Crypto tunnel is (UP|DOWN)\. Peer 198\.51\.100\.2:4500 Id: s1$", line).group(1) for line in lines]
    assert words == ["UP", "DOWN"] * (len(words) // 2) + ["UP"] * (len(words) % 2) and len(words) >= at_least, lines


def configuration_is_shown(rrid):
    assert "encryption algorithm:   AES - Advanced Encryption Standard (128 bit keys).\n" in rrid.show("show crypto isakmp policy")
    assert "Transform set ESP: { esp-aes esp-sha256-hmac  } \n   will negotiate = { Tunnel,  }, \n" in rrid.show("show crypto ipsec transform-set")


def debugged(standing):
    """`debug crypto ikev2` tells those who monitor what charon told."""
    terminal = Terminal(standing.rrid.socket)
    for keys, until in (("", "HUB>"), ("en\r", "HUB#"), ("terminal monitor\r", "HUB#"),
                        ("debug crypto ikev2\r", "IKEv2 default debugging is on\r\nHUB#")):
        terminal.exchange(keys, until)
    standing.bring_up_s1()
    terminal.wait_for(f"SA has been authenticated with {PEER} port 4500, identity s1")
    terminal.wait_for(f"Creating IPsec SAs with {PEER} port 4500: spi in/out 0x")
    terminal.kill()


def started_by_hand(standing):
    """The hub starts what it has a connection for; an entry without one is told."""
    lab, rrid = standing.lab, standing.rrid
    conf = lab.path("hub") + "/swanctl/swanctl.conf"
    with open(conf, encoding="utf-8") as text:
        spokes = text.read()
    with open(conf, "w", encoding="utf-8") as out:
        out.write(spokes.replace("connections {", CONNECTION_TO_S1, 1))
    standing.hub.swanctl("--load-all", "--noprompt")
    lab.wait_no_route(S1_LAN)
    rrid.show("crypto session initiate VPN 10")
    lab.wait_route(S1_LAN)
    assert only_sa(rrid)["connection"] == "to-s1"
    failed = rrid._rri("-c", "crypto session initiate VPN 20")
    assert "strongSwan has no connection for it" in failed.stderr, (failed.stdout, failed.stderr)


CONNECTION_TO_S1 = """connections {
  to-s1 {
    version = 2
    local_addrs = 203.0.113.1
    remote_addrs = 198.51.100.2
    proposals = aes128-sha256-x25519
    local {
      auth = psk
      id = hub
    }
    remote {
      auth = psk
      id = s1
    }
    children {
      net {
        local_ts = 10.0.0.0/24
        remote_ts = 10.1.0.0/16
        esp_proposals = aes128-sha256
      }
    }
  }
"""
STATIC_ENTRIES = """crypto logging session
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.2
 match address 110
 reverse-route
crypto map VPN 20 ipsec-isakmp
 set peer 198.51.100.99
 match address 120
access-list 110 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
access-list 120 permit ip 10.0.0.0 0.0.0.255 10.99.0.0 0.0.255.255
"""


def typed(rrid, text):
    rrid.write_configuration(make_configuration(rrid.lab, rrid.lab.path("hub") + "/charon.vici", more=text))
    rrid.process.signal(signal.SIGHUP)
    wait_until("the new configuration is read", lambda: "VPN\" 20 ipsec-isakmp" in rrid.show("show crypto map"))


def scenario(lab):
    standing = Standing(lab, more="crypto logging session\n")
    configuration_is_shown(standing.rrid)
    assert standing.rrid.show("show crypto ipsec sa") == "\nNo SAs found\n"
    assert standing.rrid.show("show crypto session") == "Crypto session current status\n\n"
    debugged(standing)
    standing.s2.initiate()
    lab.wait_ping("inside", S1_HOST)
    sa_is_in_its_place(standing)
    counters_grow(lab, standing.rrid)
    rekeyed_leftover_is_not_shown(standing)
    clearing_takes_the_route_along(standing, f"clear crypto sa peer {PEER}")
    clearing_takes_the_route_along(standing, f"clear crypto session remote {PEER}")
    hung_charon_is_an_error(standing)
    standing.rrid.show("clear crypto session")
    lab.wait_no_route(S1_LAN)
    lab.wait_no_route(S2_LAN)
    wait_until("charon has no SA left", lambda: not standing.hub.ike_ids())
    sessions_are_logged(standing.rrid, 6)
    typed(standing.rrid, STATIC_ENTRIES)
    started_by_hand(standing)
