"""A trap that other hands take out of charon, or the child with it, is back within 10 s. Needs no ESP: traps are policies."""

from lab.standing import End
from lab.waiting import wait_until
from managed_tunnels_test import HUB_CONNECTION, hub_crypto

LOOK_SECONDS = 10
CHILD = "rri-mymap-1-10_0_0_0_24_to_10_1_0_0_16"
OTHER_CHILD = """\
connections {
  %s {
    remote_addrs = 198.51.100.2
    children {
      other {
        remote_ts = 10.99.0.0/16
      }
    }
  }
}
""" % HUB_CONNECTION


def with_kernel_policies(charon):
    path = f"{charon.directory}/strongswan.conf"
    with open(path, encoding="utf-8") as text:
        changed = text.read().replace("kernel-libipsec kernel-netlink", "kernel-netlink")
    with open(path, "w", encoding="utf-8") as out:
        out.write(changed)


def scenario(lab):
    hub = End(lab, "hub", hub_crypto())
    with_kernel_policies(hub.charon)
    hub.start()
    hub.wait_connections([HUB_CONNECTION])

    def has_trap():
        return CHILD in hub.charon.swanctl("--list-pols", "--trap").stdout
    wait_until("the trap is there", has_trap)

    hub.charon.swanctl("--uninstall", "--child", CHILD)
    assert not has_trap()
    wait_until("the trap is back", has_trap, LOOK_SECONDS + 5)
    assert f"put back the trap of {CHILD}" in hub.rrid.log()

    hub.charon.load(OTHER_CHILD)
    assert CHILD not in hub.charon.swanctl("--list-conns").stdout
    wait_until("the child and its trap are back", lambda: CHILD in hub.charon.swanctl("--list-conns").stdout and has_trap(), LOOK_SECONDS + 5)
    assert "other" not in hub.charon.swanctl("--list-conns").stdout
