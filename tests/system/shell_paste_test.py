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

PASTED = ("router_ios124.cfg", "router_xe17.cfg", "hub_router.cfg")
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
            out.write(text)
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


def long_paste(rrid):
    terminal = configure(rrid)
    lines = ["ip access-list extended LONG"]
    lines += [f" permit ip 10.0.0.0 0.0.0.255 10.{i // 65536}.{i // 256 % 256}.{i % 256} 0.0.0.0" for i in range(LINES // 2)]
    for i in range(LINES // 8):
        lines += [f"ip access-list extended L{i}", f" permit ip any host 10.9.{i // 256}.{i % 256}",
                  f"interface Tunnel{i}", f" description number {i}"]
    start = time.monotonic()
    shown = paste(terminal, "\n".join([*lines, "end", "show privilege", ""]), "privilege level is 15")
    took = time.monotonic() - start
    assert "% " not in shown, shown[shown.index("% ") - 300:][:400]
    assert took < SECONDS * PATIENCE / 2, f"{LINES} lines took {took:.1f} s"
    terminal.kill()
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
