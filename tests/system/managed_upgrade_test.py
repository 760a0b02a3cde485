"""A new rrid and the SAs of the one before: those of older names are taken over by their selectors, those that no line stands for
are ended."""

from lab.standing import S1_HOST, S1_LAN, S2_LAN, End
from lab.waiting import wait_until
from managed_tunnels_test import HUB_CONNECTION, hub_crypto, spoke_crypto

CHILD = """\
      rri-mymap-1-line{number} {{
        local_ts = 10.0.0.0/24
        remote_ts = {remote}
        esp_proposals = aes256-sha256
      }}
"""
# As rrid 0.1 loaded it, with a line that the configuration has no more.
OLDER = """\
connections {{
  {name} {{
    version = 1
    local_addrs = 203.0.113.1
    remote_addrs = 198.51.100.2
    proposals = aes256-sha256-ecp256
    local {{
      auth = psk
      id = 203.0.113.1
    }}
    remote {{
      auth = psk
    }}
    children {{
{children}    }}
  }}
}}
secrets {{
  ike-rri-key-198_51_100_2 {{
    id = 198.51.100.2
    secret = cisco123
  }}
}}
"""
KEPT, ORPHAN = "rri-mymap-1-line10", "rri-mymap-1-line20"


def scenario(lab):
    lab.ip("s1", "addr", "add", "10.2.0.9/32", "dev", "lo")  # kernel-libipsec wants one behind the selector
    spoke = End(lab, "s1", spoke_crypto("access-list 102 permit ip 10.2.0.0 0.0.255.255 10.0.0.0 0.0.0.255\n")).start()
    hub = End(lab, "hub", hub_crypto())
    hub.charon.start()
    children = CHILD.format(number=10, remote=S1_LAN) + CHILD.format(number=20, remote=S2_LAN)
    hub.charon.load(OLDER.format(name=HUB_CONNECTION, children=children))
    for child in (KEPT, ORPHAN):
        hub.charon.initiate(child)

    def named(child):
        return [line for line in hub.charon.swanctl("--list-sas").stdout.splitlines() if f"  {child}: " in line and "INSTALLED" in line]

    before = named(KEPT)
    assert before and named(ORPHAN), hub.charon.swanctl("--list-sas").stdout
    hub.rrid.start()
    lab.wait_route(S1_LAN, 30)
    wait_until("the tunnel without a line is ended", lambda: not named(ORPHAN), 40)
    lab.wait_ping("inside", S1_HOST, 30)
    assert [line.split(",")[0] for line in named(KEPT)][:1] == [before[0].split(",")[0]], "the SA did not stay"
    assert lab.our_routes(S1_LAN)

    # What changes while no rrid runs ends no SA, as if one ran.
    spis = hub.charon.spis()
    for line in (" set security-association lifetime seconds 1800\n", " set pfs group19\n"):
        hub.rrid.stop()
        hub.crypto = hub.crypto.replace(" match address 102\n", " match address 102\n" + line)
        hub.rrid.write_configuration(hub.text())
        mark = len(hub.charon.log())
        hub.rrid.start()
        wait_until("the connection is loaded", lambda mark=mark: "vici connection: " + HUB_CONNECTION in hub.charon.log()[mark:], 20)
        assert spis <= hub.charon.spis(), f"`{line.strip()}` cost the SA"

    # The line goes, and the SA with it; the spoke's own call has the name of today.
    hub.change(hub_crypto().replace("permit ip 10.0.0.0 0.0.0.255 10.1.0.0", "permit ip 10.0.0.0 0.0.0.255 10.7.0.0"))
    wait_until("its tunnels are ended", lambda: not hub.charon.tunnels(), 40)
    lab.wait_no_route(S1_LAN)
    spoke.rrid.stop()
