"""strongSwan's charon, one per host, with its own configuration and VICI socket.

The programs are copied into the lab's directory: AppArmor ties its profiles to
their usual paths, and there they may read no configuration but the host's.

kernel-libipsec ignores `install_routes = no` and puts routes into table 220; the
hub's rule for that table is removed, so that only rrid's routes count.
"""

import os
import re
import shutil
import socket
import struct

from .processes import run
from .topology import HUB_ADDRESS, HUB_LANS, SPOKE_ADDRESS, SPOKE_LANS, Skip
from .waiting import DeadlinePassed, wait_until

CHARON = "/usr/sbin/charon-systemd"
SWANCTL = "/usr/sbin/swanctl"
PROPOSALS = "proposals = aes128-sha256-x25519"
IOS_PROPOSALS = "proposals = aes256-sha512-ecp256"  # one of those that a hub without `crypto ikev2 proposal` has
ESP_PROPOSALS = ("aes128-sha256", "aes256-sha256")

STRONGSWAN_CONF = """\
charon-systemd {{
  load = random nonce openssl kdf x509 pem pkcs1 pkcs8 {kernel} socket-default vici
  install_routes = no
  install_virtual_ip = no
  rdn_matching = relaxed
  make_before_break = {make_before_break}
  i_dont_care_about_security_and_use_aggressive_mode_psk = yes
  retransmit_tries = 2
  retransmit_timeout = {retransmit}
  retransmit_base = 1.2
  plugins {{
    vici {{
      socket = unix://{directory}/charon.vici
    }}
    kernel-libipsec {{
      allow_peer_ts = yes
    }}
  }}
  filelog {{
    lab {{
      path = {directory}/charon.log
      time_format = %H:%M:%S
      time_add_ms = yes
      default = 1
      flush_line = yes
    }}
  }}
}}
swanctl {{
  load = random openssl pem pkcs1 pkcs8 x509
}}
"""
HUB_CONF = """\
connections {{
  spokes {{
    version = 2
    local_addrs = {hub}
    remote_addrs = %any
    {proposals}
    unique = {unique}
    mobike = no
    dpd_delay = {dpd_delay}
    rekey_time = 0
    local {{
      auth = psk
      id = hub
    }}
    remote {{
      auth = psk
      id = %any
    }}
    children {{
      net {{
        local_ts = 0.0.0.0/0, ::/0
        remote_ts = 0.0.0.0/0, ::/0
        esp_proposals = {esp}
        rekey_time = 0
{child_lines}      }}
    }}
  }}
}}
{secrets}"""
SPOKE_CONF = """\
connections {{
  hub {{
    version = 2
    local_addrs = {address}
    remote_addrs = {hub}
    {proposals}
    mobike = no
    rekey_time = 0
    reauth_time = 0
    local {{
      auth = psk
      id = {name}
    }}
    remote {{
      auth = psk
      id = hub
    }}
    children {{
      {children}
    }}
  }}
}}
{secrets}"""
CHILD = """{child} {{
        local_ts = {lan}
        remote_ts = {hub_lan}
        esp_proposals = {esp}
        rekey_time = 0
      }}
"""
SECRETS = 'secrets {\n  ike-lab {\n    secret = "labsecret"\n  }\n}\n'


