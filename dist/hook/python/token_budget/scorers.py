"""The budget as scores of each row: what was used when the row was scored."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Dict, List, Optional, Tuple, Union

from .account import Usage
from .metrics import EXCEEDED, REMAINING, USED

Score = Union[int, bool]

# As an assertion of `EvaluationResult.passed` only the last of them can fail.
_SCORES: Tuple[Tuple[str, Callable[[Usage], Score]], ...] = (
    (USED, lambda usage: usage.used),
    (REMAINING, lambda usage: usage.remaining),
    (EXCEEDED, lambda usage: usage.exceeded),
)


def scorers_of(read: Callable[[], Usage]) -> List[Any]:
    """Three scorers that call `read` for each row: MLflow's where it is installed, and plain functions elsewhere."""
    try:
        from mlflow.entities import Feedback
        from mlflow.genai.scorers import scorer
    except ImportError:
        return [_plain(name, value, read) for name, value in _SCORES]
    # MLflow would log the mean of a running total, which says nothing, as the run's metric `NAME/mean`; a store of
    # files has no room for that beside the metric `NAME`, which says it all.
    return [
        scorer(name=name, aggregations=[], **_passing(scorer, name))(_feedback(Feedback, name, value, read))
        for name, value in _SCORES
    ]


def _passing(scorer: Any, name: str) -> Dict[str, Any]:
    """What newer releases of MLflow ask of a scorer whose value is no `True`."""
    if "pass_if" not in inspect.signature(scorer).parameters:
        return {}
    return {"pass_if": (lambda value: not value) if name == EXCEEDED else (lambda value: True)}


def _plain(name: str, value: Callable[[Usage], Score], read: Callable[[], Usage]) -> Callable[..., Score]:
    def score(outputs: Optional[Any] = None) -> Score:
        return value(read())

    score.__name__ = score.__qualname__ = name
    return score


def _feedback(
    feedback: Any, name: str, value: Callable[[Usage], Score], read: Callable[[], Usage]
) -> Callable[..., Any]:
    def score(outputs: Optional[Any] = None) -> Any:
        usage = read()
        return feedback(name=name, value=value(usage), rationale=_rationale(usage))

    score.__name__ = score.__qualname__ = name
    return score


def _rationale(usage: Usage) -> str:
    refused = ", %s refused" % format(usage.refused, ",") if usage.refused else ""
    return "When this row was scored, the run had used %s of %s tokens (%s in, %s out) in %s calls%s." % (
        *(format(n, ",") for n in (usage.used, usage.limit, usage.input_tokens, usage.output_tokens, usage.calls)),
        refused,
    )
