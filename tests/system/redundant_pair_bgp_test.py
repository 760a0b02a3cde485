"""The redundant pair tells its upstream router by BGP, from the `router bgp` section of its own file: it follows each failover."""

from lab.pair import TOPOLOGY, Pair  # noqa: F401  (TOPOLOGY is read by run_scenario)
from lab.waiting import wait_until


def scenario(lab):
    pair = Pair(lab, routing="bgp").start()
    wait_until("one hub has the route", lambda: len(pair.active()) == 1, 30)
    first = pair.active()[0]
    second = next(name for name in pair.hubs if name != first)
    pair.follow("start", first)
    pair.hubs[first].keepalived.stop()
    pair.follow("keepalived stopped", second)
    pair.hubs[first].keepalived.start()
    wait_until("the other hub is ready", lambda: "Standby" in pair.hubs[first].rrid.show("show standby brief"))
    pair.hubs[second].set_links("down")
    pair.follow("power off", first)
