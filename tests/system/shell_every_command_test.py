"""Every command, every mode and every error of the shell, on a real terminal, to the character (the files in transcripts/).

A row of the grammar, a mode or an error text that no transcript shows makes this test fail.
"""

import glob
import json
import os
import re

import shell_transcripts as transcripts
from lab.daemon import PROGRAMS, ROOT
from lab.processes import run
from lab.standing import S1_HOST, Standing
from lab.waiting import wait_until
from shell_terminal import Terminal

CONFIGURATION = """\
hostname HUB
!
rri
 ike strongswan socket {vici} observe
 route form device ipsec0
 hold-down 1
!
vrf definition BLUE
 description customer blue
 rd 65000:2
 address-family ipv4
 exit-address-family
 address-family ipv6
 exit-address-family
vrf definition RED
 rd 65000:1
 address-family ipv4
 exit-address-family
ip vrf GREEN
!
track 7 interface GigabitEthernet0/0/1 line-protocol
!
crypto keyring CUSTOMERS
 pre-shared-key address 192.0.2.128 255.255.255.128 key keyringsecret
crypto isakmp policy 10
 encryption aes
 hash sha256
 authentication pre-share
 group 19
crypto isakmp policy 20
 encryption aes 256
 hash sha512
 authentication rsa-sig
 group 14
 lifetime 3600
crypto isakmp key labsecret address 198.51.100.66
crypto isakmp profile CUST
 description customers by address
 vrf RED
 keyring CUSTOMERS
 match identity address 192.0.2.128 255.255.255.128
!
crypto ikev2 proposal STRONG
 encryption aes-cbc-256
 integrity sha512
 group 20
crypto ikev2 policy EDGE
 match address local 203.0.113.1
 proposal STRONG
crypto ikev2 keyring PEERS
 peer ANY
  address 0.0.0.0 0.0.0.0
  pre-shared-key labsecret
crypto ikev2 profile BRANCH
 match identity remote fqdn domain example.com
 identity local fqdn hub.example.com
 authentication remote pre-share
 authentication local pre-share
 keyring local PEERS
!
crypto ipsec transform-set ESP esp-aes esp-sha256-hmac
 mode tunnel
crypto ipsec transform-set GCM esp-gcm 256
 mode tunnel
crypto ipsec profile TUNNELS
 set transform-set GCM
 set pfs group20
 set ikev2-profile BRANCH
!
object-group network SERVERS
 description those of the data centre
 host 10.0.0.53
 10.0.16.0 255.255.240.0
object-group network EMPTY
!
ip access-list standard ADMINS
 remark who may log in
 permit 10.0.0.0 0.0.0.255
 deny   any log
ip access-list extended SPOKE-NETS
 permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255
ip access-list extended PARTNER
 permit tcp 10.0.0.0 0.0.0.255 host 10.200.0.25 eq smtp
 permit ip 10.0.0.0 0.0.0.255 10.200.4.0 0.0.3.255
ip access-list extended VARIED
 remark to the partner's mail and web
 permit tcp host 10.0.0.10 range 1024 65535 10.200.1.0 0.0.0.255 eq www
 permit tcp any any established
 permit udp any 10.200.2.0 0.0.0.255 gt 1023
 deny   icmp any 10.200.3.0 0.0.0.255 echo log
ip access-list extended SERVERS-OUT
 permit ip object-group SERVERS 10.201.0.0 0.0.255.255
ipv6 access-list SIX
 permit ipv6 FD00::/64 FD01::/64
access-list 1 permit 192.0.2.0 0.0.0.255
!
ip prefix-list BRANCHES seq 5 permit 10.0.0.0/8 le 24
ip prefix-list BRANCHES seq 10 deny 0.0.0.0/0 ge 25
ipv6 prefix-list SIXES seq 5 permit FD00::/8 ge 32 le 64
!
crypto dynamic-map SPOKES 10
 set transform-set ESP
 match address SPOKE-NETS
 reverse-route
!
crypto map VPN 20 ipsec-isakmp
 description the partner
 set peer 198.51.100.66 default
 set peer 198.51.100.67
 set security-association lifetime seconds 1800
 set transform-set GCM ESP
 set pfs group14
 match address PARTNER
 reverse-route static
 set reverse-route distance 10
 set reverse-route tag 66
crypto map VPN 30 ipsec-isakmp
crypto map VPN 65000 ipsec-isakmp dynamic SPOKES
!
interface Loopback0
 description identity of this router
 ip address 10.255.0.1 255.255.255.255
interface Tunnel1
 vrf forwarding RED
 ip address 172.16.1.1 255.255.255.252
interface GigabitEthernet0/0/0
 description inside
 linux device h-in
 ip address 10.0.0.1 255.255.255.0
 ipv6 address FD00::1/64
 standby 1 ip 10.0.0.254
 standby 1 priority 110
 standby 1 preempt
 standby 1 name INSIDE
 standby 1 track 7 decrement 20
interface GigabitEthernet0/0/1
 description outside
 linux device h-out
 ip address 203.0.113.1 255.255.255.252
 crypto map VPN
interface GigabitEthernet0/0/2.100
 encapsulation dot1Q 100
 vrf forwarding RED
 ip address 172.16.2.1 255.255.255.0
interface GigabitEthernet0/0/3
 shutdown
!
ip route 10.64.0.0 255.192.0.0 203.0.113.2
ip route 10.64.0.0 255.192.0.0 10.0.0.9
ip route 10.128.0.0 255.128.0.0 203.0.113.2 250 name BACKUP
ip route 192.168.0.0 255.255.0.0 Null0
ip route 192.0.2.0 255.255.255.0 203.0.113.2 tag 12
ip route vrf RED 0.0.0.0 0.0.0.0 172.16.2.254
ipv6 route FD77::/32 FD00::9
snmp-server location rack 7
!
end
"""

