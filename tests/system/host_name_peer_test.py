"""`set peer HOST dynamic`: the peer behind the name gets another address, and the tunnel and its route follow."""

import time

from lab.standing import S1_LAN, End
from lab.waiting import wait_until
from managed_tunnels_test import CRYPTO, spoke_crypto

HUB = CRYPTO.format(peer="198.51.100.2", acl="10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255", lines=" reverse-route\n", more_acl="").replace(
    "set peer 198.51.100.2", "set peer spoke.example.com dynamic").replace("address 198.51.100.2", "address 0.0.0.0 0.0.0.0")


def scenario(lab):
    hosts = lab.path("hosts")

    def name_is(address):
        with open(hosts, "w", encoding="ascii") as out:  # the mounted file stays the same one
            out.write(f"127.0.0.1 localhost\n{address} spoke.example.com\n")
    name_is("198.51.100.2")
    lab.ip("s2", "addr", "add", "10.1.0.99/32", "dev", "lo")  # kernel-libipsec wants one behind the selector

    hub = End(lab, "hub", HUB)
    hub.rrid.prefix_argv = ["unshare", "--mount", "sh", "-c", f'mount --bind {hosts} /etc/hosts && exec "$@"', "sh"]
    hub.start()
    hub.wait_connections(["rri-mymap-1-spoke_example_com"])
    ends = {"198.51.100.2": End(lab, "s1", spoke_crypto()).start(), "192.0.2.2": End(lab, "s2", spoke_crypto()).start()}

    def route_is_with(address):
        return [row["next_hop"] for row in hub.rrid.rows(S1_LAN) if row["state"] == "active"] == [address]
    wait_until("the route is with the first address", lambda: route_is_with("198.51.100.2"), 40)

    # A new rrid knows no address of the name at first.
    before = wait_until("the tunnel is up", hub.charon.spis)
    hub.rrid.stop()
    hub.rrid.start()
    hub.rrid.wait_state(S1_LAN, "active")
    assert before <= hub.charon.spis(), "the SA did not stay"

    ends["198.51.100.2"].charon.kill9()
    name_is("192.0.2.2")
    begin = time.monotonic()
    wait_until("the route is with the second address", lambda: route_is_with("192.0.2.2"), 60)
    print(f"followed after {time.monotonic() - begin:.1f} s")
    assert {name for name, _ in hub.charon.tunnels()} == {"rri-mymap-1-spoke_example_com"}
