"""The shell on a terminal says what IOS says, to the character: modes, errors, help, editing keys, pages."""

import json
import os
import re

from lab.daemon import PROGRAMS, Rrid
from lab.processes import run
from lab.waiting import wait_until
from shell_terminal import Terminal

CONFIGURATION = """\
hostname R1
rri
 ike strongswan socket {vici} observe
ip access-list extended 102
 permit ip 192.168.0.0 0.0.255.255 10.8.0.0 0.0.255.255
interface GigabitEthernet0/0/1
 ip address 10.0.0.1 255.255.255.0
"""

NOBODY = 65534
ERASE = "\b" * 9 + " " * 8 + "\b" * 9
INVALID = "% Invalid input detected at '^' marker.\r\n\r\n"


def transcript(terminal, *steps):
    """Each step: the keys, and all that is shown."""
    for keys, expected in steps:
        terminal.expect(keys, expected)


def modes(terminal):
    transcript(
        terminal,
        ("", "R1>"),
        ("\r", "\r\nR1>"),
        ("show privilege\r", "show privilege\r\nCurrent privilege level is 1\r\nR1>"),
        ("show running-config\r", f"show running-config\r\n         ^\r\n{INVALID}R1>"),
        ("en\r", "en\r\nR1#"),
        ("sh priv\r", "sh priv\r\nCurrent privilege level is 15\r\nR1#"),
        ("conf t\r", "conf t\r\nEnter configuration commands, one per line.  End with CNTL/Z.\r\nR1(config)#"),
        ("int gi0/0/2\r", "int gi0/0/2\r\nR1(config-if)#"),
        ("ip access-list extended A\r", "ip access-list extended A\r\nR1(config-ext-nacl)#"),
        ("crypto dynamic-map D 10\r", "crypto dynamic-map D 10\r\nR1(config-crypto-map)#"),
        ("crypto ipsec transform-set T esp-aes\r", "crypto ipsec transform-set T esp-aes\r\nR1(cfg-crypto-trans)#"),
        ("exit\r", "exit\r\nR1(config)#"),
        ("do show privilege\r", "do show privilege\r\nCurrent privilege level is 15\r\nR1(config)#"),
        ("hostname A23456789012345678901234\r", "hostname A23456789012345678901234\r\nA2345678901234567890(config)#"),
        ("hostname R1\r", "hostname R1\r\nR1(config)#"),
        ("\x1a", "^Z\r\nR1#"),
        ("disable\r", "disable\r\nR1>"),
        ("enable\r", "enable\r\nR1#"))


def errors(terminal):
    transcript(
        terminal,
        ("show xyz\r", f"show xyz\r\n        ^\r\n{INVALID}R1#"),
        ("show\r", "show\r\n% Incomplete command.\r\n\r\nR1#"),
        ("show c\r", "show c\r\n% Ambiguous command:  \"show c\"\r\nR1#"),
        ("conf t\r", "conf t\r\nEnter configuration commands, one per line.  End with CNTL/Z.\r\nR1(config)#"),
        ("hostnane S1\r", "hostnane S1\r\n" + " " * 17 + f"^\r\n{INVALID}R1(config)#"),
        ("logging 0255.255.1\r", "logging 0255.255.1\r\n" + " " * 19 + f"^\r\n{INVALID}R1(config)#"),
        ("show ip interface brief\r", "show ip interface brief\r\n" + " " * 12 + f"^\r\n{INVALID}R1(config)#"),
        ("ip route 10.0.0.0\r", "ip route 10.0.0.0\r\n% Incomplete command.\r\n\r\nR1(config)#"),
        ("crypto map M 0\r", "crypto map M 0\r\n" + " " * 24 + f"^\r\n{INVALID}R1(config)#"),
        ("\x03", "\r\nR1#"))


