"""A hub with a dynamic map and three spokes, all from IOS text: each has its route; one moves to a new address and its route follows."""

import signal

from lab.standing import ENDS, End
from lab.topology import ADDRESSES, HOSTS, LINKS, UNDERLAY, Topology
from lab.waiting import wait_until
from lab.wire import Wire

MODE = "kernel"
MOVED = "198.51.100.77"
LANS = {"s1": ("10.1.0.0/16", "10.1.0.1"), "s2": ("10.2.0.0/16", "10.2.0.1"), "s3": ("10.4.0.0/16", "10.4.0.1")}
TOPOLOGY = Topology(
    (*HOSTS, "s3"), LINKS + "link add i-s3 netns {isp} type veth peer name out netns {s3}\n",
    {**ADDRESSES, "hub": ADDRESSES["hub"] + UNDERLAY + "route add 100.64.3.0/24 via 203.0.113.2\n",
     "isp": ADDRESSES["isp"] + "addr add 100.64.3.1/24 dev i-s3\nlink set i-s3 up\n",
     "s3": "addr add 100.64.3.2/24 dev out\naddr add 10.4.0.1/16 dev lo\nlink set lo up\nlink set out up\nroute add default via 100.64.3.1\n"},
    ("hub", "isp"), ("hub",))
# Each spoke has its own key, known by its name: an address says nothing of who it is.
HUB = """\
crypto ikev2 keyring SPOKES
""" + "".join(f" peer {name}\n  identity fqdn {name}.example.com\n  pre-shared-key secret-of-{name}\n" for name in LANS) + """\
crypto ikev2 profile SPOKES
 match identity remote fqdn domain example.com
 identity local fqdn hub.example.com
 authentication remote pre-share
 authentication local pre-share
 keyring local SPOKES
 dpd 10 2 periodic
crypto ipsec transform-set GCM esp-gcm 256
ip access-list extended NETS
 permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255
crypto dynamic-map DYN 10
 set transform-set GCM
 set pfs group19
 set ikev2-profile SPOKES
 match address NETS
 reverse-route
crypto map mymap 65000 ipsec-isakmp dynamic DYN
"""
# What the spoke's list denies is not encrypted.
SPOKE = """\
ip domain name example.com
crypto ikev2 keyring HUB
 peer hub
  address 203.0.113.1
  pre-shared-key secret-of-{name}
crypto ikev2 profile HUB
 match identity remote fqdn hub.example.com
 identity local fqdn {name}.example.com
 authentication remote pre-share
 authentication local pre-share
 keyring local HUB
crypto ipsec transform-set GCM esp-gcm 256
ip access-list extended NETS
 deny icmp {lan} 10.0.0.64 0.0.0.63
 permit ip {lan} 10.0.0.0 0.0.0.255
crypto map mymap 10 ipsec-isakmp
 set peer 203.0.113.1
 set transform-set GCM
 set pfs group19
 set ikev2-profile HUB
 match address NETS
 reverse-route
"""


def ping(lab, spoke, address="10.0.0.10"):
    return lab.execute(spoke, "ping", "-n", "-q", "-c", "1", "-W", "2", "-I", LANS[spoke][1], address, check=False).returncode == 0


def gateway(lab, spoke):
    return [route["gateway"] for route in lab.our_routes(LANS[spoke][0])]


def scenario(lab):
    ENDS["s3"] = ("SPOKE3", "out", "lo", "100.64.3.2 255.255.255.0")
    hub = End(lab, "hub", HUB).start()
    spokes = {name: End(lab, name, SPOKE.format(name=name, lan=f"{lan.split('/')[0]} 0.0.255.255")).start()
              for name, (lan, _) in LANS.items()}
    wire = Wire(lab)
    for name, spoke in spokes.items():
        spoke.wait_connections(["rri-mymap-10-203_0_113_1", "rri-mymap-10-pass"], 30)
        wait_until(f"{name} reaches the inside", lambda name=name: ping(lab, name), 30)
        lab.wait_route(LANS[name][0])
    assert {name: gateway(lab, name) for name in LANS} == {"s1": ["198.51.100.2"], "s2": ["192.0.2.2"], "s3": ["100.64.3.2"]}
    assert not wire.clear_text("10.0.0.10"), wire.clear_text("10.0.0.10")

    # What is denied is not encrypted. (It dies of the route to the peer, which is not on the spoke's link.)
    assert "PASS" in spokes["s1"].charon.swanctl("--list-pols").stdout
    encrypted = len(wire.lines("198.51.100.2 > 203.0.113.1", "ESP(spi"))
    ping(lab, "s1", "10.0.0.70")
    wire.catch_up()
    assert len(wire.lines("198.51.100.2 > 203.0.113.1", "ESP(spi")) == encrypted, "what the access list denies is encrypted"

    # The first spoke gets another address from its provider, without a word to the hub.
    others = {name: gateway(lab, name) for name in ("s2", "s3")}
    lab.ip_batch("s1", f"addr del 198.51.100.2/24 dev out\naddr add {MOVED}/24 dev out\nroute replace default via 198.51.100.1\n")
    ENDS["s1"] = (*ENDS["s1"][:3], f"{MOVED} 255.255.255.0")
    spokes["s1"].rrid.write_configuration(spokes["s1"].text())
    spokes["s1"].rrid.process.signal(signal.SIGHUP)
    wait_until("the spoke reaches the inside from its new address", lambda: ping(lab, "s1"), 30)
    wait_until("the route follows", lambda: gateway(lab, "s1") == [MOVED], 15)
    wait_until("the old SA is gone", lambda: "198.51.100.2" not in hub.charon.swanctl("--list-sas").stdout, 30)
    assert len(hub.charon.child_ids()) == 3 and gateway(lab, "s1") == [MOVED], hub.charon.swanctl("--list-sas").stdout
    assert {name: gateway(lab, name) for name in others} == others, "another spoke's route moved"
    lab.wait_ping("inside", LANS["s1"][1])

    for end in (hub, *spokes.values()):
        end.change(map_line="no shutdown")
    for end in (hub, *spokes.values()):
        end.wait_nothing(40)
    for lan, _ in LANS.values():
        lab.wait_no_route(lan)
