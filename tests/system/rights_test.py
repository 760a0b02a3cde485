"""rrid does its work as its own user with CAP_NET_ADMIN alone, and says what is missing when it may not."""

import os

from lab.daemon import Rrid, make_configuration
from lab.standing import S1_LAN
from lab.strongswan import Charon
from lab.waiting import wait_until

NOBODY = 65534
ONLY_NET_ADMIN = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs",
                  "--inh-caps=-all,+net_admin", "--ambient-caps=-all,+net_admin", "--bounding-set=-all,+net_admin"]


def start_charons(lab):
    hub, s1 = Charon(lab, "hub"), Charon(lab, "s1")
    hub.configure_hub()
    s1.configure_spoke()
    return hub.start(), s1.start()


def scenario(lab):
    hub, s1 = start_charons(lab)
    rrid = Rrid(lab, make_configuration(lab, hub.socket), ONLY_NET_ADMIN)
    os.chmod(lab.directory, 0o777)
    os.chown(rrid.state_directory, NOBODY, NOBODY)

    # charon's socket belongs to root: nobody may not use it, and is told so with the cure.
    rrid.spawn()
    wait_until("rrid says that it may not use charon's socket", lambda: hub.socket in rrid.log())
    wait_until("rrid names the cure", lambda: "group" in rrid.log())

    # What packaging/strongswan.service.d/rri.conf does; rrid finds out by itself or is started again.
    os.chown(hub.socket, 0, NOBODY)
    os.chmod(hub.socket, 0o660)
    if not rrid.process.is_running():
        rrid.spawn()
    s1.initiate()
    lab.wait_route(S1_LAN, 40)
