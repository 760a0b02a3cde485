"""An XFRM interface with `tunnel protection ipsec profile`: routes go out of the one that owns the SA's interface id."""

from lab.tunnel_interface import tunnel_scenario

MODE = "kernel"
NEEDS_DEVICE = "xfrm"


def scenario(lab):
    tunnel_scenario(lab, "ipsec11", "type xfrm dev h-out if_id 11", ("if_id_in = 11", "if_id_out = 11"))
