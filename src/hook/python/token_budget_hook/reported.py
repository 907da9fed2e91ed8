"""What providers reported for the calls made within one call of a program's own function, as the gateway counted it.

Serves the class in ../token_budget, by way of `_token_budget_hook.calls_within`.
"""

import uuid
from contextlib import contextmanager

from . import purpose, standing
from .patching import routes_of

NOTHING = {"calls": 0, "refused": 0, "input": 0, "output": 0}


class Seen:
    """What was newly used within: None where the gateway can not say, or saw no call at all."""

    def __init__(self, config, row, owner):
        self._routes = routes_of(config)
        self._row = row
        self._owner = owner

    def claim(self):
        """What the row has used since the last claim for the same owner; calls side by side share what they make.

        A dict with `calls`, `refused`, `input` and `output`; None where there was none, or the gateway did not answer.
        """
        if self._row.name is None:
            return None
        with self._row.claiming:
            try:
                now = standing.ask(self._routes, self._row.name)["row"]
            except (OSError, ValueError, KeyError):
                return None
            before = self._row.claims.get(self._owner, NOTHING)
            self._row.claims[self._owner] = now
        new = {name: now[name] - before[name] for name in NOTHING}
        return new if new["calls"] or new["refused"] else None


@contextmanager
def within(config, owner):
    """Calls made within, also in other threads of this context, are told apart from all others. Yields a Seen.

    In an eval they are those of its row; elsewhere they get a name of their own, which the report shows as a row.
    """
    phase, row = purpose.current() or ("predict", None)
    if row is not None:
        seen = Seen(config, row, owner)
        # What the row used before, and was not counted for this owner, is none of these calls.
        if owner not in row.claims:
            seen.claim()
        yield seen
        return
    with purpose.serving(phase, purpose.Row("call-%s" % uuid.uuid4().hex)) as own:
        yield Seen(config, own, owner)