def editing(terminal):
    transcript(
        terminal,
        # backspace, ^U, ^A and ^E, ^W, TAB, the history, a partial word
        ("show privx\x7filege\r", "show privx\b \bilege\r\nCurrent privilege level is 15\r\nR1#"),
        ("ow privilege\x01sh\r",
         "ow privilege" + "\b" * 12 + "sow privilege" + "\b" * 12 + "how privilege" + "\b" * 12 +
         "\r\nCurrent privilege level is 15\r\nR1#"),
        ("sh priv\t\r", "sh priv\r\nR1#sh privilege \r\nCurrent privilege level is 15\r\nR1#"),
        ("\x10\r", "sh privilege \r\nCurrent privilege level is 15\r\nR1#"),
        ("sh?", "sh?\r\nshow\r\n\r\nR1#sh"),
        ("\x15show crypto isakmp ?",
         "\b\b  \b\bshow crypto isakmp ?\r\n  key      Pre-shared keys of IKEv1\r\n  policy   IKEv1 policies\r\n"
         "  profile  IKEv1 profiles\r\n  sa       IKEv1 SAs\r\n\r\nR1#show crypto isakmp "),
        ("\x15terminal length ?",
         "\b" * 19 + " " * 19 + "\b" * 19 + "terminal length ?\r\n  <0-512>  Set number of lines on a screen\r\n\r\nR1#terminal length "),
        ("5\r", "5\r\nR1#"))


EDITED = {  # each makes `show privilege`
    "^B": "show privilge\x02\x02e",
    "left": "show privilge\x1b[D\x1bODe",
    "^F": "how privilege\x01\x02\x06\x02s",
    "right": "show privilege\x01\x1b[C\x1b[C\x02\x02",
    "^D": "show pprivilege\x01\x06\x06\x06\x06\x06\x04",
    "^K": "show privilege junk\x02\x02\x02\x02\x02\x0b",
    "^T": "show privileeg\x14",
    "^X": "junk\x18show privilege",
    "^W": "show privilege junk\x17",
    "^U and ^Y": "show privilege\x15\x19",
    "Esc b and Esc d": "show junk privilege\x1bb\x1bb\x1bd\x1bf",
    "^V": "show privilegex\x16\x01\x7f\x7f",
    "^R": "show priv\x12ilege",
    "^L": "show priv\x0cilege",
    "^P": "\x10",
    "up": "\x1b[A",
    "^N": "\x10\x10\x0e",
    "down": "\x1b[A\x1bOA\x1b[B",
}


def every_editing_key(terminal):
    for name, keys in EDITED.items():
        shown = terminal.exchange(keys + "\r", "R1#") if "\x12" not in keys and "\x0c" not in keys else \
            terminal.exchange(keys + "\r", "15\r\nR1#")
        assert shown.endswith("\r\nCurrent privilege level is 15\r\nR1#"), f"{name}: {shown!r}"