NOBODY = 65534
UNSETTLED = (
    (r"0x[0-9A-F]{6,8}(?:\(\d+\))?", "<spi>"),
    (r"spi: [0-9A-F]{16}", "spi: <spi>"),
    (r"(#pkts \w+|dec'ed|enc'ed):? [1-9]\d*", r"\1 <n>"),
    (r"Active Time: \d+/\d+|lifetime:\d+$|Uptime: \d\S+|\d\d:\d\d:\d\d   UA", "<life>"),
    (r"AES\+SHA256( +)\d+( +)\d+( +)\d+", r"AES+SHA256\1<n>\2<n>\3<n>"),
    (r"(up|idle {16}) \d\d:\d\d:\d\d", r"\1 <time>"),
    (r"(pending,|goes back in|scheduled in) \d+ (?:minute|second)s?(?: \d+ seconds?)?", r"\1 <time>"),
    (r"min/avg/max = \d+/\d+/\d+", "min/avg/max = <n>/<n>/<n>"),
    (r"Counters  \d+ events, \d+ added, \d+ changed", "Counters  <n> events, <n> added, <n> changed"),
    # In which order rrid and the kernel found each other's news at the start.
    (r"^( *)\*<time>: (?:route |ROUTE-).*(?:\n *\*<time>: (?:route |ROUTE-).*){3,}", r"\1*<time>: <changes>"),
    (r"Hardware is veth, address is \S+ \(bia \S+\)", "Hardware is veth, address is <mac> (bia <mac>)"),
    (r"\d+ packets (input|output), \d+ bytes", r"<n> packets \1, <n> bytes"),
    (r"Linux \d\S+$", "Linux <version>"),
    (r"x86_64|aarch64", "<machine>"),
    (r"with \d+K/0K", "with <n>K/0K"),
    (r"(Processor board ID|SN:) \S+", r"\1 <board>"),
    (r"strongSwan \d\S+", "strongSwan <version>"),
    (r"RRI for Linux \d[\w.]*|Version \d[\w.]*", "RRI for Linux <version>"),
    (r"configuration : \d+ bytes", "configuration : <n> bytes"),
    (r"^\d+ bytes copied", "<n> bytes copied"),
    (r"(-rw-) +\d+  \w{3} +\d+ \d{4} \S+ \S+", r"\1 <n> <time>"),
    (r"^\d+ bytes total \(\d+ bytes free\)", "<n> bytes total (<n> bytes free)"),
    (r"(last change|Up   |Down ) \d\d:\d\d:\d\d", r"\1 <time>"),
    (r"\d+ changes?, last change", "<n> changes, last change"),
    (r"[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}", "<mac>         "),
    (r"FE80:[0-9A-F:]+", "<link-local>"),
    (r"/tmp/\S*?/(?=hub/|startup-config|state|rri\.sock)", "/lab/"),
)
TRACEROUTE = """\
#!/bin/sh
for target; do :; done
echo "traceroute to $target ($target), 30 hops max, 60 byte packets"
echo " 1  $target  0.045 ms  0.010 ms  0.012 ms"
"""


