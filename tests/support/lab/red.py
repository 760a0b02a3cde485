"""A hub whose inside is the VRF RED, on FRR: the link lines that make it, and the head of its configuration."""

MAKE_RED = """\
link add RED type vrf table 100
link set RED up
link set h-in master RED
addr replace fd00::1/64 dev h-in nodad
route replace 10.0.0.0/24 dev h-in
route replace fd00::/64 dev h-in table main
"""
S1_LAN6 = "fd01::/64"
# {directory}: of FRR; {{vici}}: the socket. It ends in the dynamic map.
HEAD = """\
hostname PE
vrf definition RED
 address-family ipv4
 address-family ipv6
rri
 ike strongswan socket {{vici}} observe
 route frr directory {directory}
 hold-down 1
crypto isakmp profile CUSTOMER-RED
 vrf RED
 match identity host s1
ip access-list extended NETS
 permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255
ipv6 access-list NETS
 permit ipv6 FD00::/64 FD01::/32
crypto dynamic-map SPOKES 10
 set isakmp-profile CUSTOMER-RED
 match address NETS
 reverse-route
"""
