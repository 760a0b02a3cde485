"""`rri doctor` next to a real FRR: no redistribution, a dead kernel route that FRR goes on announcing, and zebra
restarted alone are each named with a cure, and the cure cures."""

import json
import os

from lab.daemon import PROGRAMS
from lab.frr import Frr
from lab.processes import run
from lab.waiting import DeadlinePassed, wait_until

CONFIGURATION = """\
hostname HUB
rri
 ike xfrm
 route form device ipsec0
crypto map VPN 10 ipsec-isakmp
 set peer 198.51.100.2
 match address NETS
 reverse-route
ip access-list extended NETS
 permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255
interface GigabitEthernet0/0/0
 linux device h-in
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/0/1
 linux device h-out
 ip address 203.0.113.1 255.255.255.252
 crypto map VPN
end
"""
METRIC = str(1 << 24)
# rrid does not run in this lab, and whether it does is not asked.
LEFT_OUT = {"rrid"}


def ask(lab, config):
    done = lab.execute("hub", os.path.join(PROGRAMS, "rri"), "--socket", lab.path("none"), "doctor", "--config", config,
                       "--json", check=False)
    findings = json.loads(done.stdout)["findings"]
    return [finding for finding in findings if finding["verdict"] == "wrong" and finding["check"] not in LEFT_OUT]


def wait_wrong(lab, config, checks):
    answers = []

    def is_so():
        answers.append(ask(lab, config))
        return {finding["check"] for finding in answers[-1]} == checks
    try:
        wait_until(f"{checks or 'nothing'} is wrong", is_so, 8)
    except DeadlinePassed as error:
        raise DeadlinePassed(f"{error}; wrong were\n" + "\n".join(map(str, answers[-1]))) from None
    return answers[-1]


def scenario(lab):
    config = lab.path("config")
    with open(config, "w", encoding="utf-8") as out:
        out.write(CONFIGURATION)
    frr = Frr(lab, "hub", {"ospfd": "router ospf\n ospf router-id 1.1.1.1\n"}).start()

    # Nothing is redistributed; `rri render frr` prints what is missing.
    wrong = wait_wrong(lab, config, {"frr-redistribute"})[0]
    assert "`router ospf` has no `redistribute kernel`" in wrong["text"], wrong
    assert "-c 'router ospf' -c 'redistribute kernel route-map RRI'" in wrong["cure"], wrong
    rendered = lab.path("rendered")
    with open(rendered, "w", encoding="utf-8") as out:
        out.write(run([os.path.join(PROGRAMS, "rri"), "render", "frr", config]).stdout)
    run(["vtysh", "--config_dir", frr.directory, "--vty_socket", frr.directory, "-f", rendered])
    wait_wrong(lab, config, set())

    # The last address of a device goes, and with it a route that zebra keeps (FRR issue 13561).
    lab.ip_batch("hub", f"route add 10.1.0.0/16 dev h-out metric {METRIC} proto 213 onlink via 198.51.100.2\n")
    wait_until("zebra has the route", lambda: frr.selected("10.1.0.0/16"))
    lab.ip_batch("hub", "addr del 203.0.113.1/30 dev h-out\naddr add 203.0.113.1/30 dev h-out\n")
    wrong = wait_wrong(lab, config, {"frr-dead-routes"})[0]
    assert "10.1.0.0/16" in wrong["text"], wrong
    assert frr.selected("10.1.0.0/16"), "zebra let go by itself: nothing was shown"
    lab.execute("hub", "sh", "-c", wrong["cure"])
    wait_wrong(lab, config, set())
    assert not frr.selected("10.1.0.0/16")

    # zebra alone is restarted: ospfd never hears of kernel routes again.
    frr.restart("zebra")
    wrong = wait_wrong(lab, config, {"frr-zebra-restart"})[0]
    assert "ospfd" in wrong["text"] and "restart frr" in wrong["cure"], wrong
    frr.restart()
    run(["vtysh", "--config_dir", frr.directory, "--vty_socket", frr.directory, "-f", rendered])
    wait_wrong(lab, config, set())
