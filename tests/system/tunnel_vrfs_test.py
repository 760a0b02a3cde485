"""Two customers in VRFs of their own from IOS text, one by an isakmp profile and one by an ikev2 profile; then the outside in a VRF."""

from lab.processes import run
from lab.standing import S1_LAN, End
from lab.waiting import wait_until
from lab.wire import Wire

MODE = "kernel"
NEEDS_DEVICE = "vrf"
# What was decrypted arrives in the front-door VRF; the way inside is the operator's.
HUB_LINKS = """\
addr add 10.50.0.1/24 dev h-blue
link set h-blue up
link add RED type vrf table 100
link set RED up
link set h-in master RED
link add BLUE type vrf table 101
link set BLUE up
link set h-blue master BLUE
route replace 10.0.0.0/24 dev h-in
route replace 10.50.0.0/24 dev h-blue
"""
FRONT_LINKS = """\
link add FRONT type vrf table 200
link set FRONT up
link set h-in nomaster
link set h-in master FRONT
link set h-out master FRONT
route add 198.51.100.0/24 via 203.0.113.2 dev h-out table 200
route replace 198.51.100.0/24 via 203.0.113.2 dev h-out onlink
"""
VRFS = """\
vrf definition {vrf}
 rd 65000:{number}
 address-family ipv4
"""
INSIDE = """\
interface GigabitEthernet0/0/0
 linux device h-in
 vrf forwarding {vrf}
 ip address 10.0.0.1 255.255.255.0
"""
RED = """\
crypto isakmp policy 10
 encr aes
 hash sha256
 authentication pre-share
 group 19
crypto keyring RED-KEYS{front}
 pre-shared-key address 198.51.100.2 key red-secret
crypto isakmp profile RED
 vrf {vrf}
 keyring RED-KEYS
 match identity address 198.51.100.2 255.255.255.255{front_word}
crypto ipsec transform-set T esp-aes esp-sha-hmac
ip access-list extended RED-NETS
 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
crypto map mymap 10 ipsec-isakmp
 set peer 198.51.100.2
 set transform-set T
 set isakmp-profile RED
 match address RED-NETS
 reverse-route
"""
BLUE = """\
crypto ikev2 keyring BLUE-KEYS
 peer blue
  address 192.0.2.2
  pre-shared-key local hub-says
  pre-shared-key remote blue-says
crypto ikev2 profile BLUE
 match identity remote address 192.0.2.2 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local BLUE-KEYS
 ivrf BLUE
ip access-list extended BLUE-NETS
 permit ip 10.50.0.0 0.0.0.255 10.1.0.0 0.0.255.255
crypto dynamic-map BLUE-DYN 10
 set transform-set T
 set ikev2-profile BLUE
 match address BLUE-NETS
 reverse-route
crypto map mymap 20 ipsec-isakmp dynamic BLUE-DYN
interface GigabitEthernet0/0/2
 linux device h-blue
 vrf forwarding BLUE
 ip address 10.50.0.1 255.255.255.0
"""
HUB = VRFS.format(vrf="RED", number=1) + VRFS.format(vrf="BLUE", number=2) + RED.format(vrf="RED", front="", front_word="") + BLUE + \
    INSIDE.format(vrf="RED")
FRONT = VRFS.format(vrf="FRONT", number=3) + RED.format(vrf="FRONT", front=" vrf FRONT", front_word=" FRONT") + INSIDE.format(vrf="FRONT")
RED_SPOKE = """\
crypto isakmp policy 10
 encr aes
 hash sha256
 authentication pre-share
 group 19
crypto isakmp key red-secret address 203.0.113.1
crypto ipsec transform-set T esp-aes esp-sha-hmac
access-list 101 permit ip 10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255
crypto map mymap 1 ipsec-isakmp
 set peer 203.0.113.1
 set transform-set T
 match address 101
"""
BLUE_SPOKE = """\
crypto ikev2 keyring HUB
 peer hub
  address 203.0.113.1
  pre-shared-key local blue-says
  pre-shared-key remote hub-says
crypto ikev2 profile HUB
 match identity remote address 203.0.113.1 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local HUB
crypto ipsec transform-set T esp-aes esp-sha-hmac
access-list 101 permit ip 10.1.0.0 0.0.255.255 10.50.0.0 0.0.0.255
crypto map mymap 1 ipsec-isakmp
 set peer 203.0.113.1
 set transform-set T
 set ikev2-profile HUB
 match address 101
"""


def ping(lab, spoke, address):
    return lab.execute(spoke, "ping", "-n", "-q", "-c", "1", "-W", "2", "-I", "10.1.0.1", address, check=False).returncode == 0


def wait_route(lab, table, gateway):
    def found():
        return [route["gateway"] for route in lab.routes("hub", "table", table, "proto", "213") if route["dst"] == S1_LAN] == [gateway]
    wait_until(f"the route via {gateway} is in table {table}", found, 20)


def scenario(lab):
    run(["ip", "link", "add", "h-blue", "netns", lab.namespace("hub"), "type", "veth", "peer", "name", "eth1", "netns",
         lab.namespace("inside")])
    lab.ip_batch("hub", HUB_LINKS)
    lab.ip_batch("inside", "addr add 10.50.0.10/24 dev eth1\nlink set eth1 up\nroute add default via 10.50.0.1 table 50\n"
                           "rule add from 10.50.0.10 lookup 50\n")
    lab.ip_batch("s2", "addr add 10.1.0.1/16 dev lo\n")
    hub = End(lab, "hub", HUB).start()
    red = End(lab, "s1", RED_SPOKE).start()
    blue = End(lab, "s2", BLUE_SPOKE).start()
    wire = Wire(lab)
    hub.wait_connections(["rri-mymap-10-198_51_100_2", "rri-mymap-20-any_10"], 30)
    wait_until("RED reaches its inside", lambda: ping(lab, "s1", "10.0.0.10"), 30)
    wait_until("BLUE reaches its inside", lambda: ping(lab, "s2", "10.50.0.10"), 30)
    wait_route(lab, "100", "198.51.100.2")
    wait_route(lab, "101", "192.0.2.2")
    assert not lab.our_routes(), lab.our_routes()
    leaked = wire.clear_text("10.1.0.1", "10.0.0.10", "10.50.0.10")
    assert not leaked, leaked

    # The outside and RED's inside in one VRF: the keyring is the front-door VRF's.
    lab.write_sysctl("hub", "net/ipv4/udp_l3mdev_accept", "1")
    lab.ip_batch("hub", FRONT_LINKS)
    hub.change(FRONT, map_line="vrf forwarding FRONT\n crypto map mymap")
    hub.wait_connections(["rri-mymap-10-198_51_100_2"], 30)
    wait_until("RED reaches its inside through the front-door VRF", lambda: ping(lab, "s1", "10.0.0.10"), 40)
    wait_route(lab, "200", "198.51.100.2")
    leaked = [line for line in wire.lines("10.0.0.10") if "ESP(spi" not in line]
    assert not leaked, leaked

    for end in (hub, red, blue):
        end.change(map_line="no shutdown")
    for end in (hub, red, blue):
        end.wait_nothing(40)
    assert not lab.routes("hub", "table", "all", "proto", "213"), "a route is left"
