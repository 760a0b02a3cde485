"""Runs a scenario in qemu with Debian's cloud kernel: it has XFRM interfaces, user-mode-linux has not.

The machine is emulated, so that it runs anywhere. Everything it needs is packed into
an initial RAM disk: the programs of this host with their libraries, Python, strongSwan,
our programs and the labs. Its console is our output; the last line says the status.
"""

import glob
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile

from .daemon import PROGRAMS, ROOT
from .processes import run
from .topology import Skip
from .unpacked import unpacked

QEMU = "qemu-system-x86_64"
KERNEL_PACKAGE = "linux-image-cloud-amd64"
SECONDS = 420
STATUS = "rri-lab-status:"
TOOLS = ("bash", "sh", "cat", "mount", "mkdir", "mknod", "ip", "nsenter", "unshare", "ping", "env", "sync",
         "modprobe", "setsid", "poweroff", "true")
TREES = ("/usr/lib/ipsec", "/etc/strongswan.d", "/etc/ssl/openssl.cnf", "/etc/iproute2", "/etc/passwd", "/etc/group",
         "/etc/nsswitch.conf", "/etc/protocols", "/etc/services")
CHARON = ("/usr/sbin/charon-systemd", "/usr/sbin/swanctl")
MODULES = ("kernel/crypto", "kernel/arch/x86/crypto", "kernel/lib", "kernel/net/xfrm", "kernel/net/ipv4", "kernel/net/ipv6",
           "kernel/net/key", "kernel/net/packet", "kernel/drivers/net/veth.ko", "kernel/drivers/net/vrf.ko",
           "kernel/drivers/net/tun.ko", "kernel/drivers/net/dummy.ko", "kernel/drivers/char/hw_random")
# echainiv needs a random number generator, without which an SA cannot be added.
LOADED = ("veth vrf dummy tun af_packet xfrm_user xfrm_interface esp4 esp6 cbc hmac sha256_generic authenc echainiv seqiv "
          "gcm ctr drbg jitterentropy_rng ansi_cprng")
INIT = """\
#!/bin/bash
export PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TMPDIR=/run RRI_LAB_PATIENCE=6
export RRI_PROGRAMS={programs}
mkdir -p /proc /sys /dev /run /tmp /root /var/run
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/net /dev/pts /dev/shm
mount -t tmpfs run /run
mkdir -p /run/netns /run/lock
modprobe -a {modules} 2>/dev/null
ip link set lo up
setsid {command} </dev/null 2>&1
echo "{status} $?"
poweroff -f
"""


def kernel():
    """The unpacked kernel: its image and its module tree."""
    directory = unpacked(KERNEL_PACKAGE)
    images = glob.glob(os.path.join(directory, "boot", "vmlinuz-*"))
    modules = glob.glob(os.path.join(directory, "lib", "modules", "*"))
    if not images or not modules:
        raise Skip(f"{KERNEL_PACKAGE} has no kernel in it")
    return images[0], modules[0]


class Archive:
    """An initial RAM disk in cpio's `newc` format (Documentation/driver-api/early-userspace of the kernel)."""

    def __init__(self, path):
        self._out = open(path, "wb")
        self._names = set()
        self._inode = 0

    def _entry(self, name, mode, content=b""):
        self._inode += 1
        encoded = name.encode() + b"\0"
        fields = (self._inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0)
        for part in (b"070701" + b"".join(b"%08X" % field for field in fields) + encoded, content):
            self._out.write(part)
            self._out.write(b"\0" * (-self._out.tell() % 4))

    def directory(self, path):
        """And those above it."""
        path = path.strip("/")
        if not path or path in self._names:
            return
        self.directory(os.path.dirname(path))
        self._names.add(path)
        self._entry(path, stat.S_IFDIR | 0o755)

    def link(self, path, target):
        self.directory(os.path.dirname(path))
        path = path.strip("/")
        if path not in self._names:
            self._names.add(path)
            self._entry(path, stat.S_IFLNK | 0o777, target.encode())

    def text(self, path, text):
        self.directory(os.path.dirname(path))
        self._names.add(path.strip("/"))
        self._entry(path.strip("/"), stat.S_IFREG | 0o755, text.encode())

    def file(self, path, source=None):
        """A file of the host, by the name that everybody uses; symbolic links are followed."""
        if path.strip("/") in self._names:
            return
        self.directory(os.path.dirname(path))
        self._names.add(path.strip("/"))
        with open(source or path, "rb") as content:
            self._entry(path.strip("/"), stat.S_IFREG | 0o755, content.read())

    def tree(self, path, source=None, skip=()):
        source = source or path
        if not os.path.isdir(source):
            return self.file(path, source) if os.path.exists(source) else None
        for place, directories, files in os.walk(source):
            directories[:] = [name for name in directories if name not in skip]
            for name in files:
                full = os.path.join(place, name)
                if os.path.exists(full):
                    self.file(os.path.join(path, os.path.relpath(full, source)), full)
        return None

    def close(self):
        self._entry("TRAILER!!!", 0)
        self._out.close()


