"""What moves under a crypto map moves its connections: another interface, another address at run time, an address that DHCP
brings late, `local-address`; and what people clear and start by hand is that of the current peer, all lines of its access list."""

import re

from lab.standing import S1_HOST, S1_LAN, End
from lab.waiting import wait_until
from managed_tunnels_test import HUB_CONNECTION, hub_crypto, spoke_crypto

TO_HUB = "rri-mymap-1-203_0_113_1"


def local_addresses(end, connection):
    shown = end.charon.swanctl("--list-conns").stdout
    found = re.search(rf"^{re.escape(connection)}: .*\n  local:  (\S.*)\n", shown, re.M)
    return found.group(1).split(",") if found else None


def wait_local(end, connection, wanted):
    wait_until(f"{connection} has local addresses {wanted}", lambda: local_addresses(end, connection) == wanted, 15)


def map_on_another_interface(hub):
    text = hub.text(map_line="no shutdown").replace("end\n", "interface GigabitEthernet0/0/0\n linux device h-in\n ip address 10.0.0.1 "
                                                    "255.255.255.0\n crypto map mymap\n!\nend\n")
    hub.rrid.write_configuration(text)
    hub.reread()
    wait_local(hub, HUB_CONNECTION, ["10.0.0.1"])
    hub.change()
    wait_local(hub, HUB_CONNECTION, ["203.0.113.1"])


def local_address_of_another_interface(hub):
    own = "crypto map mymap local-address GigabitEthernet0/0/0\ninterface GigabitEthernet0/0/0\n linux device h-in\n ip address 10.0.0.1 255.255.255.0\n"
    hub.change(own + hub_crypto())
    wait_local(hub, HUB_CONNECTION, ["10.0.0.1"])
    hub.change(hub_crypto())
    wait_local(hub, HUB_CONNECTION, ["203.0.113.1"])


def address_changes_at_run_time(lab, spoke):
    lab.ip("s1", "addr", "del", "198.51.100.2/24", "dev", "out")
    lab.ip("s1", "addr", "add", "198.51.100.3/24", "dev", "out")
    wait_local(spoke, TO_HUB, ["198.51.100.3"])
    lab.ip("s1", "addr", "del", "198.51.100.3/24", "dev", "out")
    lab.ip("s1", "addr", "add", "198.51.100.2/24", "dev", "out")
    lab.ip("s1", "route", "replace", "default", "via", "198.51.100.1")
    wait_local(spoke, TO_HUB, ["198.51.100.2"])


def address_comes_late(lab, spoke):
    lab.ip("s1", "addr", "del", "198.51.100.2/24", "dev", "out")
    spoke.rrid.write_configuration(spoke.text().replace("ip address 198.51.100.2 255.255.255.0", "ip address dhcp"))
    spoke.reread()
    wait_local(spoke, TO_HUB, ["%any"])
    lab.ip("s1", "addr", "add", "198.51.100.2/24", "dev", "out")
    lab.ip("s1", "route", "replace", "default", "via", "198.51.100.1")
    wait_local(spoke, TO_HUB, ["198.51.100.2"])
    lab.wait_route(S1_LAN, 40)
    lab.wait_ping("inside", S1_HOST, 30)


def cleared_and_started_by_hand(lab, hub, spoke):
    hub.change(hub_crypto(more_acl="access-list 102 permit ip host 203.0.113.1 host 10.1.0.1\n"
                                   "access-list 102 permit tcp host 203.0.113.1 10.1.0.0 0.0.255.255 eq 22\n"))
    spoke.change(spoke_crypto("access-list 102 permit ip host 10.1.0.1 host 203.0.113.1\n"
                              "access-list 102 permit tcp 10.1.0.0 0.0.255.255 eq 22 host 203.0.113.1\n"))
    wanted = {(HUB_CONNECTION, f"rri-mymap-1-{selectors}") for selectors in
              ("10_0_0_0_24_to_10_1_0_0_16", "203_0_113_1_32_to_10_1_0_1_32", "203_0_113_1_32_6_to_10_1_0_0_16_6_22")}
    wait_until("all lines have tunnels", lambda: hub.charon.tunnels() >= wanted, 40)
    for command in ("clear crypto sa", "clear crypto session"):
        before = hub.charon.spis()
        hub.rrid.show(command)
        wait_until(f"`{command}` ended the SAs", lambda before=before: not hub.charon.spis() & before, 20)
        hub.rrid.show("crypto session initiate mymap 1")
        wait_until("all lines have tunnels again", lambda: hub.charon.tunnels() >= wanted, 40)


def scenario(lab):
    hub = End(lab, "hub", hub_crypto()).start()
    spoke = End(lab, "s1", spoke_crypto()).start()
    lab.wait_route(S1_LAN, 30)
    map_on_another_interface(hub)
    local_address_of_another_interface(hub)
    address_changes_at_run_time(lab, spoke)
    address_comes_late(lab, spoke)
    cleared_and_started_by_hand(lab, hub, spoke)
