"""With a default route to a provider that answers ARP for everybody, no packet of a crypto access list leaves in clear: SA down, charon or rrid dead, policies flushed, in each route form."""

import signal

from lab.daemon import make_configuration
from lab.standing import S1_HOST, Standing
from lab.waiting import wait_until
from lab.wire import Wire

MODE = "kernel"
INSIDE_HOST = "10.0.0.10"
OPEN_HOST = "10.9.0.1"     # in the access list's range, denied before the permit
CLOSED_HOST = "10.8.0.1"   # in the range, behind no tunnel
OUTSIDE_HOST = "192.0.2.2"  # not in the access list
SPOKE6, INSIDE6 = "fd01::1", "fd00::10"
LISTS = """\
ip access-list extended SPOKE-NETS
 deny ip 10.0.0.0 0.0.0.255 10.9.0.0 0.0.255.255
ipv6 access-list SPOKE-NETS
 permit ipv6 fd00::/64 fd00::/8
"""
HUB = """\
addr add 2001:db8::1/64 dev h-out nodad
route add default via 203.0.113.2
route add default via 2001:db8::2
"""
ISP = f"""\
addr add 2001:db8::2/64 dev i-hub nodad
addr add {OPEN_HOST}/32 dev lo
addr add {CLOSED_HOST}/32 dev lo
addr add {SPOKE6}/128 dev lo nodad
route add 10.0.0.0/24 via 203.0.113.1
route add 10.1.0.0/16 via 198.51.100.2
route add fd00::/64 via 2001:db8::1
"""


def make(lab, standing_socket, form, closed=True):
    text = make_configuration(lab, standing_socket, hold_down=2, form=form, more=LISTS)
    return text if closed else text.replace("rri\n", "rri\n fail-closed off\n", 1)


class Scene:
    def __init__(self, lab):
        self.lab = lab
        lab.ip_batch("isp", ISP)
        lab.ip_batch("hub", HUB)
        lab.write_sysctl("isp", "net/ipv4/conf/i-hub/proxy_arp", "1")
        self.standing = Standing(lab, hold_down=2, form="peer", more=LISTS)
        self.rrid, self.hub, self.s1 = self.standing.rrid, self.standing.hub, self.standing.s1
        self.wire = Wire(lab)
        wait_until("the access lists are closed", lambda: len(lab.block_policies()) >= 2)

    def reconfigure(self, form, closed=True):
        self.rrid.write_configuration(make(self.lab, self.hub.socket, form, closed))
        self.rrid.process.signal(signal.SIGHUP)
        wait_until("the policies are as configured", lambda: bool(self.lab.block_policies()) == closed)

    def ping_all(self):
        """Tries everything that the lists permit; says who got an answer."""
        tries = (("inside", S1_HOST), ("inside", CLOSED_HOST), ("inside", SPOKE6))
        reached = [address for host, address in tries if self.lab.can_ping(host, address)]
        for source, address in (("10.0.0.1", S1_HOST), ("fd00::1", SPOKE6)):
            done = self.lab.execute("hub", "ping", "-n", "-q", "-c", "1", "-W", "1", "-I", source, address, check=False)
            reached += [f"{address} from {source}"] if done.returncode == 0 else []
        return reached

    def clear_text(self):
        return self.wire.clear_text(S1_HOST, CLOSED_HOST, SPOKE6)

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
        assert not self.clear_text(), self.clear_text()


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
    lab.can_ping("inside", S1_HOST)
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

    # The same without fail-closed leaks: this scenario can fail.
    scene.s1.terminate()
    scene.reconfigure("gateway", closed=False)
    wait_until("clear text is seen when nothing closes", lambda: scene.ping_all() and scene.clear_text())
