"""Processes of a lab. Each is ended by its own id; none is looked up by name."""

import signal
import subprocess

TERM_SECONDS = 3


class CommandFailed(AssertionError):
    """A command that had to succeed did not."""


def run(argv, input_text=None, check=True, env=None):
    """Runs a command to its end and gives its result; `check` makes failure an error."""
    done = subprocess.run(argv, input=input_text, capture_output=True, text=True, env=env, timeout=120)
    if check and done.returncode != 0:
        raise CommandFailed(f"{' '.join(argv)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def end_in_order_on_signals():
    """Makes SIGTERM and SIGHUP unwind like ^C, so that a lab is removed by its `with`; a second
    one does not disturb the removal."""
    ending = (signal.SIGTERM, signal.SIGHUP)

    def unwind(_number, _frame):
        for number in ending:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in ending:
        signal.signal(number, unwind)


class Process:
    """A process in the background, its output in a file."""

    def __init__(self, argv, output_path, env=None):
        self.argv = argv
        self.output_path = output_path
        with open(output_path, "ab") as output:
            self._popen = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output,
                                           stderr=subprocess.STDOUT, env=env,
                                           start_new_session=True)  # ^C ends the lab in order, not at once

    @property
    def pid(self):
        return self._popen.pid

    def memory_holds(self, needle):
        """Whether these bytes are anywhere in the memory it may write. It must not be in `nsenter` any more."""
        with open(f"/proc/{self.pid}/maps", encoding="ascii") as maps:
            areas = [line.split() for line in maps]
        with open(f"/proc/{self.pid}/mem", "rb", 0) as memory:
            for area in areas:
                if "rw" not in area[1] or area[-1] in ("[vvar]", "[vsyscall]"):
                    continue
                start, end = (int(part, 16) for part in area[0].split("-"))
                memory.seek(start)
                if needle in memory.read(end - start):
                    return True
        return False

    def is_running(self):
        return self._popen.poll() is None

    def output(self):
        with open(self.output_path, encoding="utf-8", errors="replace") as text:
            return text.read()

    def wait(self, seconds=10):
        return self._popen.wait(seconds)

    def signal(self, number):
        if self.is_running():
            self._popen.send_signal(number)

    def kill9(self):
        """As a crash: no handler runs."""
        self.signal(signal.SIGKILL)
        self._popen.wait()

    def stop(self):
        """Politely, then not."""
        self.signal(signal.SIGTERM)
        try:
            self._popen.wait(TERM_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill9()
