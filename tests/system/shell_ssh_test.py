"""Netmiko, RANCID with a whole collection, clogin and plain ssh work with the shell behind a real sshd with ForceCommand."""

import os
import shutil

from lab.daemon import PROGRAMS, Rrid
from lab.processes import run
from lab.topology import Skip
from lab.waiting import wait_until

PORT = "2222"

CONFIGURATION = """\
hostname R1
rri
 ike strongswan socket {vici} observe
"""

SSHD = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {directory}/host_key
AuthorizedKeysFile {directory}/user_key.pub
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
ForceCommand {program} --socket {socket}
"""

SSH = """\
Host *
  Port {port}
  IdentityFile {directory}/user_key
  IdentitiesOnly yes
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
"""

CLOGINRC = """\
add method * {{ssh}}
add user * {{root}}
add password * {{unused}} {{unused}}
add identity * {directory}/user_key
add sshcmd * {{{directory}/ssh}}
"""

NETMIKO = """\
from netmiko import ConnectHandler

connection = ConnectHandler(device_type="cisco_ios", host="127.0.0.1", port={port}, username="root",
                            use_keys=True, key_file="{directory}/user_key")
assert connection.find_prompt() == "R1>", connection.find_prompt()
assert not connection.check_enable_mode()
connection.enable()
assert connection.check_enable_mode()
version = connection.send_command("show version")
assert "uptime is" in version, version
assert not connection.check_config_mode()
connection.config_mode()
assert connection.check_config_mode()
connection.exit_config_mode()
output = connection.send_config_set(["interface GigabitEthernet0/0/3", "description from netmiko", "shutdown"])
assert "R1(config-if)#" in output, output
assert "%" not in output, output
running = connection.send_command("show running-config | section GigabitEthernet0/0/3")
assert running.strip() == "interface GigabitEthernet0/0/3\\n description from netmiko\\n shutdown", running
with open("{directory}/lines.cfg", "w") as lines:
    lines.write("ip access-list extended FROM-FILE\\n permit ip any host 192.0.2.1\\n permit ip any host 192.0.2.2\\n")
output = connection.send_config_from_file("{directory}/lines.cfg")
assert "%" not in output, output
lists = connection.send_command("show access-lists FROM-FILE")
assert lists.splitlines() == ["Extended IP access list FROM-FILE", "    10 permit ip any host 192.0.2.1",
                              "    20 permit ip any host 192.0.2.2"], lists
long = connection.send_command("show tech-support")
assert "show logging" in long and "--More--" not in long, long[-200:]
assert connection.send_command_timing("show privilege") == "Current privilege level is 15"
asked = connection.send_command("copy running-config startup-config", expect_string=r"startup-config")
assert "[OK]" in connection.send_command("", expect_string=r"#"), asked
assert "Invalid input" in connection.send_command("show nonsense")
assert "[OK]" in connection.save_config()
assert connection.send_command("show privilege") == "Current privilege level is 15"
connection.exit_enable_mode()
assert connection.find_prompt() == "R1>"
connection.disconnect()
print("netmiko is content")
"""


def find_sshd():
    sshd = shutil.which("sshd") or "/usr/sbin/sshd"
    if not os.path.exists(sshd) or not shutil.which("ssh-keygen"):
        raise Skip("no OpenSSH server here (openssh-server)")
    return sshd


def start_sshd(lab, rrid):
    """sshd in the hub's namespace, with keys of its own."""
    values = {"port": PORT, "directory": lab.path(), "program": os.path.join(PROGRAMS, "rri"), "socket": rrid.socket}
    values["directory"] = values["directory"].rstrip("/")
    os.makedirs("/run/sshd", exist_ok=True)
    for name in ("host_key", "user_key"):
        run(["ssh-keygen", "-q", "-t", "rsa", "-m", "PEM", "-N", "", "-f", lab.path(name)])
    for name, text in (("sshd_config", SSHD), ("ssh_config", SSH), (".cloginrc", CLOGINRC), ("with_netmiko.py", NETMIKO)):
        with open(lab.path(name), "w", encoding="utf-8") as out:
            out.write(text.format(**values))
    os.chmod(lab.path(".cloginrc"), 0o600)
    with open(lab.path("ssh"), "w", encoding="utf-8") as out:
        out.write(f"#!/bin/sh\nexec ssh -F {lab.path('ssh_config')} \"$@\"\n")
    os.chmod(lab.path("ssh"), 0o755)
    lab.reports.append(("sshd", lambda: open(lab.path("sshd.log"), encoding="utf-8", errors="replace").read()))
    sshd = lab.spawn("hub", [find_sshd(), "-D", "-e", "-f", lab.path("sshd_config")], "sshd.log")
    wait_until("sshd answers", lambda: ssh(lab, "show hostname", check=False).returncode == 0)
    return sshd


