"""With kernel ESP and peer form: only ESP on the wire while the SA is up, and nothing in clear when it is gone."""

from lab.standing import S1_HOST, S1_LAN, Standing
from lab.waiting import wait_until
from lab.wire import Wire

MODE = "kernel"
INSIDE_HOST = "10.0.0.10"


def scenario(lab):
    standing = Standing(lab, hold_down=3)
    wire = Wire(lab)
    route = standing.bring_up_s1()
    standing.assert_form(route)
    lab.wait_ping("inside", S1_HOST, 30)
    assert not wire.clear_text(INSIDE_HOST, S1_HOST), wire.clear_text(INSIDE_HOST, S1_HOST)
    assert wire.lines("ESP(spi="), "no ESP on the wire"

    mark = standing.monitor.mark()
    before = standing.hub.child_ids()
    standing.s1.rekey_child()
    wait_until("the rekey is done", lambda: not standing.hub.child_ids() & before)
    standing.assert_untouched(mark)
    lab.wait_ping("inside", S1_HOST, 30)

    # The route outlives its SA by the hold-down; in peer form what follows it dies in ARP.
    standing.s1.terminate()
    lab.can_ping("inside", S1_HOST)
    lab.wait_no_route(S1_LAN)
    assert not lab.can_ping("inside", S1_HOST), "the spoke's LAN answers without a tunnel"
    assert not wire.clear_text(INSIDE_HOST, S1_HOST), "clear text on the wire:\n" + "\n".join(wire.clear_text(INSIDE_HOST, S1_HOST))