def shows(terminal):
    """Answers that depend on nothing but the configuration, to the character."""
    transcript(
        terminal,
        ("terminal length 0\r", "terminal length 0\r\nR1#"),
        ("show access-lists 102\r",
         "show access-lists 102\r\nExtended IP access list 102\r\n"
         "    10 permit ip 192.168.0.0 0.0.255.255 10.8.0.0 0.0.255.255\r\nR1#"),
        ("show ip interface brief\r",
         "show ip interface brief\r\n"
         "Interface              IP-Address      OK? Method Status                Protocol\r\n"
         "GigabitEthernet0/0/1   10.0.0.1        YES NVRAM  up                    up      \r\n"
         "GigabitEthernet0/0/2   unassigned      YES unset  down                  down    \r\nR1#"),
        ("show vrf\r", "show vrf\r\n  Name                             Default RD            Protocols   Interfaces\r\nR1#"),
        ("show crypto map\r", "show crypto map\r\nNo crypto maps found.\r\nR1#"),
        ("show ip route 10.0.0.77\r",
         "show ip route 10.0.0.77\r\nRouting entry for 10.0.0.0/24\r\n"
         "  Known via \"connected\", distance 0, metric 0 (connected, via interface)\r\n"
         "  Routing Descriptor Blocks:\r\n  * directly connected, via GigabitEthernet0/0/1\r\n"
         "      Route metric is 0, traffic share count is 1\r\nR1#"),
        ("show ip route 99.0.0.1\r", "show ip route 99.0.0.1\r\n% Network not in table\r\nR1#"),
        ("show crypto route\r",
         "show crypto route\r\nVPN Routing Table: Shows RRI and VTI created routes\r\n"
         "Codes: RRI - Reverse-Route, VTI- Virtual Tunnel Interface\r\n        S - Static Map ACLs\r\n\r\n"
         "Routes created in table GLOBAL DEFAULT\r\nR1#"),
        ("show running-config interface gi0/0/1\r",
         "show running-config interface gi0/0/1\r\nBuilding configuration...\r\n\r\nCurrent configuration : 70 bytes\r\n!\r\n"
         "interface GigabitEthernet0/0/1\r\n ip address 10.0.0.1 255.255.255.0\r\nend\r\nR1#"),
        ("show debugging\r", "show debugging\r\n\r\nR1#"),
        ("show startup-config | count .\r", "show startup-config | count .\r\nNumber of lines which match regexp = 7\r\nR1#"),
        ("show running-config | section ^interface\r",
         "show running-config | section ^interface\r\ninterface GigabitEthernet0/0/1\r\n ip address 10.0.0.1 255.255.255.0\r\n"
         "interface GigabitEthernet0/0/2\r\nR1#"),
        ("show configuration carried\r", "show configuration carried\r\nR1#"),
        ("terminal history size 1\r", "terminal history size 1\r\nR1#"),
        ("show history\r", "show history\r\n  show history\r\nR1#"),
        ("terminal length 24\r", "terminal length 24\r\nR1#"))
    users = terminal.exchange("show users\r", "R1#")
    assert "\r\n*  0 vty 0    root       idle                 00:00:00   198.51.100.7\r\n" in users, repr(users)
    terminal.exchange("terminal length 5\r", "R1#")


def texts(terminal):
    """The text of a banner: asked for in IOS's words, given up by ^C."""
    transcript(
        terminal,
        ("conf t\r", "conf t\r\nEnter configuration commands, one per line.  End with CNTL/Z.\r\nR1(config)#"),
        ("banner motd #\r", "banner motd #\r\nEnter TEXT message.  End with the character '#'.\r\n"),
        ("Hands off?\r", "Hands off?\r\n"),
        ("\x03", "\r\nR1(config)#"),
        ("end\r", "end\r\nR1#"),
        ("show running-config | include banner\r", "show running-config | include banner\r\nR1#"))


def files(lab, rrid, terminal):
    """An answer goes to a file of the directory that rri was started in, and nowhere else."""
    transcript(
        terminal,
        ("show hostname | redirect flash:one\r", "show hostname | redirect flash:one\r\nR1#"),
        ("show hostname | append one\r", "show hostname | append one\r\nR1#"),
        ("show hostname | tee two\r", "show hostname | tee two\r\nR1\r\nR1#"),
        ("show nothing | redirect one\r", f"show nothing | redirect one\r\n        ^\r\n{INVALID}R1#"),
        ("show hostname | redirect .profile\r",
         "show hostname | redirect .profile\r\n% Could not write to .profile: name a file without a path, it is made in the "
         "directory that rri was started in\r\nR1#"),
        ("show hostname | redirect state\r", "show hostname | redirect state\r\n%Error opening state (Is a directory)\r\nR1#"))
    with open(lab.path("one"), encoding="utf-8") as one, open(lab.path("two"), encoding="utf-8") as two:
        assert (one.read(), two.read()) == ("R1\nR1\n", "R1\n")
    assert os.stat(lab.path("one")).st_mode & 0o777 == 0o600
    assert not os.path.exists(lab.path(".profile"))


TRACEROUTE = """\
#!/bin/sh
echo "traceroute to $4 ($4), 30 hops max, 60 byte packets"
echo " 1  10.0.0.9  0.512 ms  3.600 ms  1.010 ms"
echo " 2  * $4  0.045 ms  0.010 ms"
"""


