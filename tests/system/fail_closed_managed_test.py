"""Managed strongSwan, kernel ESP, traffic all the time: not one packet in clear between trap, acquire, SA up and down, new access list, new peer, dead and new charon, dead and new rrid."""

from lab.standing import S1_HOST, S1_LAN, End
from lab.waiting import wait_until
from lab.wire import Wire

MODE = "kernel"
CRYPTO = """\
crypto isakmp policy 10
 encryption aes
 hash sha256
 authentication pre-share
 group 19
crypto isakmp key cisco123 address 0.0.0.0 0.0.0.0
crypto ipsec transform-set T esp-aes esp-sha256-hmac
access-list 102 permit ip {acl}
{more}
crypto map mymap 1 ipsec-isakmp
 set peer {peer}
 set transform-set T
 match address 102
 reverse-route
"""
OTHER_HOST = "10.5.0.1"  # in a line that comes later, behind no tunnel
MORE = """\
access-list 102 deny ip 10.0.0.0 0.0.0.255 10.9.0.0 0.0.255.255
access-list 102 permit ip 10.0.0.0 0.0.0.255 10.5.0.0 0.0.255.255"""


def hub_text(peer="198.51.100.2", more=""):
    return CRYPTO.format(peer=peer, acl="10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255", more=more)


class Scene:
    def __init__(self, lab):
        self.lab = lab
        # Whatever leaves the hub in clear arrives and is answered.
        lab.ip_batch("isp", f"addr add {OTHER_HOST}/32 dev lo\nroute add 10.0.0.0/24 via 203.0.113.1\nroute add 10.1.0.0/16 via 198.51.100.2\n")
        lab.write_sysctl("isp", "net/ipv4/conf/i-hub/proxy_arp", "1")
        lab.ip_batch("hub", "route add default via 203.0.113.2\n")
        self.hub = End(lab, "hub", hub_text())
        self.spoke = End(lab, "s1", CRYPTO.format(peer="203.0.113.1", acl="10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255", more="")).start()
        self.hub.rrid.start()  # before charon
        wait_until("the access list is closed", lab.block_policies)
        self.wire = Wire(lab)
        self.traffic = [lab.spawn("inside", ["ping", "-n", "-O", "-i", "0.2", host], f"traffic-{host}") for host in (S1_HOST, OTHER_HOST)]
        self.own = lab.spawn("hub", ["ping", "-n", "-O", "-i", "0.2", "-I", "10.0.0.1", S1_HOST], "traffic-own")

    def replies(self):
        return self.traffic[0].output().count("bytes from")

    def tries(self):
        return self.traffic[0].output().count("icmp_seq")

    def wait_passes(self):
        """Traffic passes, and is encrypted."""
        before = self.replies()
        wait_until("traffic passes the tunnel", lambda: self.replies() > before + 2, 60)

    def wait_tries(self, count=5):
        """That many packets more want to leave."""
        before = self.tries()
        wait_until("packets try to leave", lambda: self.tries() >= before + count)

    def assert_closed(self, when):
        seen = self.wire.clear_text(S1_HOST)
        assert not seen, f"clear text on the wire, {when}:\n" + "\n".join(seen[:20])


def scenario(lab):
    scene = Scene(lab)
    hub, spoke = scene.hub, scene.spoke
    scene.wait_tries()
    scene.assert_closed("before charon")

    hub.charon.start()
    scene.wait_passes()
    lab.wait_route(S1_LAN, 30)
    scene.assert_closed("from trap over acquire to SA")

    hub.charon.swanctl("--terminate", "--ike", "rri-mymap-1-198_51_100_2", "--force", check=False)
    scene.wait_passes()
    spoke.charon.swanctl("--terminate", "--ike", "rri-mymap-1-203_0_113_1", check=False)
    scene.wait_passes()
    spoke.charon.terminate_child("rri-mymap-1-10_1_0_0_16_to_10_0_0_0_24")
    scene.wait_passes()
    scene.assert_closed("SAs ended from both sides")

    hub.change(hub_text(more=MORE))
    wait_until("the new line is closed", lambda: any("10.5.0.0/16" in policy for policy in lab.block_policies()))
    scene.wire.catch_up()
    leaked = len(scene.wire.lines(OTHER_HOST))  # it was allowed until now
    scene.wait_passes()
    hub.change(hub_text(peer="192.0.2.2", more=MORE))
    hub.wait_connections(["rri-mymap-1-192_0_2_2"], 30)
    scene.wait_tries()
    hub.change(hub_text(more=MORE))
    scene.wait_passes()
    scene.assert_closed("new lines, another peer and back")
    assert len(scene.wire.lines(OTHER_HOST)) == leaked, "clear text of the new line"

    hub.rrid.kill9()
    hub.charon.kill9()
    lab.ip("hub", "xfrm", "state", "flush")
    scene.wait_tries()
    scene.assert_closed("rrid and charon killed, keys gone")
    hub.rrid.start()
    scene.wait_tries()
    hub.charon.start()
    spoke.charon.swanctl("--terminate", "--ike", "rri-mymap-1-203_0_113_1", "--force", check=False)
    scene.wait_passes()
    scene.assert_closed("both started again")

    hub.rrid.stop()
    hub.charon.stop()
    scene.wait_tries()
    scene.assert_closed("both stopped in order")

    # Without block policies the same leaks: this scenario can fail.
    lab.ip("hub", "xfrm", "policy", "flush")
    wait_until("clear text is seen when nothing closes", lambda: scene.wire.clear_text(S1_HOST))
