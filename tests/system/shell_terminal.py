"""A person at `rri`: a real pseudo-terminal, keys in, everything that is shown out."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from lab.daemon import PROGRAMS

SECONDS = 20


class Terminal:
    """`rri` on a pseudo-terminal of its own. Output is kept as it comes, byte for byte."""

    def __init__(self, socket, rows=24, columns=80, user=None, directory=None, programs=None, namespace=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.pid = os.fork()
        if self.pid == 0:
            self._become(slave)
            # By descriptor: the clone may lie where another user may not look.
            program = os.open(os.path.join(PROGRAMS, "rri"), os.O_RDONLY)
            if directory is not None:
                os.chdir(directory)
            if user is not None:
                os.setuid(user)
            if programs is not None:
                os.environ["PATH"] = f"{programs}:{os.environ['PATH']}"
            os.environ.update(TERM="vt100", SSH_CONNECTION="198.51.100.7 1 198.51.100.1 22")
            if namespace is not None:
                os.set_inheritable(program, True)
                os.execvp("nsenter", ["nsenter", f"--net=/run/netns/{namespace}", f"/proc/self/fd/{program}", "--socket", socket])
            os.execve(program, ["rri", "--socket", socket], os.environ)
        os.close(slave)
        self.shown = ""
        self.read_to = 0

    @staticmethod
    def _become(slave):
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for number in range(3):
            os.dup2(slave, number)

    def wait_for(self, text):
        """Waits until `text` is shown, and gives everything since the last wait."""
        self._read_until(repr(text), lambda: text in self.shown[self.read_to:])
        return self._take(self.shown.index(text, self.read_to) + len(text))

    def wait_prompt(self, least, prompt, question):
        """Waits until what is shown since the last wait, `least` characters at least, ends with a prompt or a question; gives it."""
        ends = re.compile(f"\\n(?:{prompt.pattern}|.*{question.pattern.removesuffix('$')})$")
        self._read_until("a prompt", lambda: len(self.shown) - self.read_to > least and ends.search(self.shown, self.read_to + least - 1))
        return self._take(len(self.shown))

    def expect(self, keys, expected):
        """Presses keys; what is shown then must be `expected`, no more and no less."""
        self.press(keys)
        self._read_until(repr(expected), lambda: len(self.shown) - self.read_to >= len(expected))
        shown = self._take(len(self.shown))
        assert shown == expected, f"keys {keys!r}\nexpected {expected!r}\nshown    {shown!r}"

    def _read_until(self, what, condition):
        deadline = time.monotonic() + SECONDS
        while not condition():
            left = deadline - time.monotonic()
            ready = left > 0 and select.select([self.master], [], [], left)[0]
            assert ready, f"{what} is not shown; shown was {self.shown[self.read_to:]!r}"
            try:
                self.shown += os.read(self.master, 65536).decode("utf-8", "replace")
            except OSError as ended:
                raise AssertionError(f"rri ended; shown was {self.shown[self.read_to:]!r}") from ended

    def _take(self, end):
        new, self.read_to = self.shown[self.read_to:end], end
        return new

    def press(self, keys):
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            data = data[os.write(self.master, data):]

    def exchange(self, keys, until):
        """Presses keys; gives what is shown up to and with `until`."""
        self.press(keys)
        return self.wait_for(until)

    def wait_end(self):
        """Waits until rri ends and gives its status."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if select.select([self.master], [], [], 0.05)[0]:
                try:
                    if not os.read(self.master, 65536):
                        break
                except OSError:
                    break
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.master)
