"""`rri doctor` on a running hub: things are broken one by one, and each is named with its cure; mended, it is gone."""

import json
import os

from lab.daemon import PROGRAMS
from lab.processes import run
from lab.standing import Standing
from lab.waiting import DeadlinePassed, wait_until


class Doctor:
    """Asks `rri doctor` on the hub and remembers what was wrong there from the start."""

    def __init__(self, lab, rrid):
        self.lab, self.rrid = lab, rrid

    def ask(self):
        """{check: finding} of all that is wrong, and whether the exit status says so too."""
        done = self.lab.execute("hub", os.path.join(PROGRAMS, "rri"), "--socket", self.rrid.socket, "doctor", "--json",
                                check=False)
        answer = json.loads(done.stdout)
        wrong = [finding for finding in answer["findings"] if finding["verdict"] == "wrong"]
        assert done.returncode == (1 if wrong else 0), f"status {done.returncode}: {wrong}"
        return wrong

    def assert_right(self):
        """Nothing is wrong, as soon as the carrier of a device that just came up is there."""
        self._wait("nothing is wrong", set())

    def assert_names(self, check, text, cure):
        """Something is wrong, and that is the only thing; gives its cure."""
        wrong = self._wait(f"{check} alone is wrong", {check})
        found = next((finding for finding in wrong if text in finding["text"] and cure in finding["cure"]), None)
        assert found, f"{text!r} and {cure!r} expected in {wrong}"
        return found["cure"]

    def _wait(self, what, checks):
        """Waits until findings of just these checks are wrong, and gives them."""
        answers = []

        def is_so():
            answers.append(self.ask())
            return {finding["check"] for finding in answers[-1]} == checks
        try:
            wait_until(what, is_so, 5)
        except DeadlinePassed as error:
            raise DeadlinePassed(f"{error}; wrong were\n" + "\n".join(map(str, answers[-1]))) from None
        return answers[-1]

    def cure(self, command):
        """Types the cure."""
        self.lab.execute("hub", "sh", "-c", command)


def break_and_mend(lab, doctor, breaking, check, text, cure):
    """Breaks one thing on the hub, sees it named, and mends it with the very words of the cure."""
    doctor.lab.execute("hub", "sh", "-c", breaking)
    doctor.cure(doctor.assert_names(check, text, cure))
    doctor.assert_right()


def scenario(lab):
    standing = Standing(lab)
    doctor = Doctor(lab, standing.rrid)
    standing.bring_up_s1()
    lab.ip("hub", "route", "flush", "table", "220", check=False)  # kernel-libipsec fills it in any case
    # The lab's charon has this setting, in a file that only its environment names.
    doctor.assert_names("make-before-break", "make_before_break is no", "make_before_break = yes")
    conf = os.path.join(standing.hub.directory, "strongswan.conf")
    run(["sed", "-i", "s/make_before_break = no/make_before_break = yes/", conf])
    doctor.assert_right()
    run(["sed", "-i", "s/install_routes = no/install_routes = yes/", conf])
    doctor.assert_names("install-routes", "install_routes is yes", "install_routes = no")
    run(["sed", "-i", "s/install_routes = yes/install_routes = no/", conf])

    # Each of these is mended by typing the cure.
    lab.write_sysctl("hub", "net/ipv4/ip_forward", "0")
    doctor.assert_names("ip-forward", "forwards nothing", "sysctl -w net/ipv4/ip_forward=1")
    lab.write_sysctl("hub", "net/ipv4/ip_forward", "1")
    break_and_mend(lab, doctor, "ip route replace 10.1.0.0/16 dev h-out table 220 proto static; ip rule add pref 220 lookup 220",
                   "install-routes", "although install_routes = no", "ip -4 route flush table 220; ip -4 rule del pref 220")
    break_and_mend(lab, doctor, "ip addr del 10.0.0.1/24 dev h-in", "interface-address", "10.0.0.1/24, which h-in has not",
                   "ip address add 10.0.0.1/24 dev h-in")
    break_and_mend(lab, doctor, "ip link set h-in down", "interface-shutdown", "h-in is", "ip link set h-in up")
    lab.write_sysctl("hub", "net/ipv4/conf/h-in/forwarding", "0")
    doctor.assert_names("ip-forward", "h-in", "sysctl -w net/ipv4/conf/h-in/forwarding=1")
    lab.write_sysctl("hub", "net/ipv4/conf/h-in/forwarding", "1")
    doctor.assert_right()

    # Somebody renames a device: its interface, which carries no map, is unbound.
    lab.ip_batch("hub", "link set h-in down\nlink set h-in name h-new\nlink set h-new up\n")
    assert "interface GigabitEthernet0/0/0 is unbound" in lab.execute(
        "hub", os.path.join(PROGRAMS, "rri"), "--socket", standing.rrid.socket, "doctor").stdout
    lab.ip_batch("hub", "link set h-new down\nlink set h-new name h-in\nlink set h-in up\n")

    # charon is killed: its socket stays, and nobody listens.
    standing.hub.kill9()
    def charon_is_named():
        names = {finding["check"]: finding for finding in doctor.ask()}
        return names if {"charon", "source"} <= set(names) else None
    wrong = wait_until("the doctor names charon and rrid's source", charon_is_named)
    assert "died and left it behind" in wrong["charon"]["text"] and "restart strongswan" in wrong["charon"]["cure"], wrong

    # rrid is gone: its routes stay, and that is said. The configuration comes from the file.
    standing.rrid.kill9()
    lab.ip("hub", "route", "add", "10.77.0.0/16", "dev", "h-out", "table", "77", "proto", "213")
    done = lab.execute("hub", os.path.join(PROGRAMS, "rri"), "--socket", standing.rrid.socket, "doctor",
                       "--config", standing.rrid.config_path, check=False)
    assert done.returncode == 1 and "WRONG   rrid does not answer" in done.stdout, done.stdout
    assert "cure: systemctl start rrid" in done.stdout, done.stdout
    assert "cure: ip -4 route flush table 77 proto 213" in done.stdout, done.stdout
    lab.ip_batch("hub", "route flush table 77\nroute add 10.78.0.0/16 dev h-out proto 213\n")
    assert "nobody keeps them right" in lab.execute("hub", os.path.join(PROGRAMS, "rri"), "doctor", "--config",
                                                    standing.rrid.config_path, check=False).stdout

    # Somebody without rights gets what can be seen, and no false alarm for the rest.
    unprivileged = run([*lab.inside_of("hub"), "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                        os.path.join(PROGRAMS, "rri"), "doctor", "--config", "/nonexistent", "--json"], check=False)
    json.loads(unprivileged.stdout)
    assert run([os.path.join(PROGRAMS, "rri"), "doctor", "--nonsense"], check=False).returncode == 2
