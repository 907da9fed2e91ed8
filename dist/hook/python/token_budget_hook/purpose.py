"""What the requests of this context are for, said to the gateway in a header of each, and to nobody else.

A context variable holds it, so that it follows the program into coroutines and into threads that copy their context.
"""

import re
import threading
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "x-token-budget-context"
ROW = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")

_current = ContextVar("token_budget_purpose", default=None)


class Row:
    """A row of an eval, named by the first trace that begins for it: a context made before that knows the name too."""

    def __init__(self, name=None):
        self.name = name if name and ROW.match(name) else None
        # By whom what part of the row's usage is counted already: see reported.py.
        self.claims = {}
        self.claiming = threading.Lock()

    def begins(self, trace_id):
        if self.name is None and ROW.match(trace_id):
            self.name = trace_id


@contextmanager
def serving(phase, row=None):
    """Requests made within are for `phase` (preflight, predict or judge), and for the Row `row` where there is one."""
    token = _current.set((phase, row))
    try:
        yield row
    finally:
        _current.reset(token)


def current():
    """Phase and Row of this context; None outside of an eval."""
    return _current.get()


def header():
    """The header's value for a request of this context; None where it has no purpose."""
    purpose = _current.get()
    if purpose is None:
        return None
    phase, row = purpose
    return phase if row is None or row.name is None else "%s %s" % (phase, row.name)
