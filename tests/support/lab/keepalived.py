"""keepalived, one per host, with its own configuration and pid files."""

import os

from .processes import run
from .topology import Skip

KEEPALIVED = "/usr/sbin/keepalived"


class Keepalived:
    """Runs as a plain process; SIGKILL reaches the parent and its VRRP child, as a crash of both."""

    def __init__(self, lab, host, configuration):
        if not os.path.exists(KEEPALIVED):
            raise Skip(f"{KEEPALIVED} is not installed")
        self.lab, self.host = lab, host
        self.path = lab.path(f"keepalived-{host}.conf")
        with open(self.path, "w", encoding="utf-8") as out:
            out.write(configuration)
        self.process = None
        lab.reports.append((f"{host}: keepalived", lambda: self.process.output() if self.process else "not started"))

    def _file(self, what):
        return self.lab.path(f"keepalived-{self.host}.{what}")

    def check(self):
        """What `keepalived -t` says; '' when it takes the file."""
        done = self.lab.execute(self.host, KEEPALIVED, "-t", "-l", "-f", self.path, check=False)
        return "" if done.returncode == 0 else f"status {done.returncode}: {done.stdout}{done.stderr}"

    def start(self):
        trouble = self.check()
        assert not trouble, f"keepalived on {self.host}: {trouble}"
        self.process = self.lab.spawn(self.host, [KEEPALIVED, "-n", "-l", "-D", "-f", self.path,
                                                  "-p", self._file("pid"), "-r", self._file("vrrp"),
                                                  "-c", self._file("check")], f"keepalived-{self.host}.out")
        return self

    def _child(self):
        try:
            with open(self._file("vrrp"), encoding="utf-8") as text:
                return int(text.read())
        except (OSError, ValueError):
            return None

    def kill9(self):
        child = self._child()
        self.process.kill9()
        if child and os.path.exists(f"/proc/{child}"):
            run(["kill", "-9", str(child)], check=False)
        for what in ("pid", "vrrp", "check"):
            if os.path.exists(self._file(what)):
                os.unlink(self._file(what))

    def stop(self):
        self.process.stop()
