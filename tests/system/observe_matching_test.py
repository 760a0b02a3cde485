"""`observe`: each SA of odd connections falls to the entry that its peer, local address and selectors ask for, and `show crypto session` says to which, or why to none."""

import json

from lab.standing import Standing
from lab.waiting import wait_until

PEER6 = "2001:db8:1::2"
MAPS = """\
access-list 101 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
access-list 102 permit ip 10.0.0.0 0.0.0.255 10.2.0.0 0.1.255.255
access-list 103 permit ip 10.0.0.0 0.0.0.255 10.4.0.0 0.0.255.255
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.2
 match address 101
 reverse-route
crypto map VPN 20 ipsec-isakmp
 set peer 198.51.100.2
 match address 102
 reverse-route
crypto map VPN 30 ipsec-isakmp
 set peer 2001:db8:1::2
 match address 103
 reverse-route
"""
CONNECTION = """\
  {name} {{{{
    version = 2
    local_addrs = {local}
    remote_addrs = {remote}
    {more}
    {{proposals}}
    unique = never
    mobike = no
    local {{{{
      auth = psk
      id = {local_id}
    }}}}
    remote {{{{
      auth = psk
      id = {remote_id}
    }}}}
    children {{{{
{children}    }}}}
  }}}}
"""
CHILD = """\
      {name} {{{{
        local_ts = {local}
        remote_ts = {remote}
        esp_proposals = {{esp}}
      }}}}
"""
LAN = "10.0.0.0/24"
ANY = "0.0.0.0/0"
# Spoke: {connection: (own address, hub's address, {child: (own selector, hub's selector)})}.
# alice and bob stand behind one address, as two clients behind one NAT do.
S1 = {
    "alice": ("198.51.100.2", "203.0.113.1", {"net": ("10.1.0.0/16", LAN)}),
    "bob": ("198.51.100.2", "203.0.113.1", {"narrow": ("10.2.5.0/24", LAN), "late": ("10.50.0.0/16", LAN), "alien": ("172.16.0.0/16", LAN)}),
    "six": (PEER6, "2001:db8::1", {"four-in-six": ("10.4.0.0/16", LAN)}),
}
S2 = {
    "carol": ("192.0.2.2", "203.0.113.1", {"dialled-in": ("dynamic", LAN)}),
    "erin": ("192.0.2.2", "203.0.113.5", {"elsewhere": ("10.5.0.0/16", LAN)}),
    "dave": ("192.0.2.2", "203.0.113.1", {"everything": (ANY, ANY)}),
}
# Child: (map and sequence, or none, with the reason; state of its route, if it has a row)
EXPECTED = {
    "net": ("VPN 10", "active"),
    "narrow": ("VPN 20", "active"),
    "late": ("VPN 65000 (dynamic SPOKES 10)", "active"),
    "alien": ("VPN 10", "refused"),  # the lowest that takes the peer; the guard's rule 4 refuses
    "four-in-six": ("VPN 30", "active"),
    "dialled-in": ("VPN 65000 (dynamic SPOKES 10)", "active"),
    "everything": ("VPN 65000 (dynamic SPOKES 10)", "refused"),
    "elsewhere": ("none (no crypto map entry on an interface with local address 203.0.113.5 takes peer 192.0.2.2)", None),
}


def connection(name, local, remote, ids, children, more=""):
    text = "".join(CHILD.format(name=child, local=selectors[0], remote=selectors[1]) for child, selectors in children.items())
    return CONNECTION.format(name=name, local=local, remote=remote, local_id=ids[0], remote_id=ids[1], children=text, more=more)


def configure(charon, connections, rest=""):
    charon.configure("connections {{\n" + "".join(connections) + "}}\n{secrets}" + rest)
    charon.swanctl("--load-all", "--noprompt")


def hub_connections():
    wide = {"net": (ANY, ANY)}
    yield connection("warriors", "203.0.113.1", "%any", ("hub", "carol"), {"net": (LAN, "dynamic")}, "pools = lab")
    yield connection("second", "203.0.113.5", "%any", ("hub", "erin"), wide)
    yield connection("six", "2001:db8::1", "%any", ("hub", "six"), wide)
    yield connection("others", "203.0.113.1", "%any", ("hub", "%any"), wide)


def spoke_connections(table):
    for name, (local, remote, children) in table.items():
        yield connection(name, local, remote, (name, "hub"), children, "vips = 0.0.0.0" if name == "carol" else "")


def initiate(charon, table):
    for children in (row[2] for row in table.values()):
        for child in children:
            charon.initiate(child)


def scenario(lab):
    lab.ip_batch("isp", "addr add 2001:db8::2/64 dev i-hub nodad\naddr add 2001:db8:1::1/64 dev i-s1 nodad\nroute add 203.0.113.5 via 203.0.113.1\n")
    lab.ip_batch("hub", "addr add 2001:db8::1/64 dev h-out nodad\nroute add 2001:db8:1::/64 via 2001:db8::2\naddr add 203.0.113.5/32 dev lo\n")
    # kernel-libipsec wants an address of its own inside each selector.
    lab.ip_batch("s2", "".join(f"addr add {address}/32 dev lo\n" for address in ("10.5.0.1", "10.30.0.1")))
    lab.ip_batch("s1", "".join(f"addr add {address}/32 dev lo\n" for address in ("10.2.5.1", "10.50.0.1", "172.16.0.1", "10.4.0.1")))
    lab.ip_batch("s1", f"addr add {PEER6}/64 dev out nodad\nroute add 2001:db8::/64 via 2001:db8:1::1\n")
    standing = Standing(lab, more=MAPS)
    configure(standing.hub, hub_connections(), "pools {{\n  lab {{\n    addrs = 10.30.0.0/24\n  }}\n}}\n")
    configure(standing.s1, spoke_connections(S1))
    configure(standing.s2, spoke_connections(S2))
    initiate(standing.s1, S1)
    initiate(standing.s2, S2)

    def sas():
        done = standing.rrid._rri("-c", "show crypto ipsec sa", "--json")
        return json.loads(done.stdout)["sas"]
    selectors = {child: pair[0] for table in (S1, S2) for row in table.values() for child, pair in row[2].items()}
    selectors["dialled-in"] = "10.30.0.1/32"
    wait_until("all SAs are known", lambda: len(sas()) == len(EXPECTED))
    by_remote = {sa["remote_selectors"][0]: sa for sa in sas()}
    session = standing.rrid.show("show crypto session")
    for child, (entry, state) in EXPECTED.items():
        sa = by_remote[selectors[child]]
        said = f"{sa['map']} {sa['seq']}" + (f" (dynamic {sa['dynamic_map']} 10)" if sa["dynamic_map"] else "")
        assert entry.startswith("none") == (sa["map"] is None) and (sa["map"] is None or said == entry), (child, entry, sa)
        assert f"Crypto map entry: {entry}\n" in session, f"{child}: {entry!r} is not in\n{session}"
        rows = standing.rrid.rows(selectors[child])
        assert [row["state"] for row in rows if row["driver"] == "sa"] == ([state] if state else []), (child, rows)
