"""With kernel ESP and peer form: only ESP on the wire while the SA is up, and nothing in clear when it is gone."""

from lab.standing import S1_HOST, S1_LAN, Standing
from lab.waiting import wait_until

MODE = "kernel"
INSIDE_HOST = "10.0.0.10"


class Wire:
    """What passes the provider, on its link to the hub."""

    def __init__(self, lab):
        self.lab = lab
        self._capture = lab.spawn("isp", ["tcpdump", "-l", "-nn", "-i", "i-hub"], "wire.out")
        wait_until("tcpdump listens", lambda: "listening on" in self._capture.output())
        lab.reports.append(("the wire", self._capture.output))

    def lines(self, *words):
        return [line for line in self._capture.output().splitlines() if all(word in line for word in words)]

    def catch_up(self):
        """Everything sent until now is in the capture: a packet sent after it is."""
        seen = len(self.lines("203.0.113.1 > 203.0.113.2", "echo request"))

        def marker_shows():
            self.lab.can_ping("hub", "203.0.113.2")
            return len(self.lines("203.0.113.1 > 203.0.113.2", "echo request")) > seen
        wait_until("the capture has caught up", marker_shows)

    def clear_text(self):
        """Packets between the two LANs that everybody on the way can read."""
        self.catch_up()
        return [line for line in self.lines(" > ") if INSIDE_HOST in line or S1_HOST in line]


def scenario(lab):
    standing = Standing(lab, hold_down=3)
    wire = Wire(lab)
    route = standing.bring_up_s1()
    standing.assert_form(route)
    lab.wait_ping("inside", S1_HOST, 30)
    assert not wire.clear_text(), wire.clear_text()
    assert wire.lines("ESP(spi="), "no ESP on the wire"

    mark = standing.monitor.mark()
    before = standing.hub.child_ids()
    standing.s1.rekey_child()
    wait_until("the rekey is done", lambda: not standing.hub.child_ids() & before)
    standing.assert_untouched(mark)
    lab.wait_ping("inside", S1_HOST, 30)

    # The route outlives its SA by the hold-down; in peer form what follows it dies in ARP.
    standing.s1.terminate()
    lab.can_ping("inside", S1_HOST)
    lab.wait_no_route(S1_LAN)
    assert not lab.can_ping("inside", S1_HOST), "the spoke's LAN answers without a tunnel"
    assert not wire.clear_text(), "clear text on the wire:\n" + "\n".join(wire.clear_text())
