"""A reauthentication that makes before it breaks sends no route operation."""

import reauthentication_test


def scenario(lab):
    reauthentication_test.scenario(lab, make_before_break=True)
