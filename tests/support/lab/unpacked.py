"""Packages that conflict with what is installed, taken apart under build/unpacked."""

import os

from .processes import run
from .topology import Skip

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))


def unpacked(name):
    """The directory that holds the files of this package; skips where it is not to be had."""
    directory = os.path.join(ROOT, "build", "unpacked", name)
    if not os.path.isdir(directory):
        done = run([os.path.join(ROOT, "packaging", "unpack-packages"), name], check=False)
        if not os.path.isdir(directory):
            raise Skip(done.stderr.strip() or f"{name} is not to be had")
    return directory
