"""No packet of a crypto access list leaves in clear by any way to the provider: a default route, an on-link peer, proxy ARP, a device without ARP; SA down, charon or rrid dead, policies flushed, in each route form, IPv6 too."""

import signal

from lab.daemon import make_configuration
from lab.standing import S1_HOST, S1_LAN, Standing
from lab.waiting import wait_until
from lab.wire import Wire

MODE = "kernel"
INSIDE_HOST = "10.0.0.10"
OPEN_HOST = "10.9.0.1"      # in the access list's range, denied before the permit
DEFAULT_HOST = "10.8.0.1"   # in the range, behind no tunnel: only the default route leads there
ON_LINK_HOST = "10.7.0.1"   # behind a peer in the provider's network, which answers ARP by itself
PROXY_ARP_HOST = "10.6.0.1"  # behind a peer far away, for which the provider answers ARP
OUTSIDE_HOST = "192.0.2.2"  # not in the access list
SPOKE6, INSIDE6 = "fd01::1", "fd00::10"
CLOSED = (S1_HOST, DEFAULT_HOST, ON_LINK_HOST, PROXY_ARP_HOST, SPOKE6)
LISTS = """\
ip access-list extended SPOKE-NETS
 deny ip 10.0.0.0 0.0.0.255 10.9.0.0 0.0.255.255
ipv6 access-list SPOKE-NETS
 permit ipv6 fd00::/64 fd00::/8
access-list 107 permit ip 10.0.0.0 0.0.0.255 10.7.0.0 0.0.255.255
access-list 106 permit ip 10.0.0.0 0.0.0.255 10.6.0.0 0.0.255.255
crypto map VPN 10 ipsec-isakmp
 set peer 203.0.113.2
 match address 107
 reverse-route static
crypto map VPN 20 ipsec-isakmp
 set peer 198.51.100.77
 match address 106
 reverse-route static
"""
HUB = """\
addr add 2001:db8::1/64 dev h-out nodad
route add default via 203.0.113.2
route add default via 2001:db8::2
"""
# What the hub lets out in clear, the provider answers; and it holds s1's address for s1.
ISP = f"""\
addr add 2001:db8::2/64 dev i-hub nodad
addr add {OPEN_HOST}/32 dev lo
addr add {DEFAULT_HOST}/32 dev lo
addr add {ON_LINK_HOST}/32 dev lo
addr add {PROXY_ARP_HOST}/32 dev lo
addr add {SPOKE6}/128 dev lo nodad
route add 10.0.0.0/24 via 203.0.113.1
route add 10.1.0.0/16 via 198.51.100.2
route add fd00::/64 via 2001:db8::1
"""


