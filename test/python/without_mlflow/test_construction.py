"""What the constructor takes and refuses."""

from decimal import Decimal

import pytest

from token_budget import TokenBudgetEvaluator, TokenBudgetExceeded, tiktoken_counter


@pytest.mark.parametrize(
    "arguments, error, says",
    [
        ({}, TypeError, "max_tokens"),
        ({"max_tokens": 0}, ValueError, "max_tokens must be 1 or more, not 0"),
        ({"max_tokens": -1}, ValueError, "max_tokens must be 1 or more, not -1"),
        ({"max_tokens": 1.5}, TypeError, "max_tokens must be an int, not float"),
        ({"max_tokens": True}, TypeError, "max_tokens must be an int, not bool"),
        ({"max_tokens": None}, TypeError, "max_tokens must be an int, not NoneType"),
        ({"max_tokens": 10, "on_exceed": "halt"}, ValueError, "on_exceed must be \"raise\" or \"warn\", not 'halt'"),
        ({"max_tokens": 10, "on_exceed": None}, ValueError, "on_exceed must be"),
        ({"max_tokens": 10, "cost_per_1k_tokens": -0.01}, ValueError, "cost_per_1k_tokens must be a finite number"),
        ({"max_tokens": 10, "cost_per_1k_tokens": float("nan")}, ValueError, "cost_per_1k_tokens must be a finite"),
        ({"max_tokens": 10, "cost_per_1k_tokens": "cheap"}, ValueError, "must be a number, not 'cheap'"),
        ({"max_tokens": 10, "cost_per_1k_tokens": True}, TypeError, "must be a number, not bool"),
        ({"max_tokens": 10, "token_counter": "o200k_base"}, TypeError, "token_counter must be callable, not str"),
        ({"max_tokens": 10, "model": "gpt-4o"}, TypeError, "model must be callable, not str"),
    ],
)
def test_refuses_arguments_that_mean_nothing(arguments, error, says):
    with pytest.raises(error) as caught:
        TokenBudgetEvaluator(**arguments)
    assert says in str(caught.value)


def test_starts_from_nothing():
    budget = TokenBudgetEvaluator(max_tokens=100)
    assert (budget.used, budget.input_tokens, budget.output_tokens, budget.calls, budget.refused) == (0, 0, 0, 0, 0)
    assert (budget.max_tokens, budget.remaining, budget.exceeded, budget.estimated_cost_usd) == (100, 100, False, None)


def test_takes_the_limit_by_name_only():
    with pytest.raises(TypeError):
        TokenBudgetEvaluator(len, 100)


def test_calling_it_without_a_model_says_what_to_do():
    with pytest.raises(TypeError, match="pass one, or use wrap"):
        TokenBudgetEvaluator(max_tokens=100)("hello")


def test_wrap_takes_a_callable_only():
    with pytest.raises(TypeError, match="wrap\\(\\) takes a callable, not str"):
        TokenBudgetEvaluator(max_tokens=100).wrap("predict")


@pytest.mark.parametrize("rate", [0.03, "0.03", Decimal("0.03")])
def test_the_cost_is_exact_however_the_rate_is_written(rate):
    budget = TokenBudgetEvaluator(lambda text: "b c", max_tokens=1000, cost_per_1k_tokens=rate)
    for _ in range(10):
        budget("a")
    assert budget.used == 30
    assert budget.estimated_cost_usd == Decimal("0.0009")


def test_a_rate_of_nothing_costs_nothing_and_is_known():
    budget = TokenBudgetEvaluator(lambda text: text, max_tokens=10, cost_per_1k_tokens=0)
    budget("a")
    assert budget.estimated_cost_usd == 0


def test_tiktoken_is_needed_only_where_it_is_asked_for():
    with pytest.raises(ImportError, match="pip install tiktoken"):
        tiktoken_counter()


def test_the_error_is_a_runtime_error_with_its_numbers_as_attributes():
    error = TokenBudgetExceeded(7, 10, 5)
    assert isinstance(error, RuntimeError)
    assert (error.used, error.limit, error.requested) == (7, 10, 5)
