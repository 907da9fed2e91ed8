"""The budget around a function that calls a model."""

from __future__ import annotations

import functools
import inspect
import warnings
from decimal import Decimal
from typing import Any, Awaitable, Callable, Dict, List, Optional, TypeVar, Union, cast

from .account import Account, Usage
from .arguments import check_callable, checked_limit, checked_mode, checked_rate
from .charge import Charge
from .counters import TokenCounter, count_words, counted
from .metrics import log_metrics, metrics_of
from .scorers import scorers_of
from .text import text_of

Model = TypeVar("Model", bound=Callable[..., Any])


class TokenBudgetEvaluator:
    """Counts the tokens of every call of a model function and holds them to `max_tokens`, in any number of threads.

    What a call costs:
        Its input (all arguments) is counted and charged before the model runs, in one step with the check. Its output
        is counted and charged when the model returns. Where the model raises, its input stays charged. Under
        `token-budget run`, what providers reported for the call replaces both counts once it has ended, wherever
        the run saw a call to a provider.
    With on_exceed="raise":
        A call runs only while the budget has tokens left and the call's input fits in them; else it raises
        TokenBudgetExceeded, and neither runs nor costs anything. Reaching the budget exactly is allowed. Nobody knows
        an output beforehand, so outputs alone can take the total past the budget, by at most the outputs of the calls
        that run at that moment. Such a call returns its answer; the next one is refused.
    With on_exceed="warn":
        Every call runs; the first to pass the budget gives one UserWarning.

    Use it as the function itself, `TokenBudgetEvaluator(predict, max_tokens=...)`, or let it `wrap` functions, of which
    any number share the budget.

    Args:
        model: what calling the evaluator calls, sync or async. Without one, only `wrap` makes calls.
        max_tokens: the budget, input and output together; 1 or more.
        cost_per_1k_tokens: USD for 1,000 tokens, for `estimated_cost_usd`; 0 or more.
        on_exceed: "raise" or "warn".
        token_counter: tokens in a text; words where it is None.

    Raises:
        TypeError, ValueError: an argument is none of these; the message says which.
    """

    def __init__(
        self,
        model: Optional[Callable[..., Any]] = None,
        *,
        max_tokens: int,
        cost_per_1k_tokens: Union[int, float, str, Decimal, None] = None,
        on_exceed: str = "raise",
        token_counter: Optional[TokenCounter] = None,
    ) -> None:
        check_callable("model", model)
        check_callable("token_counter", token_counter)
        self._max_tokens = checked_limit(max_tokens)
        self._rate = checked_rate(cost_per_1k_tokens)
        self._on_exceed = checked_mode(on_exceed)
        self._count = token_counter or count_words
        self._account = self._new_account()
        self._model = model and self.wrap(model)
        if model is not None:
            _present_as(self, model)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the model under the budget. Raises TokenBudgetExceeded, TypeError without a model, or what it raises."""
        if self._model is None:
            raise TypeError("this TokenBudgetEvaluator has no model: pass one, or use wrap()")
        return self._model(*args, **kwargs)

    def wrap(self, fn: Model) -> Model:
        """`fn` under this budget, with the same signature; async where `fn` is async."""
        if not callable(fn):
            raise TypeError("wrap() takes a callable, not %s" % type(fn).__name__)

        @functools.wraps(fn)
        def call(*args: Any, **kwargs: Any) -> Any:
            charge = self._admit(args, kwargs)
            with charge:
                output = fn(*args, **kwargs)
                if not inspect.isawaitable(output):
                    return self._settle(charge, output)
            return self._settle_later(charge, output)

        @functools.wraps(fn)
        async def call_async(*args: Any, **kwargs: Any) -> Any:
            with self._admit(args, kwargs) as charge:
                return self._settle(charge, await fn(*args, **kwargs))

        return cast(Model, call_async if _is_async(fn) else call)

    @property
    def max_tokens(self) -> int:
        """The budget, in tokens."""
        return self._max_tokens

    @property
    def used(self) -> int:
        """Input and output tokens charged so far."""
        return self.usage().used

    @property
    def input_tokens(self) -> int:
        """Input tokens charged so far, those of calls still running included."""
        return self.usage().input_tokens

    @property
    def output_tokens(self) -> int:
        """Output tokens charged so far."""
        return self.usage().output_tokens

    @property
    def remaining(self) -> int:
        """Tokens left; 0 once the budget is reached or passed."""
        return self.usage().remaining

    @property
    def calls(self) -> int:
        """Calls that ran or run; refused ones are not among them."""
        return self.usage().calls

    @property
    def refused(self) -> int:
        """Calls refused; always 0 with on_exceed="warn"."""
        return self.usage().refused

    @property
    def exceeded(self) -> bool:
        """Whether the budget was passed or refused a call. Reaching it exactly is neither."""
        return self.usage().exceeded

    @property
    def estimated_cost_usd(self) -> Optional[Decimal]:
        """What the tokens used so far cost, exactly; None without cost_per_1k_tokens."""
        return self._cost(self.usage())

    def usage(self) -> Usage:
        """All counts at one moment: read singly, they may be from before and after a call."""
        return self._account.usage()

    def reset(self) -> None:
        """Start again from nothing. Calls still running then belong to the past: their outputs are not charged."""
        self._account = self._new_account()

    def metrics(self) -> Dict[str, float]:
        """The metrics `log_to_mlflow` writes, by name; the cost only where it is known, `exceeded` as 0 or 1."""
        usage = self.usage()
        return metrics_of(usage, self._cost(usage))

    def budget_scorers(self) -> List[Any]:
        """Scorers token_budget_used, token_budget_remaining and token_budget_exceeded, which read this budget live.

        For `mlflow.genai.evaluate(scorers=...)` where MLflow is installed; elsewhere functions that return the value.
        """
        # Not the bound account: it is another one after reset().
        return scorers_of(lambda: self.usage())

    def log_to_mlflow(self, run_id: Optional[str] = None) -> str:
        """Write `metrics()` onto an MLflow run and return its id.

        Without `run_id`, onto the active run, or else onto the last run of this process, which after
        `mlflow.genai.evaluate()` is the one it made. Raises ImportError without MLflow, RuntimeError without a run.
        """
        return log_metrics(self.metrics(), run_id)

    def _new_account(self) -> Account:
        return Account(self._max_tokens, self._on_exceed == "raise")

    def _admit(self, args: Any, kwargs: Any) -> Charge:
        tokens = counted(self._count, text_of((args, kwargs)))
        account = self._account
        self._warn_if(account.admit(tokens))
        return Charge(account, tokens, self._warn_if)

    def _settle(self, charge: Charge, output: Any) -> Any:
        charge.settle(lambda: counted(self._count, text_of(output)))
        return output

    async def _settle_later(self, charge: Charge, output: Awaitable[Any]) -> Any:
        with charge:
            return self._settle(charge, await output)

    def _warn_if(self, passes: bool) -> None:
        if passes and self._on_exceed == "warn":
            text = "token-budget: over the budget of %d tokens; calls go on" % self._max_tokens
            warnings.warn(text, stacklevel=4)

    def _cost(self, usage: Usage) -> Optional[Decimal]:
        return None if self._rate is None else usage.used * self._rate / 1000


def _is_async(fn: Any) -> bool:
    return inspect.iscoroutinefunction(fn) or inspect.iscoroutinefunction(getattr(fn, "__call__", None))


def _present_as(evaluator: Any, model: Any) -> None:
    """MLflow checks a row's columns against the signature of what it calls, and names the trace after it."""
    evaluator.__name__ = getattr(model, "__name__", type(model).__name__)
    try:
        evaluator.__signature__ = inspect.signature(model)
    except (TypeError, ValueError):
        pass  # Some built-in callables have none; then the evaluator takes anything.
