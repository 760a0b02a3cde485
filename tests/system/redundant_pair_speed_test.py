"""A redundant pair fails over in VRRP's own time plus less than a second of ours.

Cisco's example once more, with `static` added: the route hangs on the group alone, so what
lies between the virtual address and the route is ours, and nothing else. Measured by the
kernel's own time stamps on both hubs.
"""

from lab.pair import LAN, TOPOLOGY, VIRTUAL, Pair  # noqa: F401  (TOPOLOGY is read by run_scenario)
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
    pair = Pair(lab, static=True).start()
    wait_until("one hub has the route", lambda: len(pair.active()) == 1, 30)
    first = pair.active()[0]
    second = next(name for name in pair.hubs if name != first)
    a, b = pair.hubs[first], pair.hubs[second]
    pair.follow("start", first)

    a.keepalived.stop()  # in order: the address leaves, and with it the route
    wait_until(f"{second} alone has the route", lambda: pair.active() == [second])
    withdrawn = between(pair, first, LEFT, REMOVED)
    injected = between(pair, second, MADE, ADDED)
    print(f"keepalived stopped: withdrawn {withdrawn * 1000:.0f} ms after the address, injected {injected * 1000:.0f} ms after it", flush=True)
    assert max(withdrawn, injected) < OURS_SECONDS, (withdrawn, injected)

    a.keepalived.start()
    wait_until("the other hub is ready", lambda: "Standby" in a.rrid.show("show standby brief"))
    b.set_links("down")
    wait_until(f"{first} alone has the route", lambda: pair.active() == [first])
    injected = between(pair, first, MADE, ADDED)
    print(f"power off: injected {injected * 1000:.0f} ms after the address", flush=True)
    assert injected < OURS_SECONDS, injected