# Errors that this terminal cannot make, and who makes them.
ELSEWHERE = {
    "run this here: it belongs to a session": None,  # guards: no line of `rri` leads there
    "send packets: rrid sends none; `rri` does, where it runs": None,
    "enable: a secret is configured, and nobody is here to be asked for it (open a session, or run this as root)":
        ("tests/unit/shell/session_test.cc", "who_cannot_be_asked_for_the_secret_is_told"),
    "% The line is longer than {} characters; it is left out": ("tests/system/shell_transcript_test.py", "it is left out"),
}


def rows():
    """Every row of the exec modes, as the program itself tells."""
    text = run([os.path.join(PROGRAMS, "rri"), "cli-reference"]).stdout
    sections = text.split("\n## ")[1:]
    return [line.strip() for section in sections if " exec: " in section for line in section.splitlines() if re.match(r"    \S", line)]


def variants(row):
    """The row without any `[...]`, and with each of them alone."""
    parts = re.split(r"( ?\[.*?\])", row)
    options = [part for part in parts if "[" in part]
    return ["".join(part.replace("[", "").replace("]", "") if part == taken else "" if part in options else part for part in parts).strip()
            for taken in (None, *options)]


def fits(variant, typed):
    words = [r"\S+" if word.startswith("<") else re.escape(word) for word in variant.split()]
    return re.fullmatch(" ".join(words), typed.split(" |")[0]) is not None


def every_row_is_driven(steps):
    typed = {step.typed for step in steps}
    missing = [variant for row in rows() for variant in variants(row) if not any(fits(variant, line) for line in typed)]
    assert not missing, "no transcript drives\n" + "\n".join(missing)


def every_mode_is_driven(steps):
    """`! mode NAME`, the lines that enter it, a wrong word there, and `exit`."""
    with open(os.path.join(ROOT, "src", "config", "mode.h"), encoding="utf-8") as text:
        modes = re.search(r"enum class Mode .*?\{(.*?)\}", text.read(), re.DOTALL)[1]
    wanted = {line.split("//")[0].strip(" ,") for line in modes.strip().splitlines()}
    named = {step.typed.removeprefix("! mode ") for step in steps if step.typed.startswith("! mode ")}
    assert named == wanted, f"modes without a transcript: {wanted - named}, transcripts without a mode: {named - wanted}"


