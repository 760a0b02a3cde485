"""An SA with two remote networks makes two routes; both go with it."""

from lab.standing import S2_LAN, Standing

S2_OTHER_LAN = "10.3.0.0/24"


def scenario(lab):
    standing = Standing(lab)
    standing.s2.initiate()
    for prefix in (S2_LAN, S2_OTHER_LAN):
        standing.assert_form(lab.wait_route(prefix))
    lab.wait_ping("inside", "10.3.0.1")
    standing.s2.terminate()
    for prefix in (S2_LAN, S2_OTHER_LAN):
        lab.wait_no_route(prefix)