def ssh(lab, command, check=True):
    return lab.execute("hub", lab.path("ssh"), "root@127.0.0.1", command, check=check)


def plain_ssh(lab):
    assert ssh(lab, "show privilege").stdout == "Current privilege level is 15\n"
    failed = ssh(lab, "show nonsense", check=False)
    assert failed.returncode != 0 and "% Invalid input detected at '^' marker." in failed.stderr, failed


def with_netmiko(lab):
    python = "/usr/bin/python3"  # the one that Debian's modules belong to
    if run([python, "-c", "import netmiko"], check=False).returncode != 0:
        raise Skip("no Netmiko here (python3-netmiko)")
    assert "netmiko is content" in lab.execute("hub", python, lab.path("with_netmiko.py")).stdout


def with_clogin(lab):
    clogin = shutil.which("clogin") or "/usr/lib/rancid/bin/clogin"
    if not os.path.exists(clogin):
        raise Skip("no clogin here (rancid)")
    done = lab.execute("hub", "env", f"HOME={lab.path()}", "TERM=vt100", clogin, "-f", lab.path(".cloginrc"), "-c",
                       "show privilege;show running-config", "127.0.0.1", check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    for words in ("Current privilege level is 15", " description from netmiko", "\nend"):
        assert words in done.stdout.replace("\r", ""), done.stdout


def with_rancid(lab):
    """A whole collection: every command of RANCID's list, in one login, and the configuration at its end."""
    programs = "/usr/lib/rancid/bin"
    if not os.path.exists(os.path.join(programs, "rancid")):
        raise Skip("no RANCID here (rancid)")
    done = lab.execute("hub", "env", "-C", lab.path(), f"HOME={lab.path()}", "TERM=network", f"PATH={programs}:{os.environ['PATH']}",
                       "PERL5LIB=/usr/share/perl5/rancid", os.path.join(programs, "rancid"), "-d", "-t", "cisco", "127.0.0.1",
                       check=False)
    collected = lab.path("127.0.0.1.new")
    assert done.returncode == 0 and os.path.exists(collected), f"{done.returncode}\n{done.stdout}{done.stderr}"
    for words in ("missed cmd", "End of run not found", "found_end=0"):
        assert words not in done.stderr + done.stdout, f"{done.stdout}{done.stderr}"
    with open(collected, encoding="utf-8") as text:
        kept = text.read()
    for line in ("!RANCID-CONTENT-TYPE: cisco", "hostname R1", "interface GigabitEthernet0/0/3", " description from netmiko", "end"):
        assert line in kept.splitlines(), f"{line!r} is not in\n{kept}"


def scenario(lab):
    find_sshd()
    rrid = Rrid(lab, CONFIGURATION.format(vici=lab.path("charon.vici"))).start()
    start_sshd(lab, rrid)
    plain_ssh(lab)
    with_netmiko(lab)
    with_clogin(lab)
    with_rancid(lab)
    assert "Configured from console by root on vty" in rrid.log()
    assert "(127.0.0.1)" in rrid.log()
