"""charon stopped cleanly takes its SAs and so the routes along; started again, they come back."""

from lab.standing import S1_HOST, S1_LAN, Standing


def scenario(lab):
    standing = Standing(lab)
    standing.bring_up_s1()
    standing.hub.stop()
    lab.wait_no_route(S1_LAN)
    standing.rrid.show("show crypto route")
    standing.hub.start()
    standing.s1.terminate(force=True)
    standing.bring_up_s1()
    lab.wait_ping("inside", S1_HOST)
