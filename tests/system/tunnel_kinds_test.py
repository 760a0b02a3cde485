"""Kernel ESP from IOS text on both ends, one kind of tunnel after another: each comes up by traffic, hides it and makes its route."""

from dataclasses import dataclass

from lab.certificates import give_certificates
from lab.standing import End
from lab.waiting import wait_until
from lab.wire import Wire

MODE = "kernel"
HUB, SPOKE = "203.0.113.1", "198.51.100.2"
HUB6, SPOKE6 = "2001:db8:1::1", "2001:db8:2::2"
ADDRESSES = {
    "hub": f"addr add {HUB6}/64 dev h-out nodad\nroute add 2001:db8:2::/64 via 2001:db8:1::2\n"
           "link add gre1 type gre local 203.0.113.1 remote 198.51.100.2\naddr add 10.255.0.1/30 dev gre1\nlink set gre1 addrgenmode none up\n",
    "isp": "addr add 2001:db8:1::2/64 dev i-hub nodad\naddr add 2001:db8:2::1/64 dev i-s1 nodad\n",
    "s1": f"addr add {SPOKE6}/64 dev out nodad\nroute add default via 2001:db8:2::1\n"
          "link add gre1 type gre local 198.51.100.2 remote 203.0.113.1\naddr add 10.255.0.2/30 dev gre1\nlink set gre1 addrgenmode none up\n",
}
# What the two ends say, each in its own place.
WORDS = {
    "hub": {"own": HUB, "peer": SPOKE, "own6": HUB6, "peer6": SPOKE6, "lan": "10.0.0.0 0.0.0.255", "far": "10.1.0.0 0.0.255.255",
            "lan6": "fd00::/64", "far6": "fd01::/48", "me": "hub.example.com", "other": "spoke1.example.com",
            "ports": "10.0.0.0 0.0.0.255 eq 22 10.1.0.0 0.0.255.255"},
    "s1": {"own": SPOKE, "peer": HUB, "own6": SPOKE6, "peer6": HUB6, "lan": "10.1.0.0 0.0.255.255", "far": "10.0.0.0 0.0.0.255",
           "lan6": "fd01::/48", "far6": "fd00::/64", "me": "spoke1.example.com", "other": "hub.example.com",
           "ports": "10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255 eq 22"},
}
KEYS = """\
ip domain name example.com
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 19
crypto isakmp key cisco123 address {peer}
crypto isakmp key cisco123 address ipv6 {peer6}/128
"""
SETS = """\
crypto ipsec transform-set STRONG esp-aes 256 esp-sha256-hmac
crypto ipsec transform-set AH ah-sha256-hmac
crypto ipsec transform-set NUL esp-null esp-sha-hmac
crypto ipsec transform-set HOST esp-aes esp-sha-hmac
 mode transport
"""
ENTRY = """\
crypto map mymap {seq} ipsec-isakmp
 set peer {to}
 set transform-set {set}
 match address {acl}
 reverse-route{static}
"""
ACLS = """\
ip access-list extended NETS
 permit ip {lan} {far}
ip access-list extended SSH
 permit tcp {ports}
ip access-list extended GRE
 permit gre host {own} host {peer}
ipv6 access-list NETS6
 permit ipv6 {lan6} {far6}
"""
# The hub takes whoever proves to be s1; s1 calls in aggressive mode and names itself.
AGGRESSIVE_HUB = """\
crypto keyring SPOKES
 pre-shared-key hostname spoke1.example.com key aggressive-secret
crypto isakmp profile SPOKE1
 keyring SPOKES
 self-identity fqdn hub.example.com
 match identity host spoke1.example.com
crypto dynamic-map DYN 10
 set transform-set STRONG
 set isakmp-profile SPOKE1
 match address NETS
 reverse-route
crypto map mymap {seq} ipsec-isakmp dynamic DYN
"""
AGGRESSIVE_SPOKE = """\
crypto keyring HUB
 pre-shared-key address {peer} key aggressive-secret
crypto isakmp profile TOHUB
 keyring HUB
 self-identity fqdn
 match identity host hub.example.com
 initiate mode aggressive
""" + ENTRY + " set isakmp-profile TOHUB\n"
IKEV2_CERTIFICATES = """\
crypto pki trustpoint LAB
 enrollment terminal
 revocation-check none
crypto ikev2 profile CERT
 match identity remote fqdn {other}
 identity local fqdn {me}
 authentication remote rsa-sig
 authentication local rsa-sig
 pki trustpoint LAB
""" + ENTRY + " set ikev2-profile CERT\n"
# rsa-sig is a policy's default; each end is the subject of its certificate.
DISTINGUISHED = """\
crypto isakmp policy 5
 encr aes
 hash sha256
 group 14
crypto isakmp identity dn
"""


