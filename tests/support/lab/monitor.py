"""Every route operation that reaches the hub's tables, as the kernel reports it."""

import itertools
import json

from .waiting import wait_until

MARK_PREFIX = "198.18.{}.{}/32"


class RouteMonitor:
    """`ip monitor route` on the hub, with marks to cut its output at."""

    def __init__(self, lab):
        self.lab = lab
        self._marks = itertools.count(1)
        self._process = lab.spawn("hub", ["ip", "-d", "monitor", "route"], "route-monitor.out")
        # It listens once it shows a route that was made after it started.
        wait_until("the route monitor listens", self._mark_shows)

    def _mark_shows(self):
        mark = self._make_mark()
        return mark in self._process.output()

    def _make_mark(self):
        number = next(self._marks)
        mark = MARK_PREFIX.format(number // 256, number % 256).split("/")[0]
        self.lab.ip_batch("hub", f"route add {mark}/32 dev lo proto static\nroute del {mark}/32 dev lo\n")
        return mark

    def mark(self):
        """Cuts here: gives the length of the output in which all operations up to now are."""
        mark = self._make_mark()
        wait_until("the route monitor has caught up",
                   lambda: f"Deleted unicast {mark}" in self._process.output())
        return len(self._process.output())

    def since(self, mark, prefix=""):
        """Operations on routes of ours since `mark`, whose line names `prefix`."""
        self.mark()
        return [line for line in self._process.output()[mark:].splitlines()
                if "proto 213" in line.replace("proto rri", "proto 213") and prefix in line]


def render_routes(routes):
    """For messages: one route a line."""
    return "\n".join(json.dumps(route) for route in routes)