def probes(lab, rrid):
    """ping(8) of this host, and a traceroute(8) that says what Debian's says."""
    directory = lab.path("programs")
    os.makedirs(directory)
    with open(os.path.join(directory, "traceroute"), "w", encoding="utf-8") as program:
        program.write(TRACEROUTE)
    os.chmod(program.name, 0o755)
    terminal = Terminal(rrid.socket, programs=directory)
    terminal.wait_for("R1>")
    shown = terminal.exchange("ping 127.0.0.1 repeat 2 timeout 5\r", "R1>")
    expected = ("ping 127.0.0.1 repeat 2 timeout 5\r\nType escape sequence to abort.\r\n"
                "Sending 2, 100-byte ICMP Echos to 127.0.0.1, timeout is 5 seconds:\r\n!!\r\n"
                "Success rate is 100 percent (2/2), round-trip min/avg/max = N/N/N ms\r\nR1>")
    assert re.sub(r"\d+/\d+/\d+ ms", "N/N/N ms", shown) == expected, repr(shown)
    transcript(
        terminal,
        ("traceroute 127.0.0.1\r",
         "traceroute 127.0.0.1\r\nType escape sequence to abort.\r\nTracing the route to 127.0.0.1\r\n"
         "VRF info: (vrf in name/id, vrf out name/id)\r\n  1 10.0.0.9 1 msec 4 msec 1 msec\r\n"
         "  2 *\r\n    127.0.0.1 0 msec 0 msec\r\nR1>"),
        ("exit\r", "exit\r\n"))
    assert terminal.wait_end() == 0


def programs(rrid):
    """What a program is told of a wrong command: an object, and the status."""
    for command, error, column in (
            ("show vrf NOPE", "% No VRF named NOPE", None), ("show xyz", "% Invalid input detected at '^' marker.", 6),
            ("show running-config | include x", "% Could not filter an answer in JSON: leave out what stands behind the `|`, or leave out --json", None)):
        done = run([f"{PROGRAMS}/rri", "--socket", rrid.socket, "--json", "-c", command], check=False)
        assert done.returncode == 1, done
        assert json.loads(done.stdout) == {"command": command, "error": error, "column": column}, done.stdout


def pages(terminal):
    shown = terminal.exchange("show running-config\r", " --More-- ")
    assert shown.count("\r\n") == 5, repr(shown)
    assert terminal.exchange("\r", " --More-- ").count("\r\n") == 1
    shown = terminal.exchange(" ", " --More-- ")
    assert shown.startswith(ERASE) and shown.count("\r\n") == 4, repr(shown)
    assert terminal.exchange("q", "R1#") == ERASE + "R1#"
    terminal.exchange("show running-config\r", " --More-- ")
    terminal.expect("\x1b[Bshow privilege\r", ERASE + "R1#show privilege\r\nCurrent privilege level is 15\r\nR1#")  # an arrow is one key
    terminal.exchange("show running-config\r", " --More-- ")
    shown = terminal.exchange("/^end\r", "R1#")
    assert shown == ERASE + "/^end\r\nfiltering...\r\nend\r\nR1#", repr(shown)
    transcript(terminal, ("terminal length 0\r", "terminal length 0\r\nR1#"))
    shown = terminal.exchange("show running-config\r", "\nend\r\n")
    assert shown.startswith("show running-config\r\nBuilding configuration...\r\n\r\nCurrent configuration : "), repr(shown)
    terminal.wait_for("R1#")


def stopped_pings(terminal):
    for key in ("\x03", "\x1e"):
        terminal.exchange("ping 127.0.0.1 repeat 10000\r", "!!!")
        shown = terminal.exchange(key, "R1#")
        assert "\r\nSuccess rate is " in shown, repr(shown)
        assert "/10000)" not in shown, repr(shown)


def narrow(rrid):
    """`configure terminal` is no page, however small the screen is."""
    terminal = Terminal(rrid.socket, rows=5, columns=10)
    terminal.wait_for("R1>")
    terminal.exchange("en\rconf t\r", "CNTL/Z.\r\nR1(config)#")
    terminal.kill()


