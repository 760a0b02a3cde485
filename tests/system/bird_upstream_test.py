"""SA up on the hub: the upstream router's BIRD has the route with its tag, and a ping passes; pins and foreign routes stay at home.

BIRD starts again under the live tunnel. Then a burst of 10,000 routes, which is what `netlink rx buffer`
of the rendered bird.conf is for.
"""

import time

from lab.bird import FAST, UPSTREAM, Bird
from lab.daemon import Rrid, make_configuration
from lab.standing import S1_HOST, S1_LAN
from lab.strongswan import Charon
from lab.waiting import wait_until

BURST = 10000


def burst_lines(verb):
    """Prefixes inside the access list, which is 10.0.0.0/10."""
    return "".join(f"route {verb} 10.{16 + i // 256}.{i % 256}.0/24 dev ipsec0 proto 213 metric 16777216\n" for i in range(BURST))


def learned(bird):
    """How many routes BIRD on the hub has from the kernel."""
    return int(bird.ask("show route count protocol rri_kernel4").splitlines()[-1].split()[0])


def scenario(lab):
    hub, s1 = Charon(lab, "hub"), Charon(lab, "s1")
    hub.configure_hub()
    s1.configure_spoke()
    hub.start()
    s1.start()
    rrid = Rrid(lab, make_configuration(lab, hub.socket, dynamic_lines=(
        "set reverse-route tag 100", "reverse-route remote-peer"))).start()
    configuration = rrid.render("bird")
    assert 'interface "h-in" { };' in configuration, configuration
    bird = Bird(lab, "hub", configuration.replace('interface "h-in" { };', f'interface "h-in" {FAST};')).start()
    up = Bird(lab, "inside", UPSTREAM).start()
    up.wait_neighbours(1)
    lab.ip("hub", "route", "add", "10.2.0.0/16", "dev", "ipsec0", "proto", "static")  # somebody else's

    begin = time.monotonic()
    s1.initiate()
    wait_until("the upstream router has the route", lambda: lab.routes("inside", "10.1.0.0/16"), 20)
    print(f"initiated -> upstream {time.monotonic() - begin:.2f} s", flush=True)
    shown = up.ask(f"show route all {S1_LAN}")
    assert "OSPF.tag: 0x00000064" in shown or "ospf_tag: 100" in shown.lower() or "OSPF.tag: 100" in shown, shown
    lab.wait_ping("inside", S1_HOST)
    assert lab.our_routes("198.51.100.2"), "the pin is there"
    assert not lab.routes("inside", "198.51.100.2"), "the pin stays at home"
    assert not lab.routes("inside", "10.2.0.0/16"), "foreign routes stay at home"

    bird.process.stop()
    bird.start()
    up.wait_neighbours(1)
    wait_until("the route is upstream again", lambda: lab.routes("inside", "10.1.0.0/16"), 20)

    # How fast BIRD floods them is BIRD's own; that it loses none is what the rendered lines are for.
    rrid.stop()  # it would take out what no SA asks for
    before = learned(bird)
    begin = time.monotonic()
    lab.ip_batch("hub", burst_lines("add"))
    wait_until("BIRD has all of the burst", lambda: learned(bird) == before + BURST, 15)
    print(f"{BURST} routes in BIRD after {time.monotonic() - begin:.1f} s", flush=True)
    lab.ip_batch("hub", burst_lines("del"))
    wait_until("BIRD has none of the burst", lambda: learned(bird) == before, 15)
    assert "Kernel dropped" not in bird.log(), bird.log()
    rrid.start()

    s1.terminate()
    wait_until("the route is gone upstream", lambda: not lab.routes("inside", "10.1.0.0/16"), 20)
