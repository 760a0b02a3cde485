"""A redundant pair as in the Cisco text: whatever dies, one hub has the route, and the upstream router follows.

Both hubs have Cisco's first example configuration, keepalived and FRR from `rri render`, and
strongSwan bound to the virtual address. The spoke knows only that address. The same with BIRD is
in redundant_pair_speed_test.py.
"""

from lab.pair import LAN, TOPOLOGY, VIRTUAL, Pair  # noqa: F401  (TOPOLOGY is read by run_scenario)
from lab.waiting import wait_until


def scenario(lab):
    pair = Pair(lab, routing="frr").start()
    wait_until("one hub has the virtual address", lambda: any(hub.has_virtual_address() for hub in pair.hubs.values()), 20)
    wait_until("one hub has the route", lambda: len(pair.active()) == 1, 30)
    first = pair.active()[0]
    second = next(name for name in pair.hubs if name != first)
    a, b = pair.hubs[first], pair.hubs[second]
    pair.follow("start", first)
    brief = a.rrid.show("show standby brief").splitlines()[-1].split()
    assert brief == ["Fa0/0/1", "0", "100", "Active", "local", "unknown", VIRTUAL], brief

    # A restart of rrid changes nothing: not one operation on the route, not on the group.
    before = len(pair.moments(first, LAN))
    a.rrid.kill9()
    a.rrid.start()
    wait_until("rrid is in sync again", lambda: "in sync\n" in a.rrid.show("show rri").split("\n\n")[0] + "\n")
    wait_until("the group is active here", lambda: a.rrid.rows(LAN) and a.rrid.rows(LAN)[0]["state"] == "active")
    assert len(pair.moments(first, LAN)) == before, a.rrid.log()
    pair.follow("rrid restarted at once", first)

    a.keepalived.kill9()  # it leaves the address behind
    pair.follow("keepalived killed", second)
    a.keepalived.start()
    pair.follow("keepalived back", second)

    b.charon.kill9()
    pair.follow("charon killed", first)
    b.charon.start()
    wait_until("the other hub is ready", lambda: "Standby" in b.rrid.show("show standby brief"))

    a.rrid.kill9()  # and it stays away: keepalived's check finds out, and `rri flush` clears the table
    pair.follow("rrid killed", second)
    a.rrid.start()
    wait_until("the other hub is ready", lambda: "Standby" in a.rrid.show("show standby brief"))

    b.set_links("down")
    pair.follow("power off", first)
    b.set_links("up")
    wait_until("the other hub is ready", lambda: "Standby" in b.rrid.show("show standby brief"))
    pair.up.wait_neighbours(2)
    pair.follow("power on", first)

    a.set_links("down", ["h-in"])
    pair.follow("inside link cut", second)
    a.set_links("up", ["h-in"])
    pair.up.wait_neighbours(2)
    pair.follow("inside link back", second)

    # rrid and keepalived die together and come back in either order.
    for one, other, parts in ((b, first, ("keepalived", "rrid")), (a, second, ("rrid", "keepalived"))):
        for part in parts:
            getattr(one, part).kill9()
        for part in parts:
            getattr(one, part).start()
        pair.follow(f"{' and '.join(parts)} restarted", other)
        wait_until("the other hub is ready", lambda one=one: "Standby" in one.rrid.show("show standby brief"))
