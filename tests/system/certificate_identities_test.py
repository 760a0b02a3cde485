"""Certificates from IOS text on three ends: `set identity` and `match certificate` take the right subject and refuse another one, with
IKEv1 and IKEv2, RSA and ECDSA; of two certificates the trustpoint chooses."""

from lab.certificates import Authority
from lab.standing import End
from lab.waiting import wait_until

HUB_NETS = "10.0.0.0 0.0.0.255"
NETS = {"s1": "10.1.0.0 0.0.255.255", "s2": "10.2.0.0 0.0.255.255"}
LANS = {"s1": "10.1.0.0/16", "s2": "10.2.0.0/16"}
COMMON = """\
ip domain name example.com
crypto isakmp policy 10
 encryption aes
 hash sha256
 authentication {signature}
 group 19
crypto isakmp identity dn
crypto ikev2 profile CERT
 match identity remote any
 identity local dn
 authentication remote {signature}
 authentication local {signature}
crypto ipsec transform-set T esp-aes esp-sha256-hmac
"""
# The hub's entry for one spoke: whoever has these parts in his subject.
ENTRY = COMMON + """\
crypto pki trustpoint LAB
 enrollment terminal
 subject-name CN=first.example.com
crypto identity SPOKE
{dn} fqdn nobody.example.com
access-list 101 permit ip """ + HUB_NETS + " " + NETS["s1"] + """
crypto map mymap 1 ipsec-isakmp
 set peer 198.51.100.2
 set transform-set T
{profile} set identity SPOKE
 match address 101
 reverse-route
"""
SPOKE = COMMON + """\
access-list 101 permit ip {nets} """ + HUB_NETS + """
crypto map mymap 1 ipsec-isakmp
 set peer 203.0.113.1
 set transform-set T
{profile} match address 101
"""
PROFILE = " set ikev2-profile CERT\n"
# Two customers, told apart by their subjects and who issued them. Each sees a certificate of its own.
CUSTOMERS = """\
crypto pki trustpoint FIRST
 enrollment terminal
 subject-name CN=first.example.com,O=Lab
crypto pki trustpoint SECOND
 enrollment terminal
 fqdn second.example.com
crypto pki certificate map RED 10
 subject-name co ou = Red
 issuer-name co cn = Lab CA
crypto pki certificate map BLUE 10
 subject-name co ou = {blue}
 issuer-name co cn = {issuer}
crypto ikev2 profile RED
 match certificate RED
 identity local dn
 authentication remote rsa-sig
 authentication local rsa-sig
 pki trustpoint FIRST sign
crypto ikev2 profile BLUE
 match certificate BLUE
 identity local dn
 authentication remote ecdsa-sig
 authentication local ecdsa-sig
 pki trustpoint SECOND
crypto ipsec transform-set T esp-aes esp-sha256-hmac
crypto dynamic-map BLUES 10
 set transform-set T
 set ikev2-profile BLUE
 set reverse-route distance 20
 reverse-route
crypto dynamic-map REDS 10
 set transform-set T
 set ikev2-profile RED
 set reverse-route distance 10
 reverse-route
crypto map mymap 10 ipsec-isakmp dynamic BLUES
crypto map mymap 20 ipsec-isakmp dynamic REDS
"""
CUSTOMER = """\
crypto pki certificate map HUB 10
 subject-name co cn = {hub}.example.com
 subject-name co o = Lab
crypto ikev2 profile HUB
 match certificate HUB
 identity local dn
 authentication remote {signature}
 authentication local {signature}
crypto ipsec transform-set T esp-aes esp-sha256-hmac
access-list 101 permit ip {nets} """ + HUB_NETS + """
crypto map mymap 1 ipsec-isakmp
 set peer 203.0.113.1
 set transform-set T
 set ikev2-profile HUB
 match address 101
"""


def metrics(lab, spoke):
    return [route["metric"] >> 24 for route in lab.our_routes(LANS[spoke])]


def rendered_is_accepted(end):
    names = end.charon.connections()
    end.charon.load(end.rrid.render("swanctl"))
    assert end.charon.connections() == names, (names, end.charon.connections())


def set_identity(lab, hub, spoke, words):
    """Both ends authenticate with a subject; the hub has the right one in its list, then only another."""
    right, wrong = " dn ou=Spokes, o=Lab\n", " dn ou=Guests, o=Lab\n"
    spoke.change(SPOKE.format(nets=NETS["s1"], **words))
    hub.change(ENTRY.format(dn=right + wrong, **words))
    lab.wait_route(LANS["s1"], 40)
    assert "Identity: SPOKE" in hub.rrid.show("show crypto map"), hub.rrid.show("show crypto map")
    assert " dn ou=Spokes, o=Lab" in hub.rrid.show("show running-config")
    mark = len(hub.rrid.log())
    hub.change(ENTRY.format(dn=wrong, **words))
    hub.rrid.show("clear crypto session")  # an SA outlives the identity that it was made with (decision 31)
    wait_until("the route goes with who is not taken any more", lambda: not lab.our_routes(LANS["s1"]), 40)
    wait_until("the log says why", lambda: any("%CRYPTO-4-IKE_FAILED" in line and "198.51.100.2" in line and "takes this peer's identity" in line
                                               for line in hub.rrid.log()[mark:].splitlines()), 40)
    assert not lab.our_routes(LANS["s1"]), "the wrong subject has a route"


def customers(lab, hub, spokes):
    """Each of two spokes gets the profile of its certificate, and shows itself to the right one of the hub's."""
    for spoke, own, signature in zip(spokes, ("first", "second"), ("rsa-sig", "ecdsa-sig")):
        spoke.change(CUSTOMER.format(nets=NETS[spoke.host], hub=own, signature=signature))
    hub.change(CUSTOMERS.format(blue="Blue", issuer="Other CA"))
    wait_until("each customer's route is of its own template", lambda: (metrics(lab, "s1"), metrics(lab, "s2")) == ([10], [20]), 60)
    for blue, issuer in (("Green", "Other CA"), ("Blue", "Lab CA")):
        hub.change(CUSTOMERS.format(blue=blue, issuer=issuer))
        hub.rrid.show("clear crypto session remote 192.0.2.2")
        wait_until(f"no profile takes a Blue of Other CA, but {blue} of {issuer}", lambda: not metrics(lab, "s2"), 60)
        assert metrics(lab, "s1") == [10], "the other customer is gone too"
    hub.change(CUSTOMERS.format(blue="Blue", issuer="Other CA"))
    wait_until("the customer is back", lambda: metrics(lab, "s2") == [20], 60)


def scenario(lab):
    hub, s1, s2 = (End(lab, host, "") for host in ("hub", "s1", "s2"))
    first, second = Authority(lab, "Lab CA"), Authority(lab, "Other CA")
    for authority in (first, second):
        authority.give_to(hub.charon)
    first.give_to(s1.charon)
    second.give_to(s2.charon)
    first.issue(hub.charon, "first.example.com", file="first")
    second.issue(hub.charon, "second.example.com", kind="ecdsa", file="second")
    first.issue(s1.charon, "spoke1.example.com", "/O=Lab/OU=Spokes/OU=Red/CN=spoke1.example.com")
    second.issue(s2.charon, "spoke2.example.com", "/O=Lab/OU=Blue/CN=spoke2.example.com", kind="ecdsa")
    for end in (hub, s1, s2):
        end.start()
    for profile in (PROFILE, ""):
        set_identity(lab, hub, s1, {"signature": "rsa-sig", "profile": profile})
    customers(lab, hub, (s1, s2))
    rendered_is_accepted(hub)
