"""The account of one budget: checks and charges in one step, so that no number of threads can pass it together."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from .errors import TokenBudgetExceeded


@dataclass(frozen=True)
class Usage:
    """What was used at one moment; its numbers belong together."""

    limit: int
    input_tokens: int
    output_tokens: int
    calls: int
    refused: int

    @property
    def used(self) -> int:
        """Input and output tokens together."""
        return self.input_tokens + self.output_tokens

    @property
    def remaining(self) -> int:
        """Tokens left; 0 once the budget is reached or passed."""
        return max(0, self.limit - self.used)

    @property
    def exceeded(self) -> bool:
        """Whether more was used than the budget, or a call was refused. Reaching the budget exactly is neither."""
        return self.used > self.limit or self.refused > 0


class Account:
    """Counts tokens against `limit`. Every method may be called from any thread."""

    def __init__(self, limit: int, refuses: bool) -> None:
        self._limit = limit
        self._refuses = refuses
        self._lock = threading.Lock()
        self._input_tokens = 0
        self._output_tokens = 0
        self._calls = 0
        self._refused = 0
        self._reported = False

    def admit(self, tokens: int) -> bool:
        """Charge the input of a call about to be made. True where this is what first passes the limit.

        Raises TokenBudgetExceeded where the account refuses, and the budget is used up or the input does not fit.
        """
        with self._lock:
            used = self._input_tokens + self._output_tokens
            # A full budget has no room for an answer, so it also refuses a call whose input counts as nothing.
            if self._refuses and (used >= self._limit or used + tokens > self._limit):
                self._refused += 1
                raise TokenBudgetExceeded(used, self._limit, tokens)
            self._input_tokens += tokens
            self._calls += 1
            return self._passes_now()

    def settle(self, output: int, input_correction: int = 0) -> bool:
        """Charge the output of an admitted call, whatever is left. True where this is what first passes the limit.

        `input_correction` is what its input came to, less what was charged for it when it was admitted.
        """
        with self._lock:
            self._output_tokens += output
            self._input_tokens += input_correction
            return self._passes_now()

    def usage(self) -> Usage:
        with self._lock:
            return Usage(self._limit, self._input_tokens, self._output_tokens, self._calls, self._refused)

    def _passes_now(self) -> bool:
        if self._reported or self._input_tokens + self._output_tokens <= self._limit:
            return False
        self._reported = True
        return True
