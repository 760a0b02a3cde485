"""Labs for the system tests and for ./demo: hosts are network namespaces.

    waiting.py      wait for a condition with a deadline; nothing here sleeps
    processes.py    processes that are ended by their id, never by name
    topology.py     Lab: the hosts, links and addresses, and how they go away
    strongswan.py   Charon: one IKE daemon per host, with its own configuration
    certificates.py  certificates for them
    libreswan.py    Pluto: Libreswan's IKE daemon, from a package that is not installed
    unpacked.py     where packages are that are only taken apart
    daemon.py       Rrid: the program under test, and what it says
    frr.py          Frr: zebra, staticd, ospfd, bgpd on a host, each restarted alone
    monitor.py      RouteMonitor: every operation that reached a routing table
    tunnel_protection.py  what the labs of `tunnel protection` share
    tunnel_interface.py  the story of the VTI and XFRM interface labs
    wire.py         Wire: what others can read on the link to the provider
    uml.py          runs a scenario inside a user-mode-linux kernel
    qemu.py         the same in qemu, for devices that user-mode-linux has not

Only Python's standard library. Everything a lab makes carries its name
("rri-PID-..."), so that labs run side by side and only their own things go.
"""
