"""rrid started before charon waits for it, and finds an SA that came up while it could not see."""

from lab.daemon import Rrid, make_configuration
from lab.standing import S1_LAN
from lab.strongswan import Charon


def scenario(lab):
    hub, s1 = Charon(lab, "hub"), Charon(lab, "s1")
    hub.configure_hub()
    s1.configure_spoke()
    rrid = Rrid(lab, make_configuration(lab, hub.socket)).start()
    assert not lab.our_routes(), "a route without an IKE daemon"
    hub.start()
    s1.start()
    s1.initiate()
    lab.wait_route(S1_LAN)
    rrid.wait_state(S1_LAN, "active")