def literals():
    """(file, text): what the sources say to a user who is wrong, with `{}` for what they fill in."""
    literal = r'"((?:[^"\\]|\\.)*)"'
    errors = re.compile(rf'(?:refusal|refuse_in_words|failure)\((?:fmt::format\()?(?:std::string\()?{literal}|"(%(?: |[A-Z][a-z])(?:[^"\\]|\\.)*)"')
    for directory in ("shell", "config", "app", "show"):
        for path in sorted(glob.glob(os.path.join(ROOT, "src", directory, "*.cc"))):
            with open(path, encoding="utf-8") as text:
                for line in text:
                    for one, other in errors.findall(line.split("  // ")[0]):
                        yield os.path.basename(path), re.sub(r"\{[^}]*\}", "{}", re.sub(r"(\\n)+$", "", (one or other).replace('\\"', '"')))


def is_shown(error, text):
    return re.search(".+".join(re.escape(part) for part in error.split("{}")), text) is not None


def every_error_is_driven(text):
    missing = []
    for path, error in literals():
        if error in ELSEWHERE:
            if ELSEWHERE[error] is None:
                continue
            path, words = ELSEWHERE[error]
            with open(os.path.join(ROOT, path), encoding="utf-8") as other:
                assert words in other.read(), f"{path} makes no error {error!r}"
        elif not is_shown(error, text):
            missing.append(f"{path}: {error}")
    assert not missing, "no transcript shows\n" + "\n".join(missing)


def steps_of(*names):
    return [step for name in names for step in transcripts.steps_of(transcripts.read(name))]


def is_json_show(step):
    return step.prompt.endswith("#") and step.typed.startswith("show ") and "|" not in step.typed and "?" not in step.typed


def every_show_has_json(rrid, steps):
    """Every `show` that a transcript drives is answered in JSON, too."""
    for command in sorted({step.typed for step in steps if is_json_show(step)}):
        done = run([os.path.join(PROGRAMS, "rri"), "--socket", rrid.socket, "-c", command, "--json"], check=False)
        assert done.returncode == 0, f"{command} --json: {done.stdout}{done.stderr}"
        assert isinstance(json.loads(done.stdout), dict), command


def secrets(standing, root):
    root.terminal.exchange("configure terminal\renable secret Tr0ub4dor\rend\r", "end\r\nHUB#")
    os.chmod(standing.lab.directory, 0o755)
    os.chmod(standing.rrid.socket, 0o666)
    transcripts.Player(standing.rrid, UNSETTLED, user=NOBODY).play("secrets")


def make_traceroute(lab):
    """A directory with a traceroute(8) that says the same each time."""
    directory = lab.path("programs")
    os.makedirs(directory)
    with open(os.path.join(directory, "traceroute"), "w", encoding="utf-8") as program:
        program.write(TRACEROUTE)
    os.chmod(program.name, 0o755)
    return directory


def scenario(lab):
    programs = make_traceroute(lab)
    wait_until("the hub's links are up", lambda: all("state UP" in lab.ip("hub", "link", "show", link) for link in ("h-in", "h-out")))
    wait_until("the hub's addresses are its own", lambda: "tentative" not in lab.ip("hub", "-6", "addr"))
    standing = Standing(lab, text=CONFIGURATION)
    player = transcripts.Player(standing.rrid, UNSETTLED, directory=lab.directory, programs=programs, namespace=lab.namespace("hub"))
    steps = steps_of(*transcripts.names())
    every_row_is_driven(steps)
    every_mode_is_driven(steps)
    wait_until("the routes are there", lambda: "FD77::/32" in standing.rrid.show("show ipv6 route"))
    for name in ("terminal", "settings", "routes", "without_sas"):
        player.play(name)
    standing.s1.initiate()
    lab.wait_ping("inside", S1_HOST)
    every_show_has_json(standing.rrid, steps_of("terminal", "settings", "routes", "with_sas"))
    player.play("with_sas")
    other = Terminal(standing.rrid.socket)
    other.wait_for("HUB>")
    player.play("clearing")
    player.play("saving")
    player.play("errors")
    player.play("modes")
    secrets(standing, player)
    every_error_is_driven("".join(transcripts.read(name) for name in transcripts.names()))
