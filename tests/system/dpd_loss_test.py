"""A peer that dies without a word loses its route once dead peer detection has found out."""

from lab.standing import S1_HOST, S1_LAN, Standing


def scenario(lab):
    standing = Standing(lab, dpd_delay=1)
    standing.bring_up_s1()
    standing.s1.kill9()
    lab.wait_no_route(S1_LAN, 30)
    standing.s1.start()
    standing.bring_up_s1()
    lab.wait_ping("inside", S1_HOST)
