"""keepalived -t and bird -p take what `rri render keepalived` and `rri render bird` print, for many configurations."""

import glob
import itertools
import os

from lab.bird import BIRD
from lab.daemon import PROGRAMS, ROOT
from lab.keepalived import Keepalived
from lab.topology import Skip

OUTSIDE = """\
hostname {hostname}
track 1 interface GigabitEthernet0/0/0 line-protocol
interface GigabitEthernet0/0/0
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/0/1
{bound} ip address 203.0.113.1 255.255.255.252
 standby version 2
 standby {number} {address}
{lines}"""
HOSTNAMES = ("HUB", "r#1!x\"y")
BOUND = ("", " linux device h-out\n")
GROUPS = ((0, "ip 203.0.113.3"), (255, "ip 203.0.113.3"), (4095, "ipv6 autoconfig"), (300, "ipv6 2001:db8::1/64"))
LINES = (
    "", " standby {n} name group1\n standby {n} preempt delay minimum 3600\n standby {n} priority 255\n",
    " standby {n} name a#b!c\n standby {n} timers msec 15 msec 50\n standby {n} track 1 decrement 255\n",
    " standby {n} timers 254 255\n standby {n} track 1 shutdown\n standby {n} track 7\n standby delay minimum 10000\n",
    " standby {n} authentication text longerthaneight\n standby {n} timers msec 250 msec 750\n standby {n} priority 0\n",
    " standby {n} authentication md5 key-string 7 0822455D0A16\n linux vrid 1 standby {n}\n standby 1 ip 203.0.113.9\n",
    " standby 7 ip 203.0.113.9\n standby 7 ip 203.0.113.10 secondary\n standby 7 name twice\n standby {n} name twice\n",
)


def many():
    for hostname, bound, (number, address), lines in itertools.product(HOSTNAMES, BOUND, GROUPS, LINES):
        yield OUTSIDE.format(hostname=hostname, bound=bound, number=number, address=address, lines=lines.format(n=number))
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "data", "config", "*.cfg"))):
        with open(path, encoding="utf-8", errors="replace") as text:
            yield text.read()


def render(lab, target, configuration):
    """What rri prints, '' where the configuration has nothing to render."""
    path = lab.path("render.cfg")
    with open(path, "w", encoding="utf-8") as out:
        out.write(configuration)
    done = lab.execute("hub", os.path.join(PROGRAMS, "rri"), "render", target, path, check=False)
    assert done.returncode in (0, 1), f"rri render {target}: {done.stderr}\n{configuration}"
    return done.stdout


def scenario(lab):
    if not os.path.exists(BIRD):
        raise Skip(f"{BIRD} is not installed")
    taken = {"keepalived": 0, "bird": 0}
    for configuration in many():
        text = render(lab, "keepalived", configuration)
        if text:
            trouble = Keepalived(lab, "hub", text).check()
            assert not trouble, f"{trouble}\n{text}\n{configuration}"
            taken["keepalived"] += 1
        text = render(lab, "bird", configuration)
        if text:
            path = lab.path("bird.conf")
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            done = lab.execute("hub", BIRD, "-p", "-c", path, check=False)
            assert done.returncode == 0, f"{done.stderr}\n{text}"
            taken["bird"] += 1
    print(taken)
    assert taken["keepalived"] > 100 and taken["bird"] >= 3, taken
