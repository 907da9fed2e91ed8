"""The constructor's arguments, checked: each error names the argument and what it was."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Optional


def checked_mode(on_exceed: str) -> str:
    if on_exceed not in ("raise", "warn"):
        raise ValueError('on_exceed must be "raise" or "warn", not %r' % (on_exceed,))
    return on_exceed


def check_callable(name: str, value: Any) -> None:
    if value is not None and not callable(value):
        raise TypeError("%s must be callable, not %s" % (name, type(value).__name__))


def checked_limit(max_tokens: int) -> int:
    if isinstance(max_tokens, bool) or not isinstance(max_tokens, int):
        raise TypeError("max_tokens must be an int, not %s" % type(max_tokens).__name__)
    if max_tokens < 1:
        raise ValueError("max_tokens must be 1 or more, not %d" % max_tokens)
    return max_tokens


def checked_rate(cost: Any) -> Optional[Decimal]:
    if cost is None:
        return None
    if isinstance(cost, bool) or not isinstance(cost, (int, float, str, Decimal)):
        raise TypeError("cost_per_1k_tokens must be a number, not %s" % type(cost).__name__)
    try:
        # By way of its text, a float is the decimal that was written.
        rate = Decimal(str(cost))
    except InvalidOperation:
        raise ValueError("cost_per_1k_tokens must be a number, not %r" % (cost,)) from None
    if not rate.is_finite() or rate < 0:
        raise ValueError("cost_per_1k_tokens must be a finite number, 0 or more, not %s" % cost)
    return rate
