"""Libreswan's pluto, one per host, with its own configuration.

The package conflicts with strongSwan, so its programs run where they were unpacked.
Updown scripts are off: the peers' routes are rrid's, or there from the start.
"""

import os
import shutil

from .processes import run
from .topology import HUB_ADDRESS, SPOKE_ADDRESS, SPOKE_LANS, Skip
from .unpacked import unpacked
from .waiting import DeadlinePassed, wait_until

HUB_LAN = "10.0.0.0/24"
SECRET = ': PSK "labsecret-long-enough-for-libreswan"\n'
SETUP = """\
config setup
    logfile={directory}/pluto.log
    nssdir={directory}/nss
    dumpdir={directory}
    listen={address}
"""
CONNECTION = """\
conn {name}
    ikev2=insist
    authby=secret
    left={address}
    leftid=@{host}
    leftsubnet={lan}
    right={peer}
    rightid=@{peer_host}
    rightsubnet={peer_lan}
    ike=aes128-sha2_256
    esp=aes128-sha2_256
    auto=add
    leftupdown=%disabled
"""


class Pluto:
    """One IKE daemon. `start`, then `initiate`, `rekey_child`, `terminate`."""

    def __init__(self, lab, host):
        if not shutil.which("certutil"):
            raise Skip("certutil (libnss3-tools) is not installed")
        self.lab, self.host = lab, host
        self.programs = os.path.join(unpacked("libreswan"), "usr", "libexec", "ipsec")
        self.directory = lab.path(f"pluto-{host}")
        self.process = None
        self.connections = []
        for name in ("run", "nss"):
            os.makedirs(os.path.join(self.directory, name))
        run(["certutil", "-N", "-d", f"sql:{self.directory}/nss", "--empty-password"])
        self._write("ipsec.secrets", SECRET)
        self._text = SETUP.format(directory=self.directory, address=HUB_ADDRESS if host == "hub" else SPOKE_ADDRESS[host])

    def _write(self, name, text):
        with open(os.path.join(self.directory, name), "w", encoding="utf-8") as out:
            out.write(text)

    @property
    def control(self):
        return os.path.join(self.directory, "run", "pluto.ctl")

    def configure_hub(self, spokes=("s1", "s2")):
        for spoke in spokes:
            self._connection(spoke, "hub", HUB_ADDRESS, HUB_LAN, spoke, SPOKE_ADDRESS[spoke], SPOKE_LANS[spoke].split(",")[0])

    def configure_spoke(self):
        self._connection("hub", self.host, SPOKE_ADDRESS[self.host], SPOKE_LANS[self.host].split(",")[0],
                         "hub", HUB_ADDRESS, HUB_LAN)

    def _connection(self, name, host, address, lan, peer_host, peer, peer_lan):
        self.connections.append(name)
        self._text += CONNECTION.format(name=name, host=host, address=address, lan=lan,
                                        peer_host=peer_host, peer=peer, peer_lan=peer_lan)

    # ---- life ----------------------------------------------------------

    def start(self):
        """Starts pluto, waits until it answers and loads the connections."""
        self._write("ipsec.conf", self._text)
        if os.path.exists(self.control):
            os.unlink(self.control)  # a killed pluto leaves it behind
        # It looks for its helpers in /usr/libexec/ipsec, so that shows the package in its own mount namespace.
        self.process = self.lab.spawn(self.host, [
            "unshare", "--mount", "--propagation", "private", "sh", "-c", 'mount --bind "$0" /usr/libexec && exec "$@"',
            os.path.dirname(self.programs),
            os.path.join(self.programs, "pluto"), "--nofork", "--config", f"{self.directory}/ipsec.conf",
            "--rundir", f"{self.directory}/run", "--secretsfile", f"{self.directory}/ipsec.secrets",
            "--nssdir", f"{self.directory}/nss", "--logfile", f"{self.directory}/pluto.log"],
            f"pluto-{self.host}.out")
        wait_until(f"pluto on {self.host} answers", self._answers, 20)
        for name in self.connections:
            self._run("addconn", "--ctlsocket", self.control, "--config", f"{self.directory}/ipsec.conf", name)
        self.whack("--listen")
        return self

    def _answers(self):
        assert self.process.is_running(), f"pluto on {self.host} ended:\n{self.log()[-2000:]}"
        return os.path.exists(self.control) and self.whack("--status", check=False).returncode == 0

    def _run(self, program, *words, check=True):
        return self.lab.execute(self.host, os.path.join(self.programs, program), *words, check=check)

    def whack(self, *words, check=True):
        return self._run("whack", "--ctlsocket", self.control, *words, check=check)

    def kill9(self):
        self.process.kill9()

    # ---- tunnels -------------------------------------------------------

    def initiate(self, name="hub"):
        answers = []

        def is_up():
            done = self.whack("--name", name, "--initiate", check=False)
            answers.append(done.stdout + done.stderr)
            return "established" in answers[-1].lower() or self.is_up(name)
        try:
            wait_until(f"{self.host} brings up {name}", is_up, 30)
        except DeadlinePassed as error:
            raise DeadlinePassed(f"{error}; last answer:\n{answers[-1]}") from None

    def is_up(self, name="hub"):
        return name in self.whack("--trafficstatus", check=False).stdout

    def rekey_child(self, name="hub"):
        self.whack("--name", name, "--rekey-ipsec")

    def terminate(self, name="hub"):
        self.whack("--name", name, "--terminate", check=False)

    def log(self):
        path = os.path.join(self.directory, "pluto.log")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as text:
            return text.read()
