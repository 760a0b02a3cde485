"""SIGHUP reads the configuration again: the same text sends nothing, a new distance adds before it deletes, another
protocol number changes in place, SAs stay up."""

import signal

from lab.daemon import make_configuration
from lab.standing import S1_LAN, Standing
from lab.waiting import wait_until


def scenario(lab):
    standing = Standing(lab)
    standing.bring_up_s1()
    children = standing.hub.child_ids()

    mark = standing.monitor.mark()
    standing.rrid.process.signal(signal.SIGHUP)
    standing.assert_untouched(mark)

    mark = standing.monitor.mark()
    standing.rrid.write_configuration(
        make_configuration(lab, standing.hub.socket, dynamic_lines=["set reverse-route distance 20"]))
    standing.rrid.process.signal(signal.SIGHUP)
    wait_until("the route has its new distance",
               lambda: [route["metric"] for route in lab.our_routes(S1_LAN)] == [20 << 24])
    operations = standing.monitor.since(mark, S1_LAN.split("/", maxsplit=1)[0])
    assert [line.startswith("Deleted") for line in operations] == [False, True], operations

    # Another protocol number: written over the old one, also when rrid did not run meanwhile.
    for number, take in ((222, lambda: standing.rrid.process.signal(signal.SIGHUP)), (213, lambda: (standing.rrid.kill9(), standing.rrid.start()))):
        mark = standing.monitor.mark()
        standing.rrid.write_configuration(make_configuration(
            lab, standing.hub.socket, dynamic_lines=["set reverse-route distance 20"], more=f"rri\n route kernel protocol {number}\n"))
        take()
        wait_until(f"the route has number {number}", lambda number=number: [r["dst"] for r in lab.routes("hub", "proto", str(number))] == [S1_LAN])
        standing.rrid.wait_state(S1_LAN, "active")
        operations = standing.monitor.since(mark, S1_LAN.split("/", maxsplit=1)[0])
        assert not [line for line in operations if line.startswith("Deleted")], operations

    standing.rrid.write_configuration(
        make_configuration(lab, standing.hub.socket, dynamic_lines=["no reverse-route"]))
    standing.rrid.process.signal(signal.SIGHUP)
    lab.wait_no_route(S1_LAN)
    assert standing.hub.child_ids() == children, "changing RRI settings took the SA down"
