"""A tunnel that does not come up says which entry, which peer and why: in the log, once, and in `show crypto session` and `show crypto map`."""

from lab.standing import S1_LAN, End
from lab.waiting import wait_until

COMMON = """\
crypto ikev2 proposal P
 encryption aes-cbc-128
 integrity {hash}
 group 19
crypto ikev2 policy P
 proposal P
crypto ikev2 keyring K
 peer other
  address {peer}
  pre-shared-key {key}
crypto ikev2 profile PR
 match identity remote address {peer}
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec transform-set T esp-aes {esp}
access-list 101 permit ip {acl}
crypto map mymap 1 ipsec-isakmp
 set peer {peer}
 set transform-set T
 set ikev2-profile PR
 match address 101
 reverse-route
"""
IKEV1 = """\
crypto isakmp policy 10
 encryption aes
 hash sha256
 authentication pre-share
 group 19
crypto isakmp key {key} address {peer}
crypto ipsec transform-set T esp-aes esp-sha256-hmac
access-list 101 permit ip {acl}
crypto map mymap 1 ipsec-isakmp
 set peer {peer}
 set transform-set T
 match address 101
 reverse-route
"""
HUB = {"peer": "198.51.100.2", "acl": "10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255", "key": "cisco", "hash": "sha256", "esp": "esp-sha256-hmac"}
SPOKE = {"peer": "203.0.113.1", "acl": "10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255", "key": "cisco", "hash": "sha256", "esp": "esp-sha256-hmac"}


def said(reason, peer="203.0.113.1"):
    return f"%CRYPTO-4-IKE_FAILED: crypto map mymap 1: no tunnel with peer {peer}: {reason}"


def fails(end, reason):
    wait_until(f"the log says: {reason}", lambda: said(reason) in end.rrid.show("show logging"), 30)
    for command in ("show crypto session", "show crypto map"):
        wait_until(f"`{command}` says: {reason}", lambda command=command: f" ago: peer 203.0.113.1: {reason}" in end.rrid.show(command))


def scenario(lab):
    hub = End(lab, "hub", COMMON.format(**HUB)).start()
    spoke = End(lab, "s1", COMMON.format(**{**SPOKE, "key": "wrong"})).start()
    fails(spoke, "the peer refuses our key, certificate or identity")
    wait_until("the hub says who has the wrong key",
               lambda: said("the pre-shared keys differ, or the identity is another one's", "198.51.100.2") in hub.rrid.log(), 20)
    spoke.change(COMMON.format(**{**SPOKE, "hash": "sha512"}))
    fails(spoke, "the peer refuses: it takes none of our proposals")
    spoke.change(COMMON.format(**{**SPOKE, "esp": "esp-sha512-hmac"}))
    fails(spoke, "the peer refuses the tunnel: it takes none of our transform sets")

    spoke.change(COMMON.format(**SPOKE))
    lab.wait_route(S1_LAN, 40)
    wait_until("what failed is over", lambda: "ailure" not in spoke.rrid.show("show crypto session") + spoke.rrid.show("show crypto map"), 20)

    hub.change(IKEV1.format(**HUB))
    spoke.change(IKEV1.format(**{**SPOKE, "key": "wrong"}))
    spoke.rrid.show("clear crypto session")  # SAs outlive their settings
    fails(spoke, "the pre-shared keys differ: what the peer says cannot be decrypted")
    hub.charon.kill9()
    spoke.change(COMMON.format(**SPOKE))
    fails(spoke, "the peer does not answer")
    for reason in ("the pre-shared keys differ", "the peer refuses the tunnel: it takes none of our transform sets"):
        assert spoke.rrid.log().count(f"with peer 203.0.113.1: {reason}") == 1, f"told more than once: {reason}"
