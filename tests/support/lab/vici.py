"""A charon of numbers alone: it speaks VICI on a socket, takes what is loaded, and has SAs come and go at once.

The real one makes some ten tunnels a second; what is asked of rrid here is ten thousand.
"""

import os
import selectors
import socket
import struct
import threading

SECTION_START, SECTION_END, KEY_VALUE, LIST_START, LIST_ITEM, LIST_END = range(1, 7)
REQUEST, RESPONSE, UNKNOWN, REGISTER, UNREGISTER, CONFIRM, _, EVENT = range(8)


def encode(value):
    """A dictionary of texts, lists and dictionaries as a VICI message."""
    out = bytearray()
    for name, item in value.items():
        head = bytes([len(name)]) + name.encode()
        if isinstance(item, dict):
            out += bytes([SECTION_START]) + head + encode(item) + bytes([SECTION_END])
        elif isinstance(item, list):
            out += bytes([LIST_START]) + head
            for text in item:
                out += bytes([LIST_ITEM]) + struct.pack("!H", len(text)) + text.encode()
            out += bytes([LIST_END])
        else:
            out += bytes([KEY_VALUE]) + head + struct.pack("!H", len(item)) + item.encode()
    return bytes(out)


class Feeder(threading.Thread):
    """Serves clients; `child_up` and `child_down` tell all that listen."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        os.chmod(path, 0o666)
        self._listener.listen(8)
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._clients = {}     # socket: [bytes received, names of events]
        self._sas = {}         # id: section of its IKE_SA
        self.loaded = set()    # connections
        self.keys = set()
        self.loads = 0         # load-conn commands

    # ---- SAs -----------------------------------------------------------

    @staticmethod
    def _sa(number, connection, child, peer, remote):
        return {connection: {
            "uniqueid": str(number), "version": "2", "state": "ESTABLISHED", "local-host": "203.0.113.1", "remote-host": peer,
            "remote-id": peer, "child-sas": {f"{child}-{number}": {
                "name": child, "uniqueid": str(number), "reqid": "1", "state": "INSTALLED", "mode": "TUNNEL",
                "local-ts": ["10.0.0.0/24"], "remote-ts": [remote]}}}}

    def child_up(self, number, connection, child, peer, remote):
        with self._lock:
            self._sas[number] = self._sa(number, connection, child, peer, remote)
            self._raise("child-updown", {"up": "yes", **self._sas[number]})

    def child_down(self, number):
        with self._lock:
            self._raise("child-updown", self._sas.pop(number))

    def forget(self, number):
        """An SA goes and no event tells."""
        with self._lock:
            del self._sas[number]

    def hung(self):
        """As after SIGSTOP: while one is inside of `with feeder.hung()` nobody gets an answer or an event."""
        return self._lock

    def _raise(self, event, message):
        packet = bytes([EVENT, len(event)]) + event.encode() + encode(message)
        for client, (_, events) in self._clients.items():
            if event in events:
                self._send(client, packet)

    def wait_for(self, what, condition, seconds=15):
        """Waits, without a pause, until a command made `condition()` true."""
        with self._changed:
            assert self._changed.wait_for(condition, seconds), f"not within {seconds} s: {what}"

    # ---- clients -------------------------------------------------------

    @staticmethod
    def _send(client, packet):
        try:
            client.sendall(struct.pack("!I", len(packet)) + packet)
        except OSError:
            pass  # it went, and the reader will see

    def run(self):
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._listener:
                    client, _ = self._listener.accept()
                    with self._lock:
                        self._clients[client] = [b"", set()]
                    self._selector.register(client, selectors.EVENT_READ)
                else:
                    self._read(key.fileobj)

    def _read(self, client):
        try:
            received = client.recv(65536)
        except OSError:
            received = b""
        with self._lock:
            if not received:
                del self._clients[client]
                self._selector.unregister(client)
                return
            pending = self._clients[client][0] + received
            while len(pending) >= 4 and len(pending) >= 4 + struct.unpack("!I", pending[:4])[0]:
                length = struct.unpack("!I", pending[:4])[0]
                self._answer(client, pending[4:4 + length])
                pending = pending[4 + length:]
            self._clients[client][0] = pending

    def _answer(self, client, packet):
        kind, name = packet[0], packet[2:2 + packet[1]].decode() if len(packet) > 1 else ""
        message = packet[2 + packet[1]:]
        if kind in (REGISTER, UNREGISTER):
            (self._clients[client][1].add if kind == REGISTER else self._clients[client][1].discard)(name)
            self._send(client, bytes([CONFIRM]))
            return
        if name == "list-sas":
            asked = message.split(b"-id", 1)[1][2:].decode() if b"-id" in message else None
            for number in [number for number in self._sas if asked in (None, str(number))]:
                self._send(client, bytes([EVENT, 7]) + b"list-sa" + encode(self._sas[number]))
        self._send(client, bytes([RESPONSE]) + encode(self._reply(name, message)))
        self._changed.notify_all()

    def _reply(self, name, message):
        if name == "version":
            return {"daemon": "charon-systemd", "version": "5.9.8"}
        if name == "stats":
            return {"plugins": ["kernel-netlink", "vici"]}
        if name == "get-conns":
            return {"conns": sorted(self.loaded)}
        if name == "get-shared":
            return {"keys": sorted(self.keys)}
        if name == "load-conn":
            self.loads += 1
            self.loaded.add(message[2:2 + message[1]].decode())
        if name in ("unload-conn", "load-shared", "unload-shared"):
            # The first setting is the name or id.
            start = 2 + message[1]
            text = message[start + 2:start + 2 + struct.unpack("!H", message[start:start + 2])[0]].decode()
            names = self.loaded if name == "unload-conn" else self.keys
            (names.add if name == "load-shared" else names.discard)(text)
        return {"success": "yes"}