def bad_input(lab, rrid, terminal):
    """A megabyte without an end, bytes that are no text: an answer, and nothing applied."""
    terminal.exchange("conf t\r", "R1(config)#")
    terminal.press("hostname ")
    terminal.press("x" * 1_000_000 + "\r")
    terminal.wait_for("it is left out\r\nR1(config)#")
    terminal.exchange(b"hostname \xff\xfe\x16\x01\r", "R1(config)#")
    terminal.exchange("end\r", "R1#")
    assert rrid.show("show hostname") == "R1\n"
    half = Terminal(rrid.socket)
    half.wait_for("R1>")
    half.exchange("en\rconf t\r", "R1(config)#")
    half.exchange("hostname HALF", "hostname HALF")
    half.kill()
    assert rrid.show("show hostname") == "R1\n", "half a line was applied"
    assert lab.path("rri.sock") == rrid.socket


def two_at_once(rrid, first):
    """Another session removes the section that this one is in; both go on."""
    second = Terminal(rrid.socket)
    second.wait_for("R1>")
    second.exchange("en\rconf t\r", "R1(config)#")
    first.exchange("conf t\rinterface Tunnel7\r", "R1(config-if)#")
    second.exchange("no interface Tunnel7\r", "R1(config)#")
    second.exchange("no ip access-list extended 102\r", "R1(config)#")
    first.exchange("description mine\r", "R1(config-if)#")
    second.exchange("end\rexit\r", "exit\r\n")
    assert second.wait_end() == 0
    first.exchange("end\r", "R1#")
    assert " description mine" in rrid.show("show running-config | section Tunnel7")
    assert "Configured from console by root on vty1 (198.51.100.7)" in rrid.log()


def saving(rrid, terminal):
    transcript(
        terminal,
        ("write mem\r", "write mem\r\nBuilding configuration...\r\n[OK]\r\nR1#"),
        ("copy running-config startup-config\r",
         "copy running-config startup-config\r\nDestination filename [startup-config]? "),
        ("\r", "\r\nBuilding configuration...\r\n[OK]\r\nR1#"))
    with open(rrid.config_path, encoding="utf-8") as saved:
        assert " description mine" in saved.read()
    transcript(terminal, ("exit\r", "exit\r\n"))
    assert terminal.wait_end() == 0


def secrets(lab, rrid, root):
    """Who is not root is asked for the secret; it is stored hashed and never shown."""
    root.exchange("conf t\renable secret Tr0ub4dor\rend\r", "end\r\nR1#")
    os.chmod(lab.directory, 0o755)
    os.chmod(rrid.socket, 0o666)
    other = Terminal(rrid.socket, user=NOBODY)
    transcript(
        other,
        ("", "R1>"),
        ("configure terminal\r", f"configure terminal\r\n   ^\r\n{INVALID}R1>"),
        ("enable\r", "enable\r\nPassword: "),
        ("wrong\r", "\r\nPassword: "),
        ("Tr0ub4do\r", "\r\nPassword: "),
        ("\r", "\r\n% Bad secrets\r\n\r\nR1>"),
        ("enable\r", "enable\r\nPassword: "),
        ("Tr0ub4dor\r", "\r\nR1#"))
    shown = other.exchange("show running-config | include secret\r", "R1#")
    assert "enable secret 9 $6$" in shown, shown
    assert "Tr0ub4dor" not in shown + rrid.log()
    other.exchange("exit\r", "exit\r\n")
    assert other.wait_end() == 0


def scenario(lab):
    rrid = Rrid(lab, CONFIGURATION.format(vici=lab.path("charon.vici"))).start()
    wait_until("the inside interface is up", lambda: "up                    up" in rrid.show("show ip interface brief"))
    terminal = Terminal(rrid.socket, directory=lab.directory)
    modes(terminal)
    errors(terminal)
    editing(terminal)
    every_editing_key(terminal)
    shows(terminal)
    terminal.exchange("terminal length 0\r", "R1#")
    texts(terminal)
    files(lab, rrid, terminal)
    programs(rrid)
    probes(lab, rrid)
    terminal.exchange("terminal length 5\r", "R1#")
    pages(terminal)
    stopped_pings(terminal)
    narrow(rrid)
    bad_input(lab, rrid, terminal)
    two_at_once(rrid, terminal)
    secrets(lab, rrid, terminal)
    saving(rrid, terminal)
