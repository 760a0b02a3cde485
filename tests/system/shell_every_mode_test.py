"""Every configuration mode has IOS's prompt and is left by `exit`; every row of `show` answers a person and, with --json, a program."""

import json
import re

from lab.daemon import PROGRAMS, Rrid
from lab.processes import run
from lab.strongswan import Charon
from lab.waiting import wait_until
from shell_terminal import Terminal

CONFIGURATION = """\
hostname R1
rri
 ike strongswan socket {vici} observe
vrf definition RED
 address-family ipv4
ip access-list extended 102
 permit ip 192.168.0.0 0.0.255.255 10.8.0.0 0.0.255.255
crypto map M 10 ipsec-isakmp
 set peer 203.0.113.9
 match address 102
 reverse-route static
interface GigabitEthernet0/0/1
 ip address 10.0.0.1 255.255.255.0
 crypto map M
"""

# What is typed in global configuration, and the prompt of the mode behind it.
MODES = [
    ("interface GigabitEthernet0/0/2", "(config-if)"),
    ("vrf definition BLUE", "(config-vrf)"),
    ("ip vrf GREEN", "(config-vrf)"),
    ("ip access-list extended A", "(config-ext-nacl)"),
    ("ipv6 access-list A6", "(config-ipv6-acl)"),
    ("object-group network G", "(config-network-group)"),
    ("crypto map M 30 ipsec-isakmp", "(config-crypto-map)"),
    ("crypto dynamic-map D 10", "(config-crypto-map)"),
    ("crypto isakmp policy 10", "(config-isakmp)"),
    ("crypto isakmp profile P", "(conf-isa-prof)"),
    ("crypto keyring K", "(conf-keyring)"),
    ("crypto ikev2 proposal X", "(config-ikev2-proposal)"),
    ("crypto ikev2 policy X", "(config-ikev2-policy)"),
    ("crypto ikev2 keyring X", "(config-ikev2-keyring)"),
    ("crypto ikev2 profile X", "(config-ikev2-profile)"),
    ("crypto ipsec transform-set T esp-aes esp-sha-hmac", "(cfg-crypto-trans)"),
    ("crypto ipsec profile I", "(ipsec-profile)"),
    ("track 1 interface GigabitEthernet0/0/1 line-protocol", "(config-track)"),
    ("rri", "(config-rri)"),
]

SHOWS = [
    "show access-lists", "show clock", "show configuration carried", "show crypto ikev2 sa", "show crypto ikev2 sa detail",
    "show crypto ipsec sa", "show crypto isakmp policy", "show crypto isakmp sa", "show crypto map", "show crypto map tag M",
    "show crypto route", "show crypto route detail", "show crypto route vrf RED", "show crypto session",
    "show crypto ipsec transform-set", "show ip access-lists", "show ip interface brief", "show ip prefix-list", "show ip route",
    "show ip route 10.0.0.1", "show ip route static", "show ip route vrf RED", "show ip static route", "show inventory",
    "show logging", "show privilege", "show rri", "show rri explain 10.8.0.1", "show rri history", "show running-config",
    "show standby", "show standby brief", "show startup-config", "show tech-support", "show track", "show users", "show version",
    "show vrf",
]


def every_mode(terminal):
    terminal.expect("", "R1>")
    terminal.expect("enable\r", "enable\r\nR1#")
    terminal.exchange("configure terminal\r", "R1(config)#")
    for line, prompt in MODES:
        shown = terminal.exchange(line + "\r", f"R1{prompt}#")
        assert "%" not in shown.replace("% NOTE", ""), shown
        help_text = terminal.exchange("?", f"R1{prompt}#")
        assert "exit" in help_text, f"{prompt}: `?` does not say how to leave: {help_text}"
        caret = " " * (len(f"R1{prompt}#") + len("hostna")) + "^"
        terminal.expect("hostnane S1\r", f"hostnane S1\r\n{caret}\r\n% Invalid input detected at '^' marker.\r\n\r\nR1{prompt}#")
        terminal.expect("exit\r", "exit\r\nR1(config)#")
    terminal.exchange("end\r", "R1#")


def every_show(rrid):
    for command in SHOWS:
        text = rrid.show(command)
        assert not text.startswith("% "), f"{command}: {text}"
        done = run([f"{PROGRAMS}/rri", "--socket", rrid.socket, "-c", command, "--json"], check=False)
        assert done.returncode == 0, f"{command} --json: {done.stdout}{done.stderr}"
        assert isinstance(json.loads(done.stdout), dict), command


VALUES = {"<address>": "127.0.0.1", "<prefix>": "10.8.0.0/16", "<mask>": "255.255.0.0", "<if>": "GigabitEthernet0/0/1", "<name>": "RED",
          "<map-name>": "M", "<file>": "nvram:startup-config", "[memory]": "memory"}


def exec_rows():
    """Every row of the exec grammar with values for its slots and without what may be left out."""
    rows = []
    for line in run([f"{PROGRAMS}/rri", "cli-reference"]).stdout.split("## Configuration")[0].splitlines():
        if re.match(r"    \S", line):
            row = re.sub(r" ?\[[^]]*\]", "", line.strip())
            row = re.sub(r"<[^>]*[a-z][^>]*>", lambda slot: VALUES[slot.group()], row)
            rows.append(re.sub(r"<(\d+)-\d+>", r"\1", row))
    return rows


def every_row_in_json(rrid):
    """docs/json.md: one object for each command; one with `error` where the status is not 0."""
    rows = exec_rows()
    assert len(rows) > 150 and "write terminal" in rows, rows
    for command in rows:
        done = run([f"{PROGRAMS}/rri", "--socket", rrid.socket, "-c", command, "--json"], check=False)
        answer = json.loads(done.stdout)
        assert isinstance(answer, dict), command
        assert ("error" in answer) == (done.returncode != 0), f"{command}: {done.returncode} {answer}"


def scenario(lab):
    charon = Charon(lab, "hub")
    charon.configure_hub("replace", 0)
    charon.start()
    rrid = Rrid(lab, CONFIGURATION.format(vici=charon.socket)).start()
    wait_until("rrid knows this host", lambda: "10.0.0.1/32" in rrid.show("show ip route"))
    every_mode(Terminal(rrid.socket, rows=200))
    every_show(rrid)
    every_row_in_json(rrid)
