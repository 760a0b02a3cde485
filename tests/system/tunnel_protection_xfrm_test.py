"""`tunnel protection` on an XFRM interface from IOS text: against a crypto map with `reverse-route`, then with the same on both ends."""

from lab.tunnel_protection import protection_scenario

MODE = "kernel"
NEEDS_DEVICE = "xfrm"
LINKS = {host: f"link add tun11 type xfrm dev {device} if_id 11\nlink set tun11 up\n" for host, device in (("hub", "h-out"), ("s1", "out"))}


def scenario(lab):
    protection_scenario(lab, LINKS, watched=False).end()  # qemu's small system has no tcpdump
