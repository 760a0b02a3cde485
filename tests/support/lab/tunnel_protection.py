"""`tunnel protection` from IOS text: what a VTI and an XFRM interface have in common."""

from .standing import S1_HOST, S1_LAN, End
from .tunnel_interface import transmitted
from .wire import Wire

# The hub's tunnel interface takes what the spoke's crypto map protects, and makes its route.
PROFILE = """\
crypto ikev2 keyring K
 peer other
  address {peer}
  pre-shared-key cisco123
crypto ikev2 profile P
 match identity remote address {peer} 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec transform-set GCM esp-gcm 256
"""
HUB_REVERSE = PROFILE + """\
crypto ipsec profile VTI
 set transform-set GCM
 set ikev2-profile P
 reverse-route
 set reverse-route distance 5
{more}\
""" + """\
interface Tunnel11
 linux device {device}
 tunnel source GigabitEthernet0/0/1
 tunnel mode ipsec ipv4
 tunnel destination {peer}
 tunnel protection ipsec profile VTI
"""
SPOKE_MAP = PROFILE + """\
access-list 101 permit ip 10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255
crypto map mymap 1 ipsec-isakmp
 set peer {peer}
 set transform-set GCM
 set ikev2-profile P
 match address 101
"""
# Both ends are tunnel interfaces: everything may pass, and `ip route` says what does.
BOTH_ENDS = """\
crypto isakmp policy 10
 encr aes
 hash sha256
 authentication pre-share
 group 19
crypto isakmp key cisco123 address {peer}
crypto ipsec transform-set T esp-aes esp-sha256-hmac
 mode {mode}
crypto ipsec profile VTI
 set transform-set T
interface {interface}
 linux device {device}
 tunnel source GigabitEthernet0/0/1
 tunnel mode {kind}
 tunnel destination {peer}
 tunnel protection ipsec profile VTI
{route}"""
PEERS = {"hub": "198.51.100.2", "s1": "203.0.113.1"}
FAR = {"hub": "10.1.0.0 255.255.0.0", "s1": "10.0.0.0 255.255.255.0"}
SECRETS = ("10.1.0.1", "10.0.0.10", "10.255.0.2")


def both_ends(host, device, interface="Tunnel11", mode="tunnel", kind="ipsec ipv4"):
    return BOTH_ENDS.format(peer=PEERS[host], device=device, interface=interface, mode=mode, kind=kind,
                            route=f"ip route {FAR[host]} {interface}\n" if kind.startswith("ipsec") else "")


class Protection:
    """The two ends, and what passes between them."""

    def __init__(self, lab, links, watched):
        """`links`: {host: lines that make the devices}. A VTI takes its peer's ESP, so the spoke with the map has none yet."""
        self.lab, self.device = lab, "tun11"
        lab.ip_batch("hub", links["hub"])
        self.hub = End(lab, "hub", HUB_REVERSE.format(peer=PEERS["hub"], device=self.device, more=""), map_line="no shutdown")
        self.spoke = End(lab, "s1", SPOKE_MAP.format(peer=PEERS["s1"]))
        for end in (self.hub, self.spoke):
            end.start()
        self.wire = Wire(lab) if watched else None

    def reverse_route(self):
        """A route out of the tunnel interface for what the SA protects, and none with `rri-dvti-disable`."""
        lab = self.lab
        route = lab.wait_route(S1_LAN, 40)
        assert route["dev"] == self.device and "gateway" not in route and route["metric"] == 5 << 24, route
        before = transmitted(lab, self.device)
        lab.wait_ping("inside", S1_HOST, 30)
        assert transmitted(lab, self.device) > before, f"the ping did not go out of {self.device}"
        children = self.hub.charon.child_ids()
        self.hub.change(HUB_REVERSE.format(peer=PEERS["hub"], device=self.device, more=" rri-dvti-disable\n"))
        lab.wait_no_route(S1_LAN)
        assert self.hub.charon.child_ids() == children, "the SA did not stay"

    def both(self, name="rri-Tunnel11", **words):
        """The same kind of interface on both ends."""
        for end in (self.hub, self.spoke):
            end.change(both_ends(end.host, **words), map_line="no shutdown")
        for end in (self.hub, self.spoke):
            end.wait_connections([name], 30)

    def end(self):
        leaked = self.wire.clear_text(*SECRETS) if self.wire else []
        assert not leaked, leaked
        for end in (self.hub, self.spoke):
            end.change("", map_line="no shutdown")
        for end in (self.hub, self.spoke):
            end.wait_nothing(40)
        self.lab.wait_no_route(S1_LAN)


def protection_scenario(lab, links, watched=True):
    """`watched`: whether there is a tcpdump to watch the wire with."""
    protection = Protection(lab, links, watched)
    protection.reverse_route()
    lab.ip_batch("s1", links["s1"])
    protection.both(device=protection.device)
    lab.wait_ping("inside", S1_HOST, 40)
    route = lab.wait_route(S1_LAN)
    assert route["dev"] == protection.device, route
    return protection
