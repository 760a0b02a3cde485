"""An interface without its device is closed in its own VRF: what others send passes, what its VRF sends does not leave in clear."""

from lab.daemon import Rrid
from lab.standing import S1_HOST
from lab.waiting import wait_until

MODE = "kernel"
NEEDS_DEVICE = "vrf"
CONFIGURATION = """\
hostname PE
vrf definition RED
 address-family ipv4
rri
 ike strongswan socket {vici} observe
{more}ip access-list extended NETS
 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.2
 match address NETS
interface GigabitEthernet0/0/1
 linux device gone
 vrf forwarding RED
 crypto map VPN
end
"""
INTO_RED = """\
link set h-in master RED
link set h-out master RED
route add default via 203.0.113.2 dev h-out table 100
"""


def own_passes(lab):
    return lab.execute("hub", "ping", "-n", "-q", "-c", "1", "-W", "1", "-I", "10.0.0.1", S1_HOST, check=False).returncode == 0


def scenario(lab):
    # Whatever leaves the hub in clear arrives and is answered.
    lab.ip_batch("isp", f"addr add {S1_HOST}/32 dev lo\nroute add 10.0.0.0/24 via 203.0.113.1\n")
    lab.ip_batch("hub", "link add RED type vrf table 100\nlink set RED up\nroute add default via 203.0.113.2\n")
    rrid = Rrid(lab, CONFIGURATION.format(vici=lab.path("none.vici"), more="")).start()
    wait_until("the access list is closed", lab.block_policies)
    assert "dropped on every device of VRF RED" in rrid.show("show rri"), rrid.show("show rri")
    lab.wait_ping("inside", S1_HOST)
    assert own_passes(lab), "the host's own packets are dropped in another VRF"

    lab.ip_batch("hub", INTO_RED)
    wait_until("the VRF of the interface is closed", lambda: not lab.can_ping("inside", S1_HOST))
    rrid.write_configuration(CONFIGURATION.format(vici=lab.path("none.vici"), more=" fail-closed off\n"))
    rrid.show("configure replace " + rrid.config_path + " force")
    lab.wait_ping("inside", S1_HOST)  # so it was the policies
