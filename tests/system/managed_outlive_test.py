"""SAs and routes outlive their key, policy, profile and transform set, as on IOS; a new line uses the same IKE SA; they end with the peer."""

import re

from lab.monitor import RouteMonitor
from lab.standing import S1_LAN, End
from lab.waiting import wait_until

PARTS = {
    "policy": "crypto isakmp policy 10\n encryption aes\n hash sha256\n authentication pre-share\n group 19\n",
    "key": "crypto isakmp key alpha address {peer}\n",
    "profile": "crypto isakmp profile P\n keyring default\n match identity address {peer} 255.255.255.255\n",
    "set": "crypto ipsec transform-set T esp-aes esp-sha256-hmac\n",
    "line": "",
    "list": "access-list 101 permit ip {acl}\n",
    "entry": "crypto map mymap 1 ipsec-isakmp\n set peer {peer}\n set transform-set T\n set isakmp-profile P\n match address 101\n reverse-route\n",
}
HUB = {"peer": "198.51.100.2", "acl": "10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255"}
SPOKE = {"peer": "203.0.113.1", "acl": "10.1.0.0 0.0.255.255 10.0.0.0 0.0.0.255"}
TO_S1 = "rri-mymap-1-198_51_100_2"


def text(words, **changed):
    return "".join({**PARTS, **changed}.values()).format(**words)


def ike_sas(end):
    """Also those that are only called: both ends call at once, and one may come up some seconds later."""
    return set(re.findall(r"^\S+: #(\d+), ", end.charon.swanctl("--list-sas").stdout, re.M))


def scenario(lab):
    hub = End(lab, "hub", text(HUB)).start()
    spoke = End(lab, "s1", text(SPOKE)).start()
    lab.wait_route(S1_LAN, 40)
    wait_until("one IKE SA", lambda: len(hub.charon.ike_ids()) == 1, 30)
    monitor = RouteMonitor(lab)
    mark, spis = monitor.mark(), hub.charon.spis()

    def changes(end, words, loaded, **changed):
        end.change(text(words, **changed))
        end.wait_connections([TO_S1] if loaded else [])
        assert hub.charon.spis() >= spis, f"{changed} cost the SA"

    for part in ("key", "profile", "set"):
        changes(hub, HUB, False, **{part: ""})
        changes(hub, HUB, True)
    log = len(hub.charon.log())
    changes(hub, HUB, True, set=PARTS["set"].replace("sha256", "sha512"), policy=PARTS["policy"].replace("19", "20"))
    wait_until("charon has the other set", lambda: "vici connection: " + TO_S1 in hub.charon.log()[log:])
    changes(hub, HUB, True)
    line = "access-list 101 permit ip host {0} host {1}\n"
    before = ike_sas(hub)
    changes(hub, HUB, True, line=line.format("203.0.113.1", "10.1.0.1"))
    spoke.change(text(SPOKE, line=line.format("10.1.0.1", "203.0.113.1")))
    wait_until("the new line has its tunnel", lambda: len(hub.charon.tunnels()) == 2, 30)
    assert hub.charon.spis() >= spis and ike_sas(hub) <= before, hub.charon.swanctl("--list-sas").stdout
    assert not monitor.since(mark, "10.1.0.0/16"), monitor.since(mark, "10.1.0.0/16")
    spoke.charon.stop()
    hub.change(text(HUB, entry=PARTS["entry"].replace(" set peer {peer}\n", "")))
    wait_until("the SAs end with the peer", lambda: not hub.charon.spis(), 20)
