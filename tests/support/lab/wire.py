"""What passes the provider, on its link to the hub: everybody on the way sees it."""

from .waiting import wait_until


class Wire:
    """tcpdump on the provider's side of the hub's link."""

    def __init__(self, lab, sender="hub"):
        """`sender`: a host whose packets to the provider pass the link whatever is closed."""
        self.lab, self._sender = lab, sender
        self._capture = lab.spawn("isp", ["tcpdump", "-l", "-nn", "-i", "i-hub"], "wire.out")
        wait_until("tcpdump listens", lambda: "listening on" in self._capture.output())
        lab.reports.append(("the wire", self._capture.output))

    def lines(self, *words):
        return [line for line in self._capture.output().splitlines() if all(word in line for word in words)]

    def catch_up(self):
        """Everything sent until now is in the capture: a packet sent after it is."""
        seen = len(self.lines("> 203.0.113.2", "echo request"))

        def marker_shows():
            self.lab.can_ping(self._sender, "203.0.113.2")
            return len(self.lines("> 203.0.113.2", "echo request")) > seen
        wait_until("the capture has caught up", marker_shows)

    def clear_text(self, *hosts):
        """Packets from or to one of `hosts` that everybody on the way can read."""
        self.catch_up()
        return [line for line in self.lines(" > ") if any(host in line for host in hosts) and "ESP(spi" not in line and "AH(spi" not in line]
