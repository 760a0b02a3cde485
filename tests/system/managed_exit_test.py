"""`on-exit keep` leaves tunnels, and the next rrid takes them as they are; `on-exit withdraw` and `rri flush` leave nothing of ours."""

from lab.standing import S1_HOST, S1_LAN, End
from lab.waiting import wait_until
from managed_tunnels_test import HUB_CONNECTION, hub_crypto, spoke_crypto


def leaves_nothing(lab, hub):
    hub.wait_nothing()
    assert not lab.our_routes(), lab.routes()
    assert not lab.block_policies(), lab.block_policies()
    wait_until("the tunnel is down", lambda: not lab.can_ping("inside", S1_HOST), 10)


def scenario(lab):
    hub = End(lab, "hub", hub_crypto()).start()
    End(lab, "s1", spoke_crypto()).start()
    lab.wait_route(S1_LAN, 30)
    wait_until("the tunnel is up", hub.charon.tunnels, 20)

    before, mark = hub.charon.child_ids(), len(hub.charon.log())
    hub.rrid.stop()
    assert hub.charon.connections() == {HUB_CONNECTION} and lab.our_routes(S1_LAN), "it took tunnels or routes along"
    lab.wait_ping("inside", S1_HOST)
    hub.rrid.start()
    hub.rrid.wait_state(S1_LAN, "active")
    assert hub.charon.child_ids() == before, "the SA did not stay"
    assert "vici connection" not in hub.charon.log()[mark:], hub.charon.log()[mark:]

    hub.rrid.stop()
    flushed = hub.flush()
    assert "1 connections and 1 keys taken out of strongSwan" in flushed, flushed
    leaves_nothing(lab, hub)

    hub.rrid.write_configuration(hub.text().replace(" hold-down 1\n", " hold-down 1\n on-exit withdraw\n"))
    hub.rrid.start()
    hub.wait_connections([HUB_CONNECTION])
    lab.wait_route(S1_LAN, 30)
    hub.rrid.stop()
    leaves_nothing(lab, hub)
