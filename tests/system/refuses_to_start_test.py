"""rrid refuses to start with a configuration that cannot be read, with one clear line; without one it starts empty."""

import os

from lab.daemon import Rrid


def expect_refusal(rrid, words):
    rrid.spawn()
    status = rrid.process.wait()
    assert status != 0, "rrid ended with status 0"
    last = rrid.log().strip().splitlines()[-1]
    for word in words:
        assert word in last, f"{word!r} expected in: {last}"


def scenario(lab):
    rrid = Rrid(lab, "hostname HUB\nend\n")
    os.unlink(rrid.config_path)
    rrid.start()  # as a router without a startup configuration
    assert f"there is no startup configuration {rrid.config_path}" in rrid.log()
    assert rrid.show("show hostname") == "Router\n", rrid.show("show hostname")
    rrid.stop()
    os.mkdir(rrid.config_path)
    expect_refusal(rrid, ["could not read", "it is a directory"])
    assert not lab.our_routes(), "a route from a daemon that did not start"
