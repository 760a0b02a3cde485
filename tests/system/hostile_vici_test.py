"""A VICI socket that talks nonsense, or hangs up in the middle of a message, does no harm; charon in its place is taken."""

import os
import socket
import struct
import threading

from lab.daemon import Rrid, make_configuration
from lab.standing import S1_LAN
from lab.strongswan import Charon
from lab.waiting import wait_until

HUGE = struct.pack(">I", 0x7FFFFFFF)
ANSWERS = (
    b"",                                        # hangs up at once
    HUGE + b"\x07\x0bchild-updown",             # a length that nobody may believe
    struct.pack(">I", 40) + b"\x05",            # cut in the middle
    struct.pack(">I", 3) + b"\x63\x63\x63",     # no such packet type
    struct.pack(">I", 6) + b"\x01\x03\xff\xff\xff\xff",  # a key that is longer than the message
    struct.pack(">I", 0),                       # an empty frame
)


class Nonsense(threading.Thread):
    """Accepts one connection after the other and answers each in its own wrong way."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.served = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen(8)

    def run(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # closed: the scenario has seen enough
            with connection:
                try:
                    connection.sendall(ANSWERS[self.served % len(ANSWERS)])
                except OSError:
                    pass  # rrid may have hung up first
            self.served += 1

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def scenario(lab):
    hub, s1 = Charon(lab, "hub"), Charon(lab, "s1")
    hub.configure_hub()
    s1.configure_spoke()
    nonsense = Nonsense(hub.socket)
    nonsense.start()
    rrid = Rrid(lab, make_configuration(lab, hub.socket)).start()
    wait_until("rrid has met every kind of nonsense", lambda: nonsense.served >= len(ANSWERS), 60)
    assert rrid.process.is_running(), "rrid ended"
    rrid.show("show crypto route")
    nonsense.close()
    os.unlink(hub.socket)

    hub.start()
    s1.start()
    s1.initiate()
    lab.wait_route(S1_LAN, 40)
