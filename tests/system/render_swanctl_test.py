"""`rri render swanctl` of realistic IOS configurations: `swanctl --load-all` of a real charon takes every one of them."""

import glob
import os

from lab.daemon import PROGRAMS, ROOT
from lab.processes import run
from lab.strongswan import Charon


def scenario(lab):
    charon = Charon(lab, "hub")
    charon.configure_nothing()
    charon.start()
    files = sorted(glob.glob(os.path.join(ROOT, "tests", "data", "tunnels", "*.cfg")))
    assert len(files) >= 9, files
    for path in files:
        rendered = run([os.path.join(PROGRAMS, "rri"), "render", "swanctl", path], check=False)
        assert rendered.returncode in (0, 1), f"{path}: {rendered.stderr}"
        wanted = {line.split()[0] for line in rendered.stdout.splitlines() if line.startswith("  rri-")}
        assert wanted, f"{path}: no connection\n{rendered.stderr}"
        charon.load(rendered.stdout)
        loaded = charon.connections()
        assert loaded == wanted, f"{path}: {loaded ^ wanted}"
