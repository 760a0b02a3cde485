"""rrid refuses a configuration without `ike strongswan ... observe`, or none at all, with one clear line."""

from lab.daemon import Rrid, make_configuration


def expect_refusal(lab, configuration, words):
    rrid = Rrid(lab, configuration).spawn()
    status = rrid.process.wait()
    assert status != 0, "rrid ended with status 0"
    last = rrid.log().strip().splitlines()[-1]
    for word in words:
        assert word in last, f"{word!r} expected in: {last}"


def scenario(lab):
    good = make_configuration(lab, lab.path("charon.vici"))
    expect_refusal(lab, good.replace(" observe", ""), ["observe", "4"])
    expect_refusal(lab, "hostname HUB\nend\n", ["ike strongswan", "observe"])
    assert not lab.our_routes(), "a route from a daemon that did not start"
