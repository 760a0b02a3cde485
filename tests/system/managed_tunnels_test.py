"""Both ends from IOS text alone: the tunnel, its route and a ping; what changes and what stays; `no crypto map` leaves nothing."""

import re
import signal

from lab.standing import S1_HOST, S1_LAN, End
from lab.waiting import wait_until

CRYPTO = """\
crypto isakmp policy 10
 encryption aes 256
 hash sha256
 authentication pre-share
 group 19
crypto isakmp key cisco123 address {peer}
!
crypto ipsec transform-set strong esp-aes 256 esp-sha256-hmac
 mode tunnel
!
access-list 102 permit ip {acl}
{more_acl}!
crypto map mymap 1 ipsec-isakmp
 set peer {peer}
 set transform-set strong
 match address 102
{lines}!
"""
HUB_CONNECTION = "rri-mymap-1-198_51_100_2"


def hub_crypto(lines=" reverse-route\n", more_acl=""):
    return CRYPTO.format(peer="198.51.100.2", acl="10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255", lines=lines, more_acl=more_acl)


def spoke_crypto(more_acl=""):
    return CRYPTO.format(peer="203.0.113.1", acl="10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255", lines=" reverse-route\n",
                         more_acl=more_acl)


OTHER_CONNECTION = "rri-mymap-5-192_0_2_2"
OTHER_ENTRY = """\
crypto isakmp key cisco456 address 192.0.2.2
access-list 105 permit ip 10.0.0.0 0.0.0.255 10.2.0.0 0.0.255.255
crypto map mymap 5 ipsec-isakmp
 set peer 192.0.2.2
 set transform-set strong
 match address 105
"""


def loaded_since(charon, mark):
    """The connections that charon was given since then."""
    return re.findall(r"(?:added|updated|replaced) vici connection: (\S+)", charon.log()[mark:])


def what_is_no_change_for_charon(lab, hub):
    """RRI's settings, words for people and other entries: the SA and its SPIs stay, and charon hears nothing of this entry."""
    before, mark = hub.charon.spis(), len(hub.charon.log())
    for lines, shown in (("reverse-route\n set reverse-route tag 7", "Tag 7"), ("reverse-route remote-peer", "Remote Peer"),
                         ("reverse-route static", "Static Route Creation"), ("description to the spoke\n reverse-route", "to the spoke")):
        hub.change(hub_crypto(f" {lines}\n"))
        wait_until(f"{shown} is in force", lambda shown=shown: shown in hub.rrid.show("show crypto map"))
        assert hub.charon.spis() == before, f"`{lines}` cost the SA"
    hub.change(hub_crypto(" reverse-route\n set reverse-route distance 20\n"))
    wait_until("the route has its new distance", lambda: [one["metric"] for one in lab.our_routes(S1_LAN)] == [20 << 24])
    assert not loaded_since(hub.charon, mark), loaded_since(hub.charon, mark)
    hub.change(OTHER_ENTRY + hub.crypto)
    hub.wait_connections([HUB_CONNECTION, OTHER_CONNECTION])
    assert hub.charon.spis() == before and loaded_since(hub.charon, mark) == [OTHER_CONNECTION], loaded_since(hub.charon, mark)

    # What charon does hear goes to one connection; neither a lifetime nor another group ends an SA, as on IOS.
    mark = len(hub.charon.log())
    own = hub.crypto.split("crypto map mymap 1 ", 1)
    for line in (" set security-association lifetime seconds 1800\n", " set pfs group19\n"):
        hub.change(own[0] + "crypto map mymap 1 " + own[1].replace(" match address 102\n", " match address 102\n" + line))
        wait_until(f"`{line.strip()}` is loaded", lambda: loaded_since(hub.charon, mark))
        assert hub.charon.spis() == before, f"`{line.strip()}` cost the SA"
        assert loaded_since(hub.charon, mark) == [HUB_CONNECTION], loaded_since(hub.charon, mark)
        mark = len(hub.charon.log())
    hub.change(hub_crypto(" reverse-route\n set reverse-route distance 20\n"))
    hub.wait_connections([HUB_CONNECTION])
    wait_until("the tunnel is up", hub.charon.tunnels, 30)
    lab.wait_ping("inside", S1_HOST)


def scenario(lab):
    hub = End(lab, "hub", hub_crypto()).start()
    spoke = End(lab, "s1", spoke_crypto()).start()
    hub.wait_connections([HUB_CONNECTION])
    route = lab.wait_route(S1_LAN, 30)
    assert route["dev"] == "ipsec0", route
    lab.wait_ping("inside", S1_HOST)
    row = hub.rrid.wait_state(S1_LAN, "active")
    assert (row["map"], row["seq"], row["next_hop"]) == ("mymap", 1, "198.51.100.2"), row

    what_is_no_change_for_charon(lab, hub)
    before = hub.charon.child_ids()
    mark = len(hub.charon.log())
    # Neither is a new rrid.
    hub.rrid.stop()
    hub.rrid.start()
    hub.rrid.wait_state(S1_LAN, "active")
    assert hub.charon.child_ids() == before, "the SA did not stay"
    assert "[CFG] added" not in hub.charon.log()[mark:], hub.charon.log()[mark:]

    # A second line of the access list is a second child, next to the first.
    hub.change(hub_crypto(more_acl="access-list 102 permit ip host 203.0.113.1 host 10.1.0.1\n"))
    spoke.change(spoke_crypto("access-list 102 permit ip host 10.1.0.1 host 203.0.113.1\n"))
    wait_until("the second tunnel is up", lambda: (HUB_CONNECTION, "rri-mymap-1-203_0_113_1_32_to_10_1_0_1_32") in hub.charon.tunnels(), 30)
    assert before <= hub.charon.child_ids(), "the first SA did not stay"

    # charon starts anew and gets everything again.
    hub.charon.kill9()
    hub.charon.start()
    hub.wait_connections([HUB_CONNECTION], 30)
    wait_until("the tunnel is up again", hub.charon.tunnels, 60)
    lab.wait_ping("inside", S1_HOST, 30)

    for end in (hub, spoke):
        end.change(map_line="no shutdown")
    for end in (hub, spoke):
        end.wait_nothing()
    lab.wait_no_route(S1_LAN)
    hub.rrid.process.signal(signal.SIGTERM)
