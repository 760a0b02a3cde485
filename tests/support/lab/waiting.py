"""Waiting for a condition with a deadline."""

import os
import time

# Shared machines and user-mode-linux are slow by factors, not by seconds.
PATIENCE = float(os.environ.get("RRI_LAB_PATIENCE", "2"))
POLL_SECONDS = 0.02


class DeadlinePassed(AssertionError):
    """A condition did not come true in time."""


def wait_until(what, condition, seconds=15.0):
    """Gives the first true value of `condition()`; says `what` was awaited when it never comes."""
    deadline = time.monotonic() + seconds * PATIENCE
    pause = POLL_SECONDS
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise DeadlinePassed(f"not within {seconds * PATIENCE:g} s: {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)
