"""Transcripts: what a person at `rri` types and sees, as text files that read like the screen.

    HUB#show clock
    *<clock>
    HUB#enable
    Password: «Tr0ub4dor»

A line that begins with a prompt was typed; `«...»` answers a question. All else is what
`rri` shows, after `settle()`. A line `$ rri -c '...'` is a command for a shell instead.

`RRI_WRITE_TRANSCRIPTS=1 tests/system/run shell_every_command` writes what is shown now into the
files: read the difference before you commit it.
"""

import difflib
import os
import re
import shlex

from lab.daemon import PROGRAMS
from lab.processes import run
from shell_terminal import Terminal

DIRECTORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "transcripts")
PROMPT = re.compile(r"HUB(?:\([a-z0-9-]+\))?[>#]")
QUESTION = re.compile(r"(?:\? |\]: |: |\[confirm\])$")
ANSWER = re.compile("«(.*?)»")
SHELL = "$ "
LONG = 8  # lines
ENDS = ("exit", "quit", "logout")  # of the session; the next line is typed in a new one

# What differs from run to run. Nothing else may.
UNSETTLED = (
    (r"\d\d:\d\d:\d\d\.\d{3} \w+ \w{3} \w{3} +\d+ \d{4}", "<clock>"),
    (r"\*\w{3} +\d+ \d\d:\d\d:\d\d\.\d{3}", "*<time>"),
)


class Step:
    """One typed line, the answers to what it asks, and what was shown."""

    def __init__(self, prompt, typed):
        self.prompt, self.typed = prompt, typed
        self.answers, self.shown = [], []

    def text(self):
        return "\n".join([self.prompt + self.typed, *self.shown]) + "\n"


def path_of(name):
    return os.path.join(DIRECTORY, name + ".txt")


def read(name):
    with open(path_of(name), encoding="utf-8") as text:
        return text.read()


def steps_of(text):
    steps = []
    for line in text.splitlines():
        prompt = SHELL if line.startswith(SHELL) else (PROMPT.match(line) or [""])[0]
        if prompt:
            steps.append(Step(prompt, line[len(prompt):]))
        else:
            steps[-1].answers += ANSWER.findall(line)
            steps[-1].shown.append(line)
    return steps


def names():
    return sorted(name.removesuffix(".txt") for name in os.listdir(DIRECTORY))


class Player:
    """Types the transcripts at one terminal."""

    def __init__(self, rrid, unsettled, **terminal):
        self.rrid = rrid
        self.options = terminal
        self.unsettled = [(re.compile(pattern, re.MULTILINE), word) for pattern, word in (*UNSETTLED, *unsettled)]
        self._open()

    def _open(self):
        self.terminal = Terminal(self.rrid.socket, rows=500, columns=200, **self.options)
        self.prompt = self.terminal.exchange("", ">")

    def settle(self, text):
        for pattern, word in self.unsettled:
            text = pattern.sub(word, text)
        return text

    def play(self, name):
        """Types every line of the file; what is shown must be what stands there."""
        expected = read(name)
        steps = steps_of(expected)
        for step in steps:
            step.shown = self._run(step) if step.prompt == SHELL else self._type(step)
        for step in steps:
            step.shown = self.settle("\n".join(step.shown)).split("\n") if step.shown else []
        say_once(steps)
        shown = "".join(step.text() for step in steps)
        if os.environ.get("RRI_WRITE_TRANSCRIPTS"):
            with open(path_of(name), "w", encoding="utf-8") as out:
                out.write(shown)
            return
        difference = difflib.unified_diff(expected.splitlines(), shown.splitlines(), path_of(name), "shown", lineterm="")
        assert shown == expected, "\n".join(difference)

    def _type(self, step):
        step.prompt = self.prompt
        if step.typed.endswith("?"):
            return self._ask_help(step)
        self.terminal.press(step.typed + "\r")
        if "(" not in step.prompt and step.typed in ENDS:
            self.terminal.wait_for(step.typed + "\r\n")
            assert self.terminal.wait_end() == 0, step.typed
            self._open()
            return []
        shown = self.terminal.wait_prompt(len(step.typed) + 2, PROMPT, QUESTION)
        assert shown.startswith(step.typed + "\r\n"), f"{step.typed!r} is echoed as {shown!r}"
        text = shown[len(step.typed) + 2:]
        answers = list(step.answers)
        while QUESTION.search(text):
            assert answers, f"{step.typed!r} asks what the transcript does not answer: {text!r}"
            text += self._answer(answers.pop(0), text)
        text, self.prompt = split_prompt(text)
        return lines_of(text)

    def _ask_help(self, step):
        """`?` shows the words, and the line again: that is taken back."""
        self.terminal.press(step.typed)
        again = "\r\n" + self.prompt + step.typed[:-1]
        shown = self.terminal.wait_for(again)
        rest = len(step.typed) - 1
        self.terminal.exchange("\x15", "\b" * rest + " " * rest + "\b" * rest)
        assert shown.startswith(step.typed + "\r\n"), repr(shown)
        return lines_of(shown[len(step.typed) + 2:-len(again)] + "\r\n")

    def _answer(self, answer, question):
        """What is shown then: the answer in its marks in place of its echo."""
        one_key = question.endswith("[confirm]")
        echo = "" if one_key or question.endswith("Password: ") else answer
        self.terminal.press((answer or "\r") if one_key else answer + "\r")
        shown = self.terminal.wait_prompt(len(echo) + 2, PROMPT, QUESTION)
        assert shown.startswith(echo + "\r\n"), f"{answer!r} is echoed as {shown!r}"
        return f"«{answer}»{shown[len(echo):]}"

    def _run(self, step):
        before, _, words = step.typed.rpartition("rri -c ")
        program = ["env", "-C", self.options["directory"], *before.split(), os.path.join(PROGRAMS, "rri"), "--socket", self.rrid.socket]
        done = run([*program, "-c", *shlex.split(words)], check=False)
        return (done.stdout + done.stderr).splitlines()


def say_once(steps):
    """Long answers that are one and the same stand there once; of others, the name of the command that showed them."""
    seen = {}
    for step in steps:
        whole = "\n".join(step.shown)
        if len(step.shown) < LONG:
            continue
        if whole in seen:
            step.shown = [f"<what `{seen[whole]}` shows>"]
        seen.setdefault(whole, step.typed)


def lines_of(text):
    assert text == "" or text.endswith("\r\n"), repr(text)
    assert "\r\n" not in text.replace("\r\n", "") and "\n" not in text.replace("\r\n", ""), repr(text)
    return text.split("\r\n")[:-1]


def split_prompt(text):
    prompt = re.search(PROMPT.pattern + "$", text)
    return text[:prompt.start()], prompt[0]
