"""A configuration is saved whole or not at all, whenever rrid is killed; what is not confirmed is undone; `exec-timeout` ends sessions."""

import os
import time

from lab.daemon import PROGRAMS, Rrid
from lab.processes import run
from lab.waiting import wait_until
from shell_terminal import Terminal

CONFIGURATION = """\
hostname START
rri
 ike strongswan socket {vici} observe
"""

KILLS = 10
LINES = 20_000  # long enough that a kill finds the file half written


def read(path):
    with open(path, encoding="utf-8") as text:
        return text.read()


def hostname_of(text):
    return next(line for line in text.splitlines() if line.startswith("hostname ")).split()[1]


def is_whole(text):
    return text.endswith("\nend\n") and text.count("snmp-server host ") == LINES


def moments(file):
    """What the killer waits for, from the first sign of a save to its end."""
    inode = os.stat(file).st_ino
    return [lambda: True,
            lambda: os.path.exists(file + ".new"),
            lambda: os.path.exists(file + ".new") and os.path.getsize(file + ".new") > 0,
            lambda: os.path.exists(file + ".previous.new") or not os.path.exists(file + ".new"),
            lambda: os.stat(file).st_ino != inode]


def spin_until(condition, seconds=10):
    """Without a pause: what is awaited lasts for microseconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except FileNotFoundError:
            continue


def killed_while_saving(rrid):
    file = rrid.config_path
    lines = "".join(f"snmp-server host 10.{i // 65536}.{i // 256 % 256}.{i % 256} public\n" for i in range(LINES))
    rrid.write_configuration(read(file).removesuffix("end\n") + lines + "end\n")
    rrid.start()
    terminal = Terminal(rrid.socket)
    terminal.wait_for(">")
    terminal.exchange("enable\rconf t\rhostname FIRST\rend\rwrite memory\r", "[OK]\r\nFIRST#")  # the previous one is whole from now on
    terminal.kill()
    names = {"FIRST"}
    for number in range(KILLS):
        terminal = Terminal(rrid.socket)
        terminal.wait_for(">")
        terminal.exchange(f"enable\rconf t\rhostname TRY{number}\rend\r", f"TRY{number}#")
        moment = moments(file)[number % 5]
        terminal.press("write memory\r")
        spin_until(moment)
        rrid.kill9()
        terminal.kill()
        saved = read(file)
        assert is_whole(saved), f"kill {number}: {len(saved)} bytes, end {saved[-100:]!r}"
        assert hostname_of(saved) in names | {f"TRY{number}"}, hostname_of(saved)
        assert is_whole(read(file + ".previous")), f"kill {number}: the previous one is not whole"
        names = {hostname_of(saved)}
        rrid.start()
        assert rrid.show("show hostname").strip() in names


def other_session(rrid):
    """Another one takes over no change that waits to be confirmed, and is told what he saves."""
    other = Terminal(rrid.socket)
    other.wait_for(">")
    refused = other.exchange("enable\rconfigure terminal revert timer 1\r", "first\r\nKEPT#")
    assert "% A Rollback Confirmed Change of root on vty0 (198.51.100.7) is pending, " in refused, refused
    assert "% Warning: what is saved is not confirmed" in other.exchange("write memory\r", "[OK]\r\nKEPT#")
    other.kill()


def undone(lab, rrid):
    terminal = Terminal(rrid.socket)
    terminal.wait_for(">")
    terminal.exchange("enable\rterminal length 0\rconfigure terminal revert timer 5\r", "(config)#")
    terminal.exchange("hostname TRIED\rinterface Tunnel77\rend\r", "TRIED#")
    terminal.exchange("configure revert now\r", "rolled back\r\n")
    terminal.wait_for("START#")
    assert "Tunnel77" not in rrid.show("show running-config")
    terminal.exchange("configure revert now\r", "% No Rollback Confirmed Change pending\r\nSTART#")
    terminal.exchange("configure terminal revert timer 5\rhostname KEPT\rend\r", "KEPT#")
    other_session(rrid)
    terminal.exchange("configure confirm\rconfigure revert now\r", "% No Rollback Confirmed Change pending\r\nKEPT#")
    terminal.exchange("copy running-config startup-config\r", "Destination filename [startup-config]? ")
    terminal.exchange("\r", "[OK]\r\nKEPT#")
    assert hostname_of(read(rrid.config_path)) == "KEPT"
    other = lab.path("other.cfg")
    with open(other, "w", encoding="utf-8") as out:
        out.write(CONFIGURATION.format(vici=lab.path("charon.vici")).replace("START", "OTHER") + "interface Tunnel78\nend\n")
    terminal.exchange(f"configure replace {other}\r", "? [no]: ")
    terminal.exchange("\r", "KEPT#")
    terminal.exchange(f"configure replace {other}\r", "? [no]: ")
    terminal.exchange("y\r", "Rollback Done\r\n\r\nOTHER#")
    assert "interface Tunnel78" in rrid.show("show running-config")
    assert hostname_of(read(rrid.config_path)) == "KEPT"
    terminal.exchange("reload\r", "System configuration has been modified. Save? [yes/no]: ")
    terminal.expect("\x03", "\r\nOTHER#")
    terminal.exchange("reload\r", "Save? [yes/no]: ")
    terminal.exchange("no\r", "Proceed with reload? [confirm]")
    terminal.expect("n", "\r\nOTHER#")
    refused = run([f"{PROGRAMS}/rri", "--socket", rrid.socket, "-c", "reload"], check=False)
    assert refused.returncode == 1 and "not saved" in refused.stderr, refused
    terminal.exchange("copy running-config startup-config\r", "Destination filename [startup-config]? ")
    terminal.expect("\x03", "\r\nOTHER#")
    terminal.exchange("reload\r", "Save? [yes/no]: ")
    terminal.exchange("no\r", "Proceed with reload? [confirm]")
    terminal.expect("\r", "\r\nKEPT#")
    assert "interface Tunnel78" not in rrid.show("show running-config")
    terminal.exchange("configure replace nvram:startup-config force\r", "Rollback Done\r\n\r\nKEPT#")
    refused = terminal.exchange("configure replace /nonexistent.cfg force\r", "KEPT#")
    assert "% Could not" in refused and "/nonexistent.cfg" in refused, refused
    before = rrid.show("show running-config")
    bad = lab.path("bad.cfg")
    for content, word in ((b"\x7fELF\x02\x01\x01\0\0\xff\xfe\nhostname ELF\n", "is no text"), (b"hostname BAD\nip route 10.0.0.0 255.0.0.0\n", f"{bad}:2:"),
                          (b"dear reader\nthis is a letter\n", "no line of it is a command"), (b"", "it is empty"), (b"hostname BAD\ninterface Tun", "`end`"),
                          (b"hostname BAD\ncrypto ipsec transform-set\nend\n", f"{bad}:2:")):
        with open(bad, "wb") as out:
            out.write(content)
        refused = terminal.exchange(f"configure replace {bad} force\r", "KEPT#")
        assert "% Could not" in refused and word in refused and "Rollback Done" not in refused, refused
        assert rrid.show("show running-config") == before
    terminal.kill()


def timed_out(rrid):
    """Lines 0 to 4 end after two seconds, line 5 never."""
    wait_until("nobody is there but the one who looks", lambda: rrid.show("show users").count(" vty ") == 1)
    first = Terminal(rrid.socket)
    first.wait_for(">")
    first.exchange("enable\rconf t\rline vty 0 4\rexec-timeout 0 2\rline vty 5\rno exec-timeout\rend\r", "KEPT#")
    others = []
    for _ in range(5):  # one after the other: lines are numbered as they come
        others.append(Terminal(rrid.socket))
        others[-1].wait_for(">")
    others[0].exchange("terminal length 3\rshow terminal\r", "--More--")  # a reader who does not go on has as long
    first.wait_for("exec-timeout")  # it is told why
    assert first.wait_end() == 1
    others[0].wait_for("exec-timeout")
    for session in others[:-1]:
        session.wait_end()
    lines = rrid.show("show users").splitlines()
    assert any("vty 5" in line for line in lines), lines
    others[-1].exchange("show privilege\r", "Current privilege level is 1\r\n")
    others[-1].kill()
    assert "%SYS-6-TTY_EXPIRE_TIMER: (exec timer expired, tty 0 (198.51.100.7)), user root" in rrid.log(), rrid.log()[-1000:]
    running = run([f"{PROGRAMS}/rri", "--socket", rrid.socket, "-c", "show running-config | section ^line"]).stdout
    assert running == "line vty 0 4\n exec-timeout 0 2\nline vty 5\n exec-timeout 0 0\n", running


def scenario(lab):
    rrid = Rrid(lab, CONFIGURATION.format(vici=lab.path("charon.vici")), log_level="info").start()
    undone(lab, rrid)
    timed_out(rrid)
    rrid.stop()
    killed_while_saving(rrid)
