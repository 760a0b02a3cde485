"""charon hangs for 30 s while SAs come and go, 10,000 in all: nothing blocks, routes stay through the grace time and are right
afterwards, a lost SA's route goes after its hold-down, and rrid's memory is flat."""

import time

from lab.daemon import Rrid
from lab.standing import END_CONFIGURATION, ENDS, S1_LAN
from lab.vici import Feeder
from lab.waiting import wait_until
from memory_stays_flat_test import CRYPTO, NOISE_KB, PEERS, resident_kb

HALF, AT_ONCE = 5000, 250
STEADY = 1_000_000
HUNG_SECONDS = 30


def load(rrid, feeder, first, last):
    """SAs of networks inside of the steady one's, each a short while."""
    connection, peer = PEERS[0]
    for number in range(first, last):
        feeder.child_up(number, connection, "rri-mymap-1-line10", peer, f"10.1.{number % 200}.0/24")
        if number > first:
            feeder.child_down(number - 1)
        if number % AT_ONCE == 0:
            wait_until(f"rrid has seen SA {number}", lambda number=number: rrid.rows(f"10.1.{number % 200}.0/24"))
    feeder.child_down(last - 1)
    wait_until("the steady route is left", lambda: [row["prefix"] for row in rrid.rows()] == [S1_LAN], 30)


def scenario(lab):
    name, outside, _, address = ENDS["hub"]
    path = lab.path("vici")
    feeder = Feeder(path)
    feeder.start()
    rrid = Rrid(lab, END_CONFIGURATION.format(name=name, vici=path, form="peer", outside=outside, address=address, crypto=CRYPTO,
                                              map_line="crypto map mymap"), log_level="warning").start()
    wait_until("charon has the connections", lambda: len(feeder.loaded) == len(PEERS))
    feeder.child_up(STEADY, PEERS[0][0], "rri-mymap-1-line10", PEERS[0][1], S1_LAN)
    load(rrid, feeder, 1, HALF)
    warm = resident_kb(rrid.process)  # what the lists of last things take is there

    slowest = 0.0
    lost = HALF + 1
    feeder.child_up(lost, PEERS[0][0], "rri-mymap-1-line10", PEERS[0][1], "10.1.250.0/24")
    rrid.wait_state("10.1.250.0/24", "active")
    with feeder.hung():
        begin = time.monotonic()
        while time.monotonic() - begin < HUNG_SECONDS:
            asked = time.monotonic()
            assert {row["state"] for row in rrid.rows()} == {"active"}, rrid.rows()
            slowest = max(slowest, time.monotonic() - asked)
        feeder.forget(lost)  # it went meanwhile, and nobody tells
    assert slowest < 2, f"an answer took {slowest:.1f} s"
    wait_until("what went meanwhile is gone", lambda: not rrid.rows("10.1.250.0/24"), 40)
    assert rrid.rows(S1_LAN)[0]["state"] == "active"

    load(rrid, feeder, lost + 1, 2 * HALF)
    grown = resident_kb(rrid.process) - warm
    print(f"slowest answer while charon hung {slowest:.2f} s; {warm} kB after {HALF} cycles, {grown:+} kB after {2 * HALF}")
    assert grown < NOISE_KB, f"{grown} kB more"
    feeder.child_down(STEADY)
    wait_until("the last route goes", lambda: not rrid.rows(), 10)