class Scene:
    def __init__(self, lab):
        self.lab = lab
        lab.ip_batch("isp", ISP)
        lab.ip_batch("hub", HUB)
        lab.ip_batch("s1", "route add fd00::/64 dev out\n")
        lab.write_sysctl("isp", "net/ipv4/conf/i-hub/proxy_arp", "1")
        self.standing = Standing(lab, hold_down=2, form="peer", more=LISTS, s1_lans=f"{S1_LAN},fd01::/48")
        self.rrid, self.hub, self.s1 = self.standing.rrid, self.standing.hub, self.standing.s1
        self.wire = Wire(lab)
        wait_until("the access lists are closed", lambda: len(lab.block_policies()) >= 4)
        for prefix, peer in (("10.7.0.0/16", "203.0.113.2"), ("10.6.0.0/16", "198.51.100.77")):
            assert lab.wait_route(prefix)["gateway"] == peer

    def reconfigure(self, form, closed=True):
        text = make_configuration(self.lab, self.hub.socket, hold_down=2, form=form, more=LISTS)
        self.rrid.write_configuration(text if closed else text.replace("rri\n", "rri\n fail-closed off\n", 1))
        self.rrid.process.signal(signal.SIGHUP)
        wait_until("the policies are as configured", lambda: bool(self.lab.block_policies()) == closed)

    def ping_all(self):
        """Tries everything that the lists permit, at once; says who got an answer."""
        def ping(host, *tries):
            script = "".join(f"ping -n -q -c 1 -W 1 {words} > /dev/null && echo {words.split()[-1]} from {host} & " for words in tries)
            return self.lab.execute(host, "sh", "-c", script + "wait").stdout.splitlines()
        return ping("inside", *CLOSED) + ping("hub", f"-I 10.0.0.1 {S1_HOST}", f"-I fd00::1 {SPOKE6}")

    def clear_text(self, *hosts):
        return self.wire.clear_text(*(hosts or CLOSED))

    def assert_closed(self, when):
        reached = self.ping_all()
        assert not reached, f"{when}: {reached} answered"
        seen = self.clear_text()
        assert not seen, f"clear text on the wire, {when}:\n" + "\n".join(seen)

    def assert_others_pass(self):
        for host, address in (("inside", OPEN_HOST), ("inside", OUTSIDE_HOST), ("hub", INSIDE_HOST), ("hub", INSIDE6)):
            assert self.lab.can_ping(host, address), f"{host} does not reach {address}, which nothing closes"

    def tunnel_up(self):
        self.s1.initiate()
        self.lab.wait_route("10.1.0.0/16")
        self.lab.wait_ping("inside", S1_HOST, 30)
        self.lab.wait_ping("inside", SPOKE6, 30)
        assert not self.clear_text(), self.clear_text()

    def assert_leaks(self, *hosts):
        """When nothing closes them: this scenario can fail."""
        for host in hosts:
            seen = len(self.clear_text(host))

            def is_more(host=host, seen=seen):
                self.ping_all()
                return len(self.clear_text(host)) > seen
            wait_until(f"{host} is seen in clear when nothing closes", is_more)


def scenario(lab):
    scene = Scene(lab)
    scene.assert_closed("before the first SA")
    scene.assert_others_pass()

    for form in ("peer", "gateway", "interface"):
        scene.reconfigure(form)
        scene.tunnel_up()
        scene.s1.terminate()
        scene.assert_closed(f"SA down, the route in {form} form held")
        lab.wait_no_route("10.1.0.0/16")
        scene.assert_closed(f"SA down, no route but the default one ({form} form)")

    # A device without ARP resolves every next hop; an IKE daemon's policy wins over ours.
    lab.ip_batch("hub", "link set h-out arp off\n")
    scene.ping_all()
    lab.ip_batch("hub", "link set h-out arp on\n")
    assert not scene.clear_text(), scene.clear_text()

    scene.tunnel_up()
    policies = lab.block_policies()
    scene.rrid.kill9()
    scene.hub.kill9()
    lab.ip_batch("hub", "xfrm state flush\nxfrm policy list\n")
    scene.assert_closed("rrid and charon killed, the SA's keys gone")
    scene.rrid.start()
    assert lab.block_policies() == policies
    lab.ip("hub", "xfrm", "policy", "flush")
    wait_until("the flush is mended", lambda: lab.block_policies() == policies)
    scene.assert_closed("charon dead, all policies flushed")
    scene.hub.start()
    scene.s1.terminate(force=True)
    scene.tunnel_up()
    scene.assert_others_pass()

    scene.s1.terminate()
    scene.reconfigure("peer", closed=False)
    scene.assert_leaks(*CLOSED)
    lab.ip_batch("hub", "link set h-out arp off\n")
    seen = len(scene.wire.lines(f"> {DEFAULT_HOST}"))
    scene.ping_all()
    lab.ip_batch("hub", "link set h-out arp on\n")
    scene.wire.catch_up()
    assert len(scene.wire.lines(f"> {DEFAULT_HOST}")) > seen, "a device without ARP leaks nothing even when nothing closes"
