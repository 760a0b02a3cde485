"""`debug crypto ipsec` with `terminal monitor` tells of routes as IOS does; typed lines act at once and touch no other route."""

from lab.standing import S1_LAN, Standing
from shell_terminal import Terminal


def scenario(lab):
    standing = Standing(lab)
    terminal = Terminal(standing.rrid.socket)
    for keys, until in (("", "HUB>"), ("en\r", "HUB#"), ("terminal monitor\r", "HUB#"),
                        ("debug crypto ipsec\r", "Crypto IPSEC debugging is on\r\nHUB#")):
        terminal.exchange(keys, until)
    standing.bring_up_s1()
    network = S1_LAN.split("/", maxsplit=1)[0]
    terminal.wait_for(f"IPSEC(rte_mgr): VPN Route Added {network} 255.255.0.0 via ")
    children = standing.hub.child_ids()

    mark = standing.monitor.mark()
    terminal.exchange("conf t\rcrypto dynamic-map SPOKES 10\r", "(config-crypto-map)#")
    terminal.exchange("description nothing to do with routes\r", "(config-crypto-map)#")
    terminal.exchange("set reverse-route accept prefix-list NONE-YET\r", "(config-crypto-map)#")
    terminal.exchange("no set reverse-route accept prefix-list NONE-YET\r", "(config-crypto-map)#")
    terminal.exchange("no reverse-route\r", "(config-crypto-map)#")
    lab.wait_no_route(S1_LAN)
    terminal.exchange("reverse-route\r", "(config-crypto-map)#")
    lab.wait_route(S1_LAN)
    terminal.exchange("end\r", "HUB#")
    assert standing.monitor.since(mark, network), "the monitor saw nothing"
    assert standing.hub.child_ids() == children, "typing took the SA down"
