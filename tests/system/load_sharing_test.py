"""Three active hubs share the spokes: upstream sends each spoke's traffic to the hub that holds its SA.

Then spokes move from one hub to another, in both orders, one of them over all three. Each hub has one dynamic map
and no redundancy group, and tell the upstream router by OSPF (BIRD, from `rri render bird`).
A spoke on two hubs is announced by both: with the `preference` that BIRD gives learned routes
by itself, the other hub's route would hide a hub's own. Of two distances the lower one wins.
"""

import signal
import time

from lab.bird import Bird
from lab.daemon import Rrid
from lab.pair import FAST_OSPF, HUBS, IKE, INSIDE, OUTSIDE, THREE_HUBS, TOPOLOGY, UPSTREAM  # noqa: F401
from lab.strongswan import Charon
from lab.waiting import wait_until

SPOKES = {"s1": ("10.1.1.1", "10.0.0.0/16", "10.0.0.1"), "s2": ("10.1.2.1", "10.8.0.0/16", "10.8.0.1")}
CONFIGURATION = """\
hostname {hub}
rri
 ike strongswan socket {vici} observe
 route form {form}
 hold-down 1
crypto dynamic-map SPOKES 10
 set transform-set ESP
 match address 102
 reverse-route
 set reverse-route distance {distance}
crypto map VPN 10 ipsec-isakmp dynamic SPOKES
interface GigabitEthernet0/0/1
 linux device h-out
 ip address {outside} 255.255.255.0
 crypto map VPN
interface GigabitEthernet0/0/0
 linux device h-in
 ip address {inside} 255.255.255.0
access-list 102 permit ip 192.168.1.0 0.0.0.255 10.0.0.0 0.15.255.255
"""


def configuration(lab, name, charon, distance=1):
    form = "device ipsec0" if lab.mode == "libipsec" else "peer"
    return CONFIGURATION.format(hub=name, vici=charon.socket, form=form, outside=OUTSIDE[name], inside=INSIDE[name], distance=distance)


def start_hub(lab, name):
    charon = Charon(lab, name)
    charon.configure(IKE.format(name="spokes", local=OUTSIDE[name], remote="%any", keying="", local_id=name, remote_id="%any",
                                local_ts="192.168.1.0/24", remote_ts="0.0.0.0/0", actions=""))
    charon.start()
    rrid = Rrid(lab, configuration(lab, name, charon), host=name).start()
    return charon, rrid, Bird(lab, name, rrid.render("bird").replace(*FAST_OSPF)).start()


def start_spoke(lab, name):
    address, lan, _ = SPOKES[name]
    charon = Charon(lab, name)
    text = IKE.format(name="{hub}", local=address, remote="{outside}", keying="", local_id=name, remote_id="{hub}",
                      local_ts=lan, remote_ts="192.168.1.0/24", actions="")
    each = [text.replace("{hub}", hub).replace("{outside}", OUTSIDE[hub]).replace(" net {{", f" to-{hub} {{{{") for hub in THREE_HUBS]
    charon.configure("\n".join(part.replace("{secrets}", "") for part in each) + "{secrets}")
    return charon.start()


class Upstream:
    def __init__(self, lab):
        self.lab = lab
        self.bird = Bird(lab, "up", UPSTREAM).start()

    def gateways(self, lan):
        routes = self.lab.routes("up", lan)
        return [hop["gateway"] for route in routes for hop in route.get("nexthops", [route]) if "gateway" in hop]

    def follow(self, what, spoke, hub):
        """Waits until `spoke`'s traffic goes to `hub` and to no other, and comes back."""
        _, lan, host = SPOKES[spoke]
        begin = time.monotonic()
        wait_until(f"upstream sends {lan} to {hub} alone ({what})", lambda: self.gateways(lan) == [INSIDE[hub]], 20)
        followed = time.monotonic() - begin
        # The hub that is left keeps its route for the hold-down.
        wait_until(f"{hub} alone has the route ({what})",
                   lambda: [name for name in THREE_HUBS if self.lab.our_routes(lan, name)] == [hub])
        self.lab.wait_ping("inside", host)
        assert self.gateways(lan) == [INSIDE[hub]], self.gateways(lan)
        print(f"{what:<32} upstream {followed:5.2f} s, ping {time.monotonic() - begin:5.2f} s", flush=True)


def two_hubs_hold_one_spoke(lab, up, hubs, spoke):
    """s2 is on hub1, and dials hub2 as well."""
    lan = SPOKES["s2"][1]
    both = sorted(INSIDE[name] for name in HUBS)
    spoke.initiate("to-hub2")
    wait_until("both hubs have a route", lambda: all(lab.our_routes(lan, name) for name in HUBS))
    wait_until("upstream has both ways", lambda: sorted(up.gateways(lan)) == both, 20)

    # With BIRD's own preference hub2 believes hub1 when it meets the route anew.
    charon, rrid, bird = hubs["hub2"]
    rendered = bird.text()
    line = next(line for line in rendered.splitlines() if "preference =" in line)
    bird.configure(rendered.replace(line, ""))
    wait_until("BIRD's own preference hides a hub's route", lambda: up.gateways(lan) == [INSIDE["hub1"]], 20)
    bird.configure(rendered)
    wait_until("the rendered one does not", lambda: sorted(up.gateways(lan)) == both, 20)

    rrid.write_configuration(configuration(lab, "hub2", charon, distance=200))
    rrid.process.signal(signal.SIGHUP)
    wait_until("the lower distance wins", lambda: up.gateways(lan) == [INSIDE["hub1"]], 20)
    spoke.terminate("hub1")
    up.follow("the higher one takes over", "s2", "hub2")


def scenario(lab):
    up = Upstream(lab)
    hubs = {name: start_hub(lab, name) for name in THREE_HUBS}
    spokes = {name: start_spoke(lab, name) for name in SPOKES}
    up.bird.wait_neighbours(2)

    spokes["s1"].initiate("to-hub1")
    spokes["s2"].initiate("to-hub2")
    up.follow("s1 on hub1", "s1", "hub1")
    up.follow("s2 on hub2", "s2", "hub2")

    spokes["s1"].initiate("to-hub2")  # make before break
    spokes["s1"].terminate("hub1")
    up.follow("s1 moves to hub2", "s1", "hub2")
    up.follow("s2 stays", "s2", "hub2")
    spokes["s1"].initiate("to-hub3")
    spokes["s1"].terminate("hub2")
    up.follow("s1 moves on to hub3", "s1", "hub3")

    spokes["s2"].terminate("hub2")  # break before make
    spokes["s2"].initiate("to-hub1")
    up.follow("s2 moves to hub1", "s2", "hub1")
    up.follow("s1 stays", "s1", "hub3")
    two_hubs_hold_one_spoke(lab, up, hubs, spokes["s2"])
