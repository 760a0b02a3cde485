"""A route of ours that somebody deletes by hand is put back."""

from lab.standing import S1_HOST, S1_LAN, Standing


def scenario(lab):
    standing = Standing(lab)
    standing.bring_up_s1()
    mark = standing.monitor.mark()
    lab.ip("hub", "route", "del", S1_LAN, "proto", "213")
    lab.wait_route(S1_LAN)
    operations = standing.monitor.since(mark, S1_LAN.split("/", maxsplit=1)[0])
    assert len(operations) == 2, f"one delete (ours, by hand) and one add expected: {operations}"
    lab.wait_ping("inside", S1_HOST)
