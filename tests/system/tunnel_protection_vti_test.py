"""`tunnel protection` on a VTI and on GRE from IOS text: against a crypto map with `reverse-route`, then with the same on both ends."""

from lab.tunnel_protection import PEERS, protection_scenario
from lab.waiting import wait_until

MODE = "kernel"
LINKS = {
    host: f"link add tun11 type vti local {own} remote {PEERS[host]} key 11\nlink set tun11 up\n"
          f"link add gre1 type gre local {own} remote {PEERS[host]}\naddr add {inner}/30 dev gre1\nlink set gre1 up\n"
    for host, own, inner in (("hub", PEERS["s1"], "10.255.0.1"), ("s1", PEERS["hub"], "10.255.0.2"))}


def scenario(lab):
    protection = protection_scenario(lab, LINKS)
    for host in LINKS:
        lab.ip_batch(host, "link del tun11\n")  # it would take the ESP of the other tunnel between the same addresses
    protection.both(name="rri-Tunnel1", device="gre1", interface="Tunnel1", mode="transport", kind="gre ip")
    wait_until("GRE passes", lambda: lab.can_ping("s1", "10.255.0.1"), 40)
    sas = protection.hub.charon.swanctl("--list-sas").stdout
    assert "TRANSPORT" in sas and "[gre]" in sas, sas
    protection.end()