class Charon:
    """One IKE daemon. `start`, then `initiate`, `rekey_*`, `reauthenticate`, `terminate`."""

    def __init__(self, lab, host, make_before_break=False):
        for program in (CHARON, SWANCTL):
            if not os.path.exists(program):
                raise Skip(f"{program} is not installed")
        self.lab, self.host = lab, host
        self.directory = lab.path(host)
        self.process = None
        self.is_managed = False
        os.makedirs(os.path.join(self.directory, "swanctl"))
        os.chmod(self.directory, 0o755)
        self._charon = shutil.copy(CHARON, os.path.join(self.directory, "charon"))
        self._swanctl = shutil.copy(SWANCTL, os.path.join(self.directory, "swanctl-tool"))
        kernel = "kernel-libipsec kernel-netlink" if lab.mode == "libipsec" else "kernel-netlink"
        self._write("strongswan.conf", STRONGSWAN_CONF.format(
            kernel=kernel, directory=self.directory,
            make_before_break="yes" if make_before_break else "no",
            retransmit="1.0" if lab.mode == "libipsec" else "2.5"))
        self.environment = dict(os.environ, STRONGSWAN_CONF=os.path.join(self.directory, "strongswan.conf"),
                                SWANCTL_DIR=os.path.join(self.directory, "swanctl"))

    @property
    def socket(self):
        return os.path.join(self.directory, "charon.vici")

    def _write(self, name, text):
        with open(os.path.join(self.directory, name), "w", encoding="utf-8") as out:
            out.write(text)

    # ---- configuration -------------------------------------------------

    def configure(self, text):
        """`text`: the whole swanctl.conf, {proposals}, {esp} and {secrets} to be filled in."""
        self._write("swanctl/swanctl.conf", text.format(proposals=PROPOSALS, esp=ESP_PROPOSALS[0], secrets=SECRETS))

    def configure_hub(self, unique="replace", dpd_delay=0, child_lines=()):
        self._write("swanctl/swanctl.conf", HUB_CONF.format(
            hub=HUB_ADDRESS, proposals=PROPOSALS, esp=",".join(ESP_PROPOSALS), unique=unique,
            dpd_delay=f"{dpd_delay}s", secrets=SECRETS,
            child_lines="".join(f"        {line}\n" for line in child_lines)))

    def configure_spoke(self, children=("net",), lans=None, hub_lans=None, proposals=PROPOSALS):
        """`children`, at most two: they have the same selectors, as duplicates do.

        charon refuses a second child whose configuration equals the first, so their ciphers differ.
        """
        lan = lans or SPOKE_LANS[self.host]
        text = "      ".join(CHILD.format(child=child, lan=lan, hub_lan=hub_lans or HUB_LANS, esp=cipher)
                             for child, cipher in zip(children, ESP_PROPOSALS))
        self._write("swanctl/swanctl.conf", SPOKE_CONF.format(
            address=SPOKE_ADDRESS[self.host], hub=HUB_ADDRESS, proposals=proposals,
            name=self.host, children=text, secrets=SECRETS))

    def configure_nothing(self):
        """No connections and no secrets: rrid brings them, and the routes."""
        self.is_managed = True
        self._write("swanctl/swanctl.conf", "")

    # ---- life ----------------------------------------------------------

    def start(self):
        """Starts charon, waits until it answers and loads the configuration."""
        if os.path.exists(self.socket):
            os.unlink(self.socket)  # a killed charon leaves it behind
        self.process = self.lab.spawn(self.host, [self._charon], f"{self.host}.out", self.environment)
        wait_until(f"charon on {self.host} answers",
                   lambda: self.swanctl("--version", check=False).returncode == 0)
        self.swanctl("--load-all", "--noprompt")
        if self.lab.mode == "libipsec" and (self.is_managed or self.host in self.lab.topology.relaxed):
            self.lab.ip(self.host, "rule", "del", "pref", "220", check=False)
        return self

    def load(self, text):
        """Loads the text as swanctl.conf; all of it has to be taken."""
        self._write("swanctl/swanctl.conf", text)
        self.swanctl("--load-all", "--noprompt")

    def swanctl(self, *words, check=True):
        return run([self._swanctl, *words, "--uri", f"unix://{self.socket}"], check=check, env=self.environment)

    def stop(self):
        self.process.stop()

    def kill9(self):
        self.process.kill9()

    # ---- tunnels -------------------------------------------------------

    def initiate(self, child="net"):
        answers = []

        def is_up():
            done = self.swanctl("--initiate", "--child", child, check=False)
            answers.append(done.stdout + done.stderr)
            return done.returncode == 0
        try:
            wait_until(f"{self.host} brings up child {child}", is_up, 30)
        except DeadlinePassed as error:
            raise DeadlinePassed(f"{error}; last answer:\n{answers[-1]}") from None

    def rekey_child(self, child="net"):
        self.swanctl("--rekey", "--child", child)

    def rekey_ike(self, ike="hub"):
        self.swanctl("--rekey", "--ike", ike)

    def reauthenticate(self, ike="hub"):
        self.swanctl("--rekey", "--reauth", "--ike", ike)

    def terminate(self, ike="hub", force=False):
        self.swanctl("--terminate", "--ike", ike, *(["--force"] if force else []), check=not force)

    def terminate_child(self, child):
        self.swanctl("--terminate", "--child", child)

    def child_ids(self, state="INSTALLED"):
        """The unique ids of the CHILD_SAs in `state`; a rekey changes them."""
        return set(re.findall(rf"^  \S+: #(\d+), reqid \d+, {state}", self.swanctl("--list-sas").stdout, re.M))

    def spis(self):
        """The SPIs of the CHILD_SAs that are installed, both directions."""
        children = re.findall(r"\{([^{}]*)\}", self.swanctl("--list-sas", "--raw").stdout)
        return set(re.findall(r"spi-(?:in|out)=(\w+)", "".join(child for child in children if "state=INSTALLED" in child)))

    def ike_ids(self):
        return set(re.findall(r"^\S+: #(\d+), ESTABLISHED", self.swanctl("--list-sas").stdout, re.M))

    def connections(self):
        """The names of the connections that are loaded."""
        return set(re.findall(r"^(\S+): IKE", self.swanctl("--list-conns").stdout, re.M))

    def tunnels(self):
        """The CHILD_SAs that are up: {(connection, child)}."""
        found, connection = set(), ""
        for line in self.swanctl("--list-sas").stdout.splitlines():
            ike = re.match(r"^(\S+): #\d+, ", line)
            connection = ike.group(1) if ike else connection
            child = re.match(r"^  (\S+): #\d+, reqid \d+, INSTALLED", line)
            if child:
                found.add((connection, child.group(1)))
        return found

    def ask(self, command):
        """The bytes of charon's answer to a VICI command without arguments; names and values stand in them."""
        with socket.socket(socket.AF_UNIX) as vici:
            vici.settimeout(10)
            vici.connect(self.socket)
            packet = bytes([0, len(command)]) + command.encode()
            vici.sendall(struct.pack("!I", len(packet)) + packet)
            (length,) = struct.unpack("!I", vici.recv(4, socket.MSG_WAITALL))
            return vici.recv(length, socket.MSG_WAITALL)

    def log(self):
        with open(os.path.join(self.directory, "charon.log"), encoding="utf-8", errors="replace") as text:
            return text.read()
