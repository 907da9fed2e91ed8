"""What one call of a model function costs: counted from its texts, or told by the run that it is part of."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, Callable, Optional, Type

from .account import Account


class Charge:
    """An admitted call, as a context around the model: its input is charged already, the rest when it ends.

    Under `token-budget run` the gateway's counts take the place of the counter's, where it saw a call to a provider.
    """

    def __init__(self, account: Account, tokens: int, passed: Callable[[bool], None]) -> None:
        self._account = account
        self._tokens = tokens
        self._passed = passed
        self._calls: AbstractContextManager[Any] = nullcontext()
        self._seen: Any = None
        self._settled = False

    def __enter__(self) -> Charge:
        self._calls = _calls_within(self._account)
        self._seen = self._calls.__enter__()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        try:
            # A model that raised may have used tokens before.
            if kind is not None and not self._settled:
                self._settle_reported()
        finally:
            self._calls.__exit__(kind, error, trace)

    def settle(self, count: Callable[[], int]) -> None:
        """Charge the call; `count` counts its output where no provider's usage is known."""
        if not self._settle_reported():
            self._settled = True
            self._passed(self._account.settle(count()))

    def _settle_reported(self) -> bool:
        used = None if self._seen is None else self._seen.claim()
        if used is None:
            return False
        self._settled = True
        self._passed(self._account.settle(used["output"], used["input"] - self._tokens))
        return True


def _calls_within(account: Account) -> AbstractContextManager[Any]:
    """The hook's own, where this process runs under `token-budget run`."""
    hook = sys.modules.get("_token_budget_hook")
    if getattr(hook, "installed", None) is None:
        return nullcontext()
    within: AbstractContextManager[Any] = getattr(hook, "calls_within")(account)
    return within
