"""IOS configurations written from Cisco's documentation, not from this program: rrid loads each into a real charon, which refuses
nothing, and takes all out again with the next one; what cannot be is told at its line."""

import glob
import os
import re
import signal

from lab.daemon import ROOT, Rrid
from lab.processes import run
from lab.daemon import PROGRAMS
from lab.strongswan import Charon
from lab.waiting import wait_until

HEAD = "rri\n ike strongswan socket {vici}\n route form device ipsec0\n"
TOLD = {  # words that the log has to have
    "heldout_clients_and_peers.cfg": ("mode configuration (address pools", "an EzVPN client is not supported", "level per-host` has no counterpart"),
    "heldout_dvti_ikev2_hub.cfg": ("`subject-name co ou = branches`: strongSwan looks for it", "`issuer-name co cn = example-ca`: strongSwan looks for it", "nothing here asks an AAA server"),
    "heldout_flexvpn_static_site.cfg": ("should be an XFRM interface",),
    "heldout_l2l_rsa_sig.cfg": ("strongSwan cannot do AH and ESP in one SA", "has no certificate with its private key loaded yet", "`dn cn=partner.example.net`: strongSwan looks for it"),
    "heldout_vrf_hub_profiles.cfg": ("3DES is weak",),
}


def scenario(lab):
    charon = Charon(lab, "hub")
    charon.configure_nothing()
    charon.start()
    files = sorted(glob.glob(os.path.join(ROOT, "tests", "data", "tunnels", "heldout_*.cfg")))
    assert [os.path.basename(path) for path in files] == sorted(TOLD), files
    rrid = Rrid(lab, HEAD.format(vici=charon.socket))
    lab.reports.append(("charon", charon.log))
    rrid.start()
    for path in files:
        with open(path, encoding="utf-8") as text:
            configuration = text.read()
        rendered = run([os.path.join(PROGRAMS, "rri"), "render", "swanctl", path], check=False).stdout
        # In user space there are no shunts.
        wanted = {name for name in re.findall(r"^  (rri-\S+) \{", rendered, re.M) if "-pass" not in name}
        assert wanted, path
        mark = len(rrid.log())
        rrid.write_configuration(HEAD.format(vici=charon.socket) + configuration)
        rrid.process.signal(signal.SIGHUP)
        wait_until(f"charon has the connections of {os.path.basename(path)}", lambda wanted=wanted: {
            name for name in charon.connections() if "-pass" not in name} == wanted, 20)
        said = rrid.log()[mark:]
        assert "could not load" not in said and "strongSwan says" not in said, said
        for words in TOLD[os.path.basename(path)]:
            assert words in said, f"{path}: not told: {words}\n{said}"
            line = next(line for line in said.splitlines() if words in line)
            assert re.search(r":\d+:\d+: (warning|error): ", line), f"no place: {line}"
