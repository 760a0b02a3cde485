"""A redundant pair, and a group of three, fail over in VRRP's own time plus less than a second of ours.

Cisco's example once more, on three hubs and with `static` added: the route hangs on the group alone, so what
lies between the virtual address and the route is ours, and nothing else. Measured by the
kernel's own time stamps on the hubs.
"""

from lab.pair import LAN, THREE_HUBS, TOPOLOGY, VIRTUAL, Pair  # noqa: F401  (TOPOLOGY is read by run_scenario)
from lab.waiting import wait_until

OURS_SECONDS = 1.0
MADE = rf"^(?!Deleted).*{VIRTUAL}/32"
ADDED = rf"^{LAN} "
LEFT = rf"^Deleted.*{VIRTUAL}/32"
REMOVED = rf"^Deleted {LAN} .*proto (213|rri)"


def between(pair, host, first, then):
    """Seconds from the last `first` to the last `then` on one host."""
    wait_until(f"{host} has seen {then}", lambda: pair.moments(host, then))
    return pair.moments(host, then)[-1] - pair.moments(host, first)[-1]


def scenario(lab):
    pair = Pair(lab, static=True, hubs=THREE_HUBS).start()
    wait_until("one hub has the route", lambda: len(pair.active()) == 1, 30)
    first = pair.active()[0]
    pair.follow("start", first)

    pair.hubs[first].keepalived.stop()  # in order: the address leaves, and with it the route
    second = pair.takes_over(first)
    withdrawn = between(pair, first, LEFT, REMOVED)
    injected = between(pair, second, MADE, ADDED)
    print(f"keepalived stopped: withdrawn {withdrawn * 1000:.0f} ms after the address, injected {injected * 1000:.0f} ms after it", flush=True)
    assert max(withdrawn, injected) < OURS_SECONDS, (withdrawn, injected)

    pair.hubs[second].set_links("down")
    third = next(name for name in THREE_HUBS if name not in (first, second))
    assert pair.takes_over(second) == third
    injected = between(pair, third, MADE, ADDED)
    print(f"power off: injected {injected * 1000:.0f} ms after the address", flush=True)
    assert injected < OURS_SECONDS, injected
    pair.follow("the third hub", third)

    pair.hubs[first].keepalived.start()
    wait_until("the first hub is ready", lambda: "Standby" in pair.hubs[first].rrid.show("show standby brief"))
    pair.hubs[third].set_links("down")
    pair.follow("the first hub again", first)
