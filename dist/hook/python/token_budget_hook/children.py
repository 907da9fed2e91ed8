"""Keeps the hook in child processes, whatever environment the program makes up for them.

Kept is what this process itself was started with (see config.py). What there is to do at a start is in environment.py,
which is loaded with the first.
"""

import os

from .config import KEPT

STARTERS = {
    "execve": "start_kept",
    "posix_spawn": "start_kept",
    "posix_spawnp": "start_kept",
    "execv": "execv_kept",
    "system": "system_kept",
}


def install(environ, folder):
    """Note what to keep, and wrap the functions of `os` that start a program; subprocess and multiprocessing use a
    function of their own, which is patched when they are imported."""
    KEPT["TOKEN_BUDGET_HOOK"] = environ["TOKEN_BUDGET_HOOK"]
    KEPT["PYTHONPATH"] = folder
    KEPT["NODE_OPTIONS"] = environ.get("NODE_OPTIONS", "")
    for name, kept in STARTERS.items():
        if hasattr(os, name):
            _wrap(name, kept)


def _wrap(name, kept):
    original = getattr(os, name)

    def started(*args, **kwargs):
        from . import environment

        return getattr(environment, kept)(original, *args, **kwargs)

    started.__name__ = started.__qualname__ = name
    started.__doc__ = original.__doc__
    setattr(os, name, started)
    if original in os.supports_fd:
        os.supports_fd.add(started)
