"""IPv6 alike: a remote IPv6 network behind an IPv6 peer gives its route, and traffic flows; behind an IPv4 peer, too."""

from lab.standing import Standing
from lab.waiting import wait_until

V6_LAN, V6_HOST = "fd01::/48", "fd01::1"


def ipv6_routes(lab):
    return [route for route in lab.routes("hub", "proto", "213", family=6) if route["dst"] == V6_LAN]


def scenario(lab):
    standing = Standing(lab, dynamic_lines=["no match address"], s1_lans="10.1.0.0/16,fd01::/48")
    standing.s1.initiate()
    route = wait_until("our IPv6 route is in the hub's table", lambda: ipv6_routes(lab))[0]
    assert route["metric"] == 1 << 24 and route["dev"] == "ipsec0", route
    lab.wait_route("10.1.0.0/16")
    lab.wait_ping("inside", V6_HOST)
    standing.s1.terminate()
    wait_until("our IPv6 route is gone", lambda: not ipv6_routes(lab))
