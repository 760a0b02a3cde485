"""Block policies: a lockout is announced; put back after a flush, kept when charon or rrid die, gone with the entry, on exit and by `rri flush`; others' stay."""

import os
import signal

from lab.daemon import PROGRAMS, make_configuration
from lab.processes import run
from lab.standing import S1_HOST, Standing
from lab.waiting import wait_until
from shell_terminal import Terminal

DENY = """\
ip access-list extended SPOKE-NETS
 deny ip 10.0.0.0 0.0.0.255 10.9.0.0 0.0.255.255
"""
STATIC = """\
access-list 105 permit ip 10.0.0.0 0.0.0.255 10.5.0.0 0.0.255.255
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.7
 match address 105
 reverse-route static
"""
FOREIGN = "src 10.0.0.0/24 dst 10.0.0.0/10 dir out priority 400000 action block"


def reload(standing, text):
    standing.rrid.write_configuration(text)
    standing.rrid.process.signal(signal.SIGHUP)


def ours(lab):
    return [policy for policy in lab.block_policies() if "priority 4294967295" in policy]


def nobody_locks_himself_out_unawares(lab, standing):
    """`permit ip any any` is told with its cure, then closes the interface, but not IKE, ESP and other interfaces."""
    provider = "203.0.113.2"
    assert lab.can_ping("hub", provider)
    terminal = Terminal(standing.rrid.socket)
    terminal.wait_for(">")
    terminal.exchange("enable\r", "HUB#")
    terminal.exchange("configure terminal\r", "(config)#")
    terminal.press("ip access-list extended SPOKE-NETS\r100 permit ip any any\r")
    shown = terminal.wait_for("on the interface")
    assert "% Warning: fail-closed: crypto map VPN 65000" in shown and "SSH sessions" in shown and "`no crypto map VPN`" in shown, shown
    wait_until("the interface is closed", lambda: not lab.can_ping("hub", provider))
    log = standing.rrid.log()
    assert log.index("permits any destination") < log.rindex("fail-closed: "), log
    assert lab.can_ping("inside", "10.0.0.1") and lab.can_ping("hub", "10.0.0.10"), "the inside is cut off"
    standing.s1.terminate()
    standing.bring_up_s1()
    lab.wait_ping("inside", S1_HOST)
    terminal.press("no 100\rend\r")
    wait_until("the interface is open again", lambda: lab.can_ping("hub", provider))
    terminal.press("exit\r")
    # A script that goes on is told, too.
    edit = "enable\nconfigure terminal\nip access-list extended SPOKE-NETS\n{}\nend\n"
    argv = lab.inside_of("hub", os.path.join(PROGRAMS, "rri"), "--socket", standing.rrid.socket)
    done = run(argv, edit.format("100 permit ip any any") + 100 * "show rri\n" + edit.format("no 100"))
    assert "% Warning: fail-closed: crypto map VPN 65000" in done.stderr, done


def closed_where_the_routes_lead(lab, standing, before):
    """A peer that is reached by another device: the route leads there, and so it is closed there."""
    lab.ip_batch("hub", "link add h-out2 type veth peer name far\naddr add 203.0.113.5/30 dev h-out2\nlink set h-out2 up\n"
                        "link set far up\nroute add 198.51.100.7 via 203.0.113.6 dev h-out2\n")
    reload(standing, make_configuration(lab, standing.hub.socket, form="peer", more=DENY + STATIC))
    assert lab.wait_route("10.5.0.0/16")["dev"] == "h-out2"
    wait_until("closed there", lambda: any("dst 10.5.0.0/16 dev h-out2" in policy for policy in ours(lab)))
    lab.ip("hub", "link", "del", "h-out2")
    reload(standing, make_configuration(lab, standing.hub.socket, more=DENY))
    wait_until("closed as before", lambda: ours(lab) == before)


def scenario(lab):
    standing = Standing(lab, more=DENY)
    vici = standing.hub.socket
    before = wait_until("the access list is closed", lambda: ours(lab))
    assert len(before) == 1 and before[0].startswith("src 10.0.0.0/24 dst 10.0.0.0/10 dev h-out"), before
    assert "dst 10.9.0.0/16 dev h-out" in lab.ip("hub", "xfrm", "policy", "list"), "nothing for the deny line"
    assert "fail-closed: 2 policies" in standing.rrid.show("show rri")

    standing.bring_up_s1()
    lab.wait_ping("inside", S1_HOST)
    assert lab.can_ping("hub", "10.0.0.10"), "the inside network is cut off"

    nobody_locks_himself_out_unawares(lab, standing)
    wait_until("closed as before", lambda: ours(lab) == before)

    # A policy of somebody else with the same selector is a policy of its own.
    lab.ip("hub", "xfrm", "policy", "add", *FOREIGN.split())
    assert len(lab.block_policies()) == 2
    lab.ip("hub", "xfrm", "policy", "flush")
    wait_until("the flush is mended", lambda: ours(lab) == before)
    assert "removed by somebody else" in standing.rrid.log()
    lab.ip("hub", "xfrm", "policy", "add", *FOREIGN.split())

    standing.hub.kill9()
    standing.rrid.kill9()
    assert ours(lab) == before, "a kill opened what was closed"
    lab.ip("hub", "link", "set", "h-in", "down")
    standing.rrid.start()
    wait_until("rrid adopts its policies", lambda: "(2 adopted, 0 put back)" in standing.rrid.show("show rri"))
    assert ours(lab) == before

    # Without its device the list is closed on every device, but not towards the host's own networks.
    lab.ip_batch("hub", "link set h-in up\nlink set h-out down\nlink set h-out name away\nlink set away up\n")
    wait_until("closed everywhere", lambda: ours(lab) and not any("dev h-out" in policy or "dev away" in policy for policy in ours(lab)))
    assert "dropped on every device" in standing.rrid.log()
    lab.ip("hub", "xfrm", "policy", "delete", *FOREIGN.split(" priority")[0].split())
    wait_until("the inside network is not cut off", lambda: lab.can_ping("inside", "10.0.0.1") and lab.can_ping("hub", "10.0.0.10"))
    lab.ip_batch("hub", "link set away down\nlink set away name h-out\nlink set h-out up\n")
    wait_until("the device is back", lambda: ours(lab) == before)
    closed_where_the_routes_lead(lab, standing, before)
    lab.ip("hub", "xfrm", "policy", "add", *FOREIGN.split())

    text = make_configuration(lab, vici, more=DENY)
    for opened in (text.replace("rri\n", "rri\n fail-closed off\n", 1), text.replace("\n crypto map VPN\n", "\n")):
        reload(standing, opened)
        wait_until("nothing of ours is left", lambda: not ours(lab))
        reload(standing, text)
        wait_until("it is closed again", lambda: ours(lab) == before)

    standing.rrid.stop()
    assert ours(lab) == before, "a stop opened what was closed"
    flushed = run(lab.inside_of("hub", os.path.join(PROGRAMS, "rri"), "--socket", standing.rrid.socket, "flush"))
    assert "2 block policies deleted" in flushed.stdout, flushed
    assert not ours(lab) and len(lab.block_policies()) == 1, lab.block_policies()

    standing.rrid.write_configuration(text.replace("rri\n", "rri\n on-exit withdraw\n", 1))
    standing.rrid.start()
    wait_until("it is closed again", lambda: ours(lab) == before)
    standing.rrid.stop()
    assert not ours(lab) and len(lab.block_policies()) == 1, lab.block_policies()
