"""Metrics and scorers where MLflow is not installed."""

import posixpath
import re
import subprocess
import sys

import pytest

from token_budget import TokenBudgetEvaluator

SEVEN = {
    "token_budget_used",
    "token_budget_remaining",
    "token_budget_exceeded",
    "token_budget_input_tokens",
    "token_budget_output_tokens",
    "token_budget_calls",
    "token_budget_estimated_cost_usd",
}


def spent(**options):
    budget = TokenBudgetEvaluator(lambda text: "b c", max_tokens=10, **options)
    budget("a")
    return budget


def test_there_are_seven_metrics():
    metrics = spent(cost_per_1k_tokens=0.5).metrics()
    assert set(metrics) == SEVEN
    assert metrics == {
        "token_budget_used": 3,
        "token_budget_remaining": 7,
        "token_budget_exceeded": 0,
        "token_budget_input_tokens": 1,
        "token_budget_output_tokens": 2,
        "token_budget_calls": 1,
        "token_budget_estimated_cost_usd": 0.0015,
    }


def test_an_unknown_cost_is_no_metric():
    assert set(spent().metrics()) == SEVEN - {"token_budget_estimated_cost_usd"}


def test_every_name_is_one_that_mlflow_takes():
    for name in spent(cost_per_1k_tokens=1).metrics():
        assert re.fullmatch(r"[/\w.\- :]*", name)
        assert posixpath.normpath(name) == name and not name.startswith((".", "/")) and len(name) <= 250
        assert "/" not in name


def test_no_value_is_a_boolean():
    metrics = TokenBudgetEvaluator(max_tokens=1, cost_per_1k_tokens=1).metrics()
    assert not [value for value in metrics.values() if isinstance(value, bool)]


def test_scorers_are_functions_that_read_the_live_budget():
    budget = spent()
    scorers = budget.budget_scorers()
    assert [scorer.__name__ for scorer in scorers] == [
        "token_budget_used",
        "token_budget_remaining",
        "token_budget_exceeded",
    ]
    assert [scorer(outputs="x") for scorer in scorers] == [3, 7, False]
    budget("a b c d e f g")
    assert [scorer() for scorer in scorers] == [12, 0, True]
    budget.reset()
    assert [scorer() for scorer in scorers] == [0, 10, False]


def test_logging_without_mlflow_says_what_is_missing():
    with pytest.raises(ImportError, match="log_to_mlflow\\(\\) needs MLflow: pip install mlflow"):
        spent().log_to_mlflow()


def test_importing_it_imports_no_library():
    script = "import sys, token_budget; print(sorted({'mlflow', 'tiktoken', 'asyncio'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True, timeout=60)
    assert ended.stdout.decode().strip() == "[]"