def libraries(programs):
    """The shared libraries that these programs ask for, and the loader."""
    found = set()
    for program in programs:
        for line in run(["ldd", program], check=False).stdout.splitlines():
            found.update(re.findall(r"(/\S+) \(0x", line))
    return found


def pack(path, argv, modules):
    """Writes the RAM disk from which `argv` runs."""
    archive = Archive(path)
    for link in ("bin", "sbin", "lib", "lib64"):
        archive.link(f"/{link}", f"usr/{link}")
    programs = [shutil.which(tool) for tool in TOOLS] + [os.path.realpath(sys.executable), *CHARON]
    programs = [program for program in programs if program and os.path.exists(program)]
    programs += [os.path.join(PROGRAMS, name) for name in ("rrid", "rri")]
    shared = [*glob.glob("/usr/lib/ipsec/*.so*"), *glob.glob("/usr/lib/ipsec/plugins/*.so"),
              *glob.glob("/usr/lib/python3*/lib-dynload/*.so")]
    extra = glob.glob("/lib/*/libgcc_s.so.1") + glob.glob("/lib/*/libnss_files.so.2")
    for program in [*programs, *sorted(libraries(programs + shared)), *extra]:
        archive.file(re.sub(r"^/(bin|sbin|lib|lib64)/", r"/usr/\1/", program))
    archive.link(sys.executable, os.path.realpath(sys.executable))
    for tree in TREES:
        archive.tree(tree)
    archive.tree(os.path.dirname(os.__file__), skip=("test", "idlelib", "ensurepip", "lib2to3", "tkinter", "__pycache__",
                                                    "site-packages", "dist-packages", "pydoc_data"))
    archive.tree(os.path.join(ROOT, "tests", "support"), skip=("__pycache__",))
    archive.tree(os.path.join(ROOT, "tests", "system"), skip=("__pycache__",))
    release = os.path.basename(modules)
    for part in MODULES:
        archive.tree(f"/usr/lib/modules/{release}/{part}", os.path.join(modules, part))
    for name in glob.glob(os.path.join(modules, "modules.*")):
        archive.file(f"/usr/lib/modules/{release}/{os.path.basename(name)}", name)
    archive.text("/init", INIT.format(programs=PROGRAMS, modules=LOADED, status=STATUS,
                                      command=" ".join(f"'{word}'" for word in argv)))
    archive.close()


def run_in_qemu(argv):
    """Runs `argv` as root in the emulated machine, its output on ours. Gives its exit status."""
    if not shutil.which(QEMU):
        raise Skip(f"{QEMU} is not installed")
    image, modules = kernel()
    if not os.path.exists(os.path.join(modules, "modules.dep")):
        run(["depmod", "-b", modules.split("/lib/modules/")[0], os.path.basename(modules)])
    work = tempfile.mkdtemp(prefix=f"rri-{os.getpid()}-qemu-")
    try:
        disk = os.path.join(work, "ramdisk")
        pack(disk, argv, modules)
        return _boot(image, disk)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _boot(image, disk):
    command = [QEMU, "-machine", "q35", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-kernel", image, "-initrd", disk,
               "-append", "console=ttyS0 quiet panic=-1 mitigations=off", "-nographic", "-no-reboot", "-nic", "none",
               "-monitor", "none", "-serial", "stdio"]
    sys.stdout.flush()
    machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace")
    try:
        output, _ = machine.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        machine.kill()
        output, _ = machine.communicate()
        output += f"\nqemu was ended after {SECONDS} s"
    # The firmware clears the screen.
    output = re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|c)", "", output).split("Booting from ROM...")[-1]
    ended = re.search(rf"{STATUS} (\d+)", output)
    print((output[:ended.start()] if ended else output).strip())
    return int(ended[1]) if ended else 1
