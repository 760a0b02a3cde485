"""Runs a scenario in user-mode-linux: a Linux kernel as a process, with ESP.

The host's file system is UML's root (hostfs). Unix sockets do not work on it, so
the lab's directory is on a tmpfs there; see uml_init.sh. Starting a process costs
a quarter of a second in UML, which is why the labs use `ip -batch`.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

from .topology import Skip

UML = "/usr/bin/linux.uml"
MODULES = "/usr/lib/uml/modules"
MEMORY = "768M"
SECONDS = 400
HERE = os.path.dirname(os.path.abspath(__file__))
INIT = os.path.join(HERE, "uml_init.sh")


def memory_directory():
    """UML maps its memory executable from a file: tmpfs where that is allowed."""
    for directory in ("/dev/shm", tempfile.gettempdir()):
        if os.path.isdir(directory) and not os.statvfs(directory).f_flag & os.ST_NOEXEC:
            return directory
    raise Skip("no directory that allows executable memory for user-mode-linux")


def kernel_modules():
    """The module tree that belongs to this UML."""
    try:
        return os.path.join(MODULES, sorted(os.listdir(MODULES))[0])
    except (OSError, IndexError):
        raise Skip("user-mode-linux has no modules here") from None


def run_in_uml(argv):
    """Runs `argv` as root in UML, its output on ours. Gives its exit status."""
    if not os.path.exists(UML):
        raise Skip("this kernel has no ESP and user-mode-linux is not installed")
    kernel_modules()
    work = tempfile.mkdtemp(prefix=f"rri-{os.getpid()}-uml-")
    try:
        return _boot(work, argv)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def xstate_library(work):
    """What lets UML run on processors with a larger register state than it knows; "" where there is no compiler."""
    library = os.path.join(work, "xstate.so")
    source = os.path.join(HERE, "uml_xstate.c")
    for compiler in ("cc", "gcc", "clang"):
        if shutil.which(compiler):
            subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, source], check=True)
            return library
    return ""


def _boot(work, argv):
    status, init, errors = (os.path.join(work, name) for name in ("status", "init", "errors"))
    with open(init, "w", encoding="utf-8") as out:
        # The lab's patience: UML is slow, and the machine under it may be busy.
        out.write("#!/bin/bash\nexport PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8\n"
                  "export RRI_LAB_PATIENCE=4 TMPDIR=/run\n"
                  f"export RRI_PROGRAMS={shlex.quote(os.environ.get('RRI_PROGRAMS', ''))}\n"
                  '[ -n "$RRI_PROGRAMS" ] || unset RRI_PROGRAMS\n'
                  f"export UML_STATUS={shlex.quote(status)}\n"
                  f"exec bash {shlex.quote(INIT)} {shlex.join(argv)}\n")
    os.chmod(init, 0o755)
    command = [UML, f"mem={MEMORY}", f"uml_dir={work}", "umid=lab", "rootfstype=hostfs", "rootflags=/", "rw",
               f"init={init}", "con=null", "con0=null,fd:1", "loglevel=0"]
    sys.stdout.flush()
    with open(errors, "wb") as error_output:
        uml = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=error_output, start_new_session=True,
                               env=dict(os.environ, TMPDIR=memory_directory(), LD_PRELOAD=xstate_library(work)))
        try:
            uml.wait(SECONDS)
        except subprocess.TimeoutExpired:
            print(f"user-mode-linux was ended after {SECONDS} s")
            return 1
        finally:
            if uml.poll() is None:
                os.killpg(uml.pid, signal.SIGKILL)  # its helpers are processes too, and would stay
                uml.wait()
    if os.path.exists(status):
        with open(status, encoding="utf-8") as text:
            return int(text.read().strip() or 1)
    if not os.path.exists(status + ".booted"):
        with open(errors, encoding="utf-8", errors="replace") as text:
            raise Skip(f"user-mode-linux does not boot here: {text.read().strip()[-300:]}")
    print("user-mode-linux ended before the scenario did")
    return 1
