"""A VTI with `tunnel protection ipsec profile`: routes go out of the VTI that owns the SA's mark, over VICI and XFRM alike."""

from lab.tunnel_interface import tunnel_scenario

MODE = "kernel"


def scenario(lab):
    tunnel_scenario(lab, "vti11", "type vti local 203.0.113.1 remote 198.51.100.2 key 11",
                    ("mark_in = 11", "mark_out = 11"))
