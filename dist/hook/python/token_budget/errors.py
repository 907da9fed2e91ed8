"""What a refused call looks like to the code that made it."""

from __future__ import annotations

from typing import Tuple, Type

# MLflow retries an error, with waits, where its text holds certain words or a certain three-digit number, and a count
# of tokens can hold that number by chance. So the wording never changes, and the numbers are attributes.
_MESSAGE = "token-budget: this call does not fit in the budget, so the model was not called"


class TokenBudgetExceeded(RuntimeError):
    """A call was refused before the model ran; it cost nothing.

    Attributes:
        used: tokens charged when the call was refused.
        limit: the budget, in tokens.
        requested: input tokens of the refused call.
    """

    def __init__(self, used: int, limit: int, requested: int = 0) -> None:
        super().__init__(_MESSAGE)
        self.used = used
        self.limit = limit
        self.requested = requested

    def __reduce__(self) -> Tuple[Type[TokenBudgetExceeded], Tuple[int, int, int]]:
        # Exceptions are rebuilt from their message by default, which a pool of processes would fail at.
        return (type(self), (self.used, self.limit, self.requested))
