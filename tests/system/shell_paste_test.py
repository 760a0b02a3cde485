"""Real configurations pasted line by line are what loading them gives; 20,000 lines are quick; many shells, killed ones, no harm."""

import difflib
import os
import threading
import time

from lab.daemon import ROOT, Rrid
from lab.waiting import PATIENCE, wait_until
from shell_terminal import Terminal

MINIMAL = """\
hostname R1
rri
 ike strongswan socket {vici} observe
"""

PASTED = ("router_ios124.cfg", "router_xe17.cfg", "hub_router.cfg", "router_isr154.cfg", "switch_ios122.cfg", "voice_gateway_xe16.cfg")
LINES = 20_000
SECONDS = 10
IDLE_SESSIONS = 200


def configure(rrid):
    terminal = Terminal(rrid.socket, rows=0)
    terminal.wait_for(">")
    terminal.exchange("enable\rterminal length 0\rconfigure terminal\r", "(config)#")
    return terminal


def paste(terminal, text, until):
    """As a terminal program does it: it writes and reads at the same time."""
    writer = threading.Thread(target=terminal.press, args=(text.replace("\n", "\r"),), daemon=True)
    writer.start()
    shown = terminal.wait_for(until)
    writer.join()
    return shown


def body_of(name, vici):
    """Begins with the lab's IKE daemon, which is there in any case; what the file says about it is left out.

    Where a carried line stands depends on the command before it, so both ways begin alike.
    """
    with open(os.path.join(ROOT, "tests", "data", "config", name), encoding="utf-8") as text:
        lines = text.read().splitlines()
    kept = [line for line in lines if not line.strip().startswith("ike ") and line != "end"]
    return f"rri\n ike strongswan socket {vici} observe\n" + "\n".join(kept) + "\n"


def running(rrid):
    return rrid.show("show running-config").splitlines()


def same_as_from_the_file(lab, rrid, name):
    body = body_of(name, lab.path("charon.vici"))
    for file, text in (("whole.cfg", body), ("minimal.cfg", MINIMAL.format(vici=lab.path("charon.vici")))):
        with open(lab.path(file), "w", encoding="utf-8") as out:
            out.write(text + "end\n")
    rrid.show(f"configure replace {lab.path('whole.cfg')} force")
    from_file = running(rrid)
    rrid.show(f"configure replace {lab.path('minimal.cfg')} force")
    terminal = configure(rrid)
    shown = paste(terminal, "no hostname\n" + body + "end\nshow privilege\n", "privilege level is 15")
    terminal.kill()
    pasted = running(rrid)
    difference = "\n".join(difflib.unified_diff(from_file, pasted, "from the file", "pasted", lineterm="", n=1))
    assert not difference, f"{name}:\n{difference}"
    assert len(pasted) > 50, pasted
    assert "% Invalid" not in shown, shown[shown.index("% Invalid") - 300:][:400]


USED = MINIMAL + """\
interface GigabitEthernet0/0/1
 linux device h-out
 ip address 203.0.113.1 255.255.255.252
 crypto map M
ip access-list extended USED
 permit ip 10.0.0.0 0.0.0.255 10.99.0.0 0.0.255.255
crypto map M 10 ipsec-isakmp
 set peer 198.51.100.2
 match address USED
 reverse-route static
"""


def network(first, number):
    return f"{first}.{number // 65536}.{number // 256 % 256}.{number % 256}"


def timed_paste(rrid, lines):
    terminal = configure(rrid)
    start = time.monotonic()
    shown = paste(terminal, "\n".join([*lines, "end", "show privilege", ""]), "privilege level is 15")
    took = time.monotonic() - start
    assert "% " not in shown, shown[shown.index("% ") - 300:][:400]
    assert took < SECONDS * PATIENCE / 2, f"{len(lines)} lines from {lines[0]!r} on took {took:.1f} s"
    terminal.kill()


def pastes_on_top_of_each_other(lab, rrid):
    """What acts at once: routes by hand, and the list of a map on an interface, on top of what is there."""
    with open(lab.path("used.cfg"), "w", encoding="utf-8") as out:
        out.write(USED.format(vici=lab.path("charon.vici")) + "end\n")
    rrid.show(f"configure replace {lab.path('used.cfg')} force")
    for first in (30, 31):
        timed_paste(rrid, [f"ip route {network(first, i)} 255.255.255.255 203.0.113.2" for i in range(LINES // 2)])
    timed_paste(rrid, ["object-group network BIG", *(f" host {network(50, i)}" for i in range(LINES // 2))])
    for first in (40, 41):
        timed_paste(rrid, ["ip access-list extended USED",
                           *(f" permit ip 10.0.0.0 0.0.0.255 host {network(first, i)}" for i in range(LINES // 2))])
    wait_until("all lines act", lambda: rrid.show("show crypto route | count via") == f"Number of lines which match regexp = {LINES + 1}\n", 60)
    wait_until("all routes act", lambda: rrid.show("show ip static route | count ^M") == f"Number of lines which match regexp = {LINES}\n", 60)


def long_paste(rrid):
    lines = ["ip access-list extended LONG"]
    lines += [f" permit ip 10.0.0.0 0.0.0.255 10.{i // 65536}.{i // 256 % 256}.{i % 256} 0.0.0.0" for i in range(LINES // 2)]
    for i in range(LINES // 8):
        lines += [f"ip access-list extended L{i}", f" permit ip any host 10.9.{i // 256}.{i % 256}",
                  f"interface Tunnel{i}", f" description number {i}"]
    timed_paste(rrid, lines)
    assert len(rrid.show("show access-lists LONG").splitlines()) == LINES // 2 + 1


def killed_shells(rrid):
    """In the middle of a page, and of a paste: whole lines only, and the daemon goes on."""
    paging = Terminal(rrid.socket)
    paging.wait_for(">")
    paging.exchange("enable\rshow access-lists\r", " --More-- ")
    paging.kill()
    terminal = configure(rrid)
    terminal.exchange("ip access-list extended HALF\r", "(config-ext-nacl)#")
    terminal.press("permit ip any host 192.0.2.1\rpermit ip any host 192.0.2")
    terminal.wait_for("host 192.0.2.1\r\n")
    terminal.kill()
    wait_until("the line is there", lambda: "192.0.2.1" in rrid.show("show access-lists HALF"))
    assert rrid.show("show access-lists HALF").splitlines() == ["Extended IP access list HALF", "    10 permit ip any host 192.0.2.1"]


def idle_sessions(rrid):
    sessions = [Terminal(rrid.socket) for _ in range(IDLE_SESSIONS)]
    for session in sessions:
        session.wait_for(">")
    start = time.monotonic()
    users = rrid.show("show users").splitlines()
    assert time.monotonic() - start < PATIENCE, "a command takes long among idle sessions"
    assert len(users) >= IDLE_SESSIONS + 1, users[-3:]
    for session in sessions:
        session.kill()
    wait_until("the sessions are gone", lambda: len(rrid.show("show users").splitlines()) < 10)


def scenario(lab):
    rrid = Rrid(lab, MINIMAL.format(vici=lab.path("charon.vici"))).start()
    for name in PASTED:
        same_as_from_the_file(lab, rrid, name)
    rrid.show(f"configure replace {lab.path('minimal.cfg')} force")
    long_paste(rrid)
    killed_shells(rrid)
    idle_sessions(rrid)
    pastes_on_top_of_each_other(lab, rrid)
