"""Usage as MLflow's metrics, and where they are written."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any, Dict, Optional

from .account import Usage

USED = "token_budget_used"
REMAINING = "token_budget_remaining"
EXCEEDED = "token_budget_exceeded"


def metrics_of(usage: Usage, cost_usd: Optional[Decimal]) -> Dict[str, float]:
    """The seven metrics by name; without a known cost, six, as an unknown cost is not one of 0."""
    metrics: Dict[str, float] = {
        USED: usage.used,
        REMAINING: usage.remaining,
        # MLflow's stores reject booleans.
        EXCEEDED: int(usage.exceeded),
        "token_budget_input_tokens": usage.input_tokens,
        "token_budget_output_tokens": usage.output_tokens,
        "token_budget_calls": usage.calls,
    }
    if cost_usd is not None:
        metrics["token_budget_estimated_cost_usd"] = float(cost_usd)
    return metrics


def log_metrics(metrics: Dict[str, float], run_id: Optional[str]) -> str:
    """Write `metrics` onto a run, in one request, and return the run's id.

    Without `run_id` it is the active run, or else the last one of this process: `evaluate()` has ended its own by the
    time it returns. Raises ImportError without MLflow, RuntimeError where there is no run.
    """
    try:
        import mlflow
    except ImportError as error:
        raise ImportError("log_to_mlflow() needs MLflow: pip install mlflow") from error
    target = run_id or _current_run(mlflow)
    now = int(time.time() * 1000)
    entries = [mlflow.entities.Metric(name, value, now, 0) for name, value in metrics.items()]
    mlflow.MlflowClient().log_batch(target, metrics=entries)
    return target


def _current_run(mlflow: Any) -> str:
    run = mlflow.active_run() or mlflow.last_active_run()
    if run is None:
        raise RuntimeError("log_to_mlflow() found no MLflow run: pass run_id=, or call it after mlflow.start_run()")
    return str(run.info.run_id)
