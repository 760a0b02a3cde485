"""IKEv2 with a local and a remote key: the peer's identity is a name, one of a domain, an e-mail address or a key id; it comes up, whoever calls."""

from lab.standing import End
from lab.waiting import wait_until
from managed_separate_keys_test import HUB_LAN, POLICY, S2, entry

PROFILE = """\
crypto ikev2 keyring K
 peer A
  address {peer}
  pre-shared-key local {local}
  pre-shared-key remote {remote}
crypto ikev2 profile P
 match identity remote {match}
 identity local {own}
 authentication local pre-share
 authentication remote pre-share
 keyring local K
"""
TO_S2 = entry(20, "192.0.2.2", HUB_LAN, S2, " set ikev2-profile P\n")
TO_HUB = entry(1, "203.0.113.1", S2, HUB_LAN, " set ikev2-profile P\n")
HUB_NAME = "fqdn h.example.com"
IDENTITIES = [  # of the spoke: what it says, what the hub takes
    ("fqdn b.example.com", "fqdn b.example.com"),
    ("fqdn spoke.example.com", "fqdn spoke.example.com"),
    ("email s2@example.com", "email s2@example.com"),
    ("key-id SITE2", "key-id SITE2"),
    ("fqdn spoke.example.com", "fqdn domain example.com"),
]


def hub_text(match):
    return POLICY + PROFILE.format(peer="192.0.2.2", local="ours", remote="theirs", match=match, own=HUB_NAME) + TO_S2


def spoke_text(own):
    return POLICY + PROFILE.format(peer="203.0.113.1", local="theirs", remote="ours", match=HUB_NAME, own=own) + TO_HUB


def is_up(end, identity):
    return end.charon.tunnels() and identity in end.charon.swanctl("--list-sas").stdout


def scenario(lab):
    hub = End(lab, "hub", hub_text(IDENTITIES[0][1])).start()
    s2 = End(lab, "s2", spoke_text(IDENTITIES[0][0])).start()
    failed = []
    for own, match in IDENTITIES:
        hub.change(hub_text(match))
        s2.change(spoke_text(own))
        for end, connection in ((hub, "rri-mymap-20-192_0_2_2"), (s2, "rri-mymap-1-203_0_113_1")):
            end.charon.swanctl("--terminate", "--ike", connection, check=False)
            name = own.split()[-1]
            try:
                wait_until(f"{own} is up, taken by {match}", lambda name=name: is_up(hub, name), 20)
            except AssertionError as error:
                failed.append(str(error))
    assert not failed, failed

    # A profile that takes several: whichever the spoke says, its own call comes through.
    several = hub_text("key-id OTHER\n match identity remote fqdn spoke.example.com\n match identity remote email s2@example.com")
    hub.change(several)
    for own in ("email s2@example.com", "fqdn spoke.example.com"):
        s2.change(spoke_text(own))
        s2.charon.swanctl("--terminate", "--ike", "rri-mymap-1-203_0_113_1", check=False)
        wait_until(f"{own} is up, one of several", lambda own=own: is_up(hub, own.split()[-1]), 40)
