"""Every file of the operator guide is taken by the program that reads it, and FRR's is what `rri render frr` prints."""

import os

from lab.daemon import PROGRAMS
from lab.guide import Design
from lab.processes import run
from lab.topology import Skip

DESIGNS = ("Single hub", "Redundant pair", "Load-shared pair")


def without_comments(text):
    return [line for line in text.splitlines() if not line.startswith("!")]


def check_design(lab, design):
    """Gives how many files were looked at."""
    checked = 0
    for (host, path), text in design.files.items():
        copy = lab.path(f"{host}{path.replace('/', '-')}")
        with open(copy, "w", encoding="utf-8") as out:
            out.write(text)
        if path == "/etc/rri/startup-config":
            done = run([os.path.join(PROGRAMS, "rrid"), "--check", copy], check=False)
            assert done.returncode == 0 and not done.stderr, f"{host}: {done.stdout}{done.stderr}"
            rendered = run([os.path.join(PROGRAMS, "rri"), "render", "frr", copy]).stdout
            assert without_comments(rendered) == without_comments(design.text(host, "/etc/frr/frr.conf")), rendered
            checked += 1
        if path == "/etc/frr/frr.conf":
            done = run(["vtysh", "-C", "-f", copy], check=False)
            assert done.returncode == 0 and "Unknown" not in done.stdout + done.stderr, f"{host}: {done.stdout}{done.stderr}"
            checked += 1
    return checked


def scenario(lab):
    if run(["sh", "-c", "command -v vtysh"], check=False).returncode != 0:
        raise Skip("FRR's vtysh is not installed")
    for title in DESIGNS:
        assert check_design(lab, Design(title)) >= 3, title
