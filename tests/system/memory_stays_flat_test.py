"""rrid's memory does not grow with what has been: over 10,000 cycles of SA up and down, and over 1,000 changes of the
configuration that take the crypto map off and put it back, with all that is loaded into charon for it."""

import signal
import time

from lab.daemon import Rrid
from lab.standing import END_CONFIGURATION, ENDS
from lab.vici import Feeder
from lab.waiting import wait_until

CRYPTO = """\
crypto isakmp key cisco123 address 198.51.100.2
crypto isakmp key cisco456 address 192.0.2.2
crypto ipsec transform-set T esp-aes 256 esp-sha256-hmac
access-list 102 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
crypto map mymap 1 ipsec-isakmp
 set peer 198.51.100.2
 set peer 192.0.2.2
 set transform-set T
 match address 102
 reverse-route
"""
PEERS = (("rri-mymap-1-198_51_100_2", "198.51.100.2"), ("rri-mymap-1-192_0_2_2", "192.0.2.2"))
WARM_CYCLES, CYCLES, AT_ONCE = 1000, 10_000, 250
WARM_CHANGES, CHANGES = 200, 1200
NOISE_KB = 1536  # pages that the allocator keeps; a leak of 200 bytes a cycle would be 1800


def resident_kb(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def sas_come_and_go(rrid, feeder, first, last):
    """SAs of both peers in turn; each stays until the next is there."""
    for start in range(first, last, AT_ONCE):
        for number in range(start, start + AT_ONCE):
            connection, peer = PEERS[number % len(PEERS)]
            feeder.child_up(number, connection, "rri-mymap-1-line10", peer, "10.1.0.0/16")
            if number > first:
                feeder.child_down(number - 1)
        wait_until(f"rrid has seen SA {number}", lambda: seen(rrid, f" {peer}"))
    feeder.child_down(last - 1)
    wait_until("no SA is left", lambda: not rrid.rows())


def seen(rrid, peer):
    rows = rrid.rows()
    return len(rows) == 1 and rows[0]["next_hop"] == peer.strip()


def configuration_changes(rrid, feeder, text, count):
    bare = text.replace(" crypto map mymap\n", "")
    for number in range(count):
        rrid.write_configuration(bare if number % 2 == 0 else text)
        rrid.process.signal(signal.SIGHUP)
        wanted = 0 if number % 2 == 0 else len(PEERS)
        feeder.wait_for(f"charon has {wanted} connections", lambda wanted=wanted: len(feeder.loaded) == wanted)


def scenario(lab):
    name, outside, _, address = ENDS["hub"]
    path = lab.path("vici")
    text = END_CONFIGURATION.format(name=name, vici=path, form="peer", outside=outside, address=address, crypto=CRYPTO,
                                    map_line="crypto map mymap").replace("hold-down 1", "hold-down 0")
    feeder = Feeder(path)
    feeder.start()
    rrid = Rrid(lab, text, log_level="warning").start()
    wait_until("charon has the connections", lambda: len(feeder.loaded) == len(PEERS))

    begin = time.monotonic()
    sas_come_and_go(rrid, feeder, 1, 1 + WARM_CYCLES)
    warm = resident_kb(rrid.process)
    sas_come_and_go(rrid, feeder, 1 + WARM_CYCLES, 1 + CYCLES)
    grown = resident_kb(rrid.process) - warm
    print(f"{CYCLES} cycles in {time.monotonic() - begin:.1f} s: {warm} kB after {WARM_CYCLES}, {grown:+} kB at the end")
    assert grown < NOISE_KB, f"{grown} kB more after {CYCLES} cycles than after {WARM_CYCLES}"
    # What the lists of last things took is there by now.
    full = resident_kb(rrid.process)
    sas_come_and_go(rrid, feeder, 1 + CYCLES, 1 + 2 * CYCLES)
    grown = resident_kb(rrid.process) - full
    assert grown < NOISE_KB / 3, f"{grown} kB more after {2 * CYCLES} cycles than after {CYCLES}"

    begin = time.monotonic()
    configuration_changes(rrid, feeder, text, WARM_CHANGES)
    warm = resident_kb(rrid.process)
    configuration_changes(rrid, feeder, text, CHANGES - WARM_CHANGES)
    grown = resident_kb(rrid.process) - warm
    print(f"{CHANGES} changes in {time.monotonic() - begin:.1f} s: {warm} kB after {WARM_CHANGES}, {grown:+} kB at the end")
    assert grown < NOISE_KB, f"{grown} kB more after {CHANGES} changes than after {WARM_CHANGES}"
    assert not rrid.rows() and len(feeder.keys) == len(PEERS), (rrid.rows(), feeder.keys)