@dataclass
class Kind:
    name: str
    seen: tuple                 # in the hub's list of SAs
    entry: str = ENTRY
    hub_entry: str = ""         # where the ends differ
    keys: str = KEYS
    transforms: str = "STRONG"
    acl: str = "NETS"
    to: str = "{peer}"
    static: str = ""
    source: str = "10.1.0.1"
    target: str = "10.0.0.10"
    route: str = "10.1.0.0/16"  # of the hub; "" for none
    family: int = 4

    def text(self, host, sequence):
        words = dict(WORDS[host], seq=sequence, set=self.transforms, acl=self.acl, static=self.static, to=self.to.format(**WORDS[host]))
        entry = self.hub_entry if host == "hub" and self.hub_entry else self.entry
        return (self.keys + SETS + ACLS + entry).format(**words)


KINDS = (
    Kind("IKEv1 main mode", ("IKEv1", "TUNNEL", "AES_CBC-256/HMAC_SHA2_256_128")),
    Kind("IKEv1 aggressive mode", ("IKEv1", "'SPOKE1.example.com'"), AGGRESSIVE_SPOKE, AGGRESSIVE_HUB),
    Kind("IPv6 inside IPv4", ("fd01::/48", "203.0.113.1[500]"), acl="NETS6", source="fd01::1", target="fd00::10", route="fd01::/48",
         family=6),
    Kind("IPv4 inside IPv6", ("10.1.0.0/16", "2001:db8:2::2"), to="{peer6}"),
    Kind("IPv6 inside IPv6", ("fd01::/48", "2001:db8:2::2"), to="{peer6}", acl="NETS6", source="fd01::1", target="fd00::10",
         route="fd01::/48", family=6),
    Kind("AH", ("AH:HMAC_SHA2_256_128",), transforms="AH"),
    Kind("ESP without encryption", ("NULL/HMAC_SHA1_96",), transforms="NUL"),
    Kind("GRE in transport mode", ("TRANSPORT", "[gre]"), transforms="HOST", acl="GRE", source="10.255.0.2", target="10.255.0.1", route=""),
    Kind("one TCP port", ("10.0.0.0/24[tcp/ssh]",), acl="SSH", static=" static", target="10.0.0.10 22"),
    Kind("IKEv2 with certificates", ("IKEv2", "'spoke1.example.com'"), IKEV2_CERTIFICATES),
    Kind("IKEv1 with certificates", ("IKEv1", "'O=Lab, CN=spoke1.example.com'"), keys=DISTINGUISHED),
)


def passes(lab, kind):
    """Whether a packet of the spoke comes back: a ping, or the refusal of a TCP port that nobody listens on."""
    if " " in kind.target:
        host, port = kind.target.split()
        answer = lab.execute("s1", "timeout", "2", "bash", "-c", f": < /dev/tcp/{host}/{port}", check=False)
        return "refused" in answer.stderr
    return lab.execute("s1", "ping", "-n", "-q", "-c", "1", "-W", "2", "-I", kind.source, kind.target, check=False).returncode == 0


def routes(lab, kind):
    return [route for route in lab.routes("hub", "proto", "213", family=kind.family) if route["dst"] == kind.route]


def see(lab, ends, sequence, kind):
    print(kind.name, flush=True)
    for end in ends:
        end.change(kind.text(end.host, sequence), map_line=f"ipv6 address {WORDS[end.host]['own6']}/64\n crypto map mymap")
    for end in ends:
        wait_until(f"{kind.name}: {end.host} has this connection alone",
                   lambda end=end: {name.split("-")[2] for name in end.charon.connections()} == {str(sequence)}, 30)
    wait_until(f"{kind.name}: traffic passes", lambda: passes(lab, kind), 20)
    sas = ends[0].charon.swanctl("--list-sas").stdout
    assert all(word in sas for word in kind.seen), f"{kind.name}:\n{sas}"
    if kind.route:
        wait_until(f"{kind.name}: the hub has its route", lambda: routes(lab, kind), 15)
    else:
        assert not lab.our_routes(), f"{kind.name}: {lab.our_routes()}"


def scenario(lab):
    for host, text in ADDRESSES.items():
        lab.ip_batch(host, text)
    ends = [End(lab, "hub", KINDS[0].text("hub", 1)), End(lab, "s1", KINDS[0].text("s1", 1))]
    give_certificates(lab, {end.charon: WORDS[end.host]["me"] for end in ends})
    for end in ends:
        end.start()
    wire = Wire(lab)
    for sequence, kind in enumerate(KINDS, 1):
        see(lab, ends, sequence, kind)
    leaked = wire.clear_text("10.1.0.1", "10.0.0.10", "fd01::1", "fd00::10", "10.255.0.2")
    assert not leaked, leaked

    for end in ends:
        end.change(map_line="no shutdown")
    for end in ends:
        end.wait_nothing(40)
    assert not lab.our_routes() and not lab.routes("hub", "proto", "213", family=6), "a route is left"
    wait_until("no policy is left", lambda: "10.1.0.0/16" not in lab.ip("hub", "xfrm", "policy"), 30)
