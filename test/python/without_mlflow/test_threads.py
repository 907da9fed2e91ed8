"""Many threads on one budget."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from token_budget import TokenBudgetEvaluator, TokenBudgetExceeded


@pytest.fixture(autouse=True)
def threads_that_change_often():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(workers, calls, work):
    """`work(n)` for each n below `calls`, in `workers` threads that begin together; what they returned."""
    together = threading.Barrier(workers)

    def share(first):
        together.wait(timeout=30)
        return [work(n) for n in range(first, calls, workers)]

    with ThreadPoolExecutor(workers) as pool:
        return [result for results in pool.map(share, range(workers)) for result in results]


@pytest.mark.parametrize("workers", [20, 40])
def test_the_sum_is_exact(workers):
    budget = TokenBudgetEvaluator(lambda text: text + " more", max_tokens=10**9)
    in_threads(workers, 2000, lambda n: budget(" ".join(["word"] * (n % 7))))
    asked = sum(n % 7 for n in range(2000))
    assert (budget.input_tokens, budget.output_tokens, budget.calls) == (asked, asked + 2000, 2000)


@pytest.mark.parametrize("workers", [20, 40])
def test_no_call_is_admitted_past_the_limit(workers):
    made = []
    budget = TokenBudgetEvaluator(made.append, max_tokens=500)

    def attempt(n):
        try:
            budget("one two three")
            return True
        except TokenBudgetExceeded as refusal:
            return refusal.used + refusal.requested <= 500

    outcomes = in_threads(workers, 1000, attempt)
    assert outcomes.count(True) == len(made) == budget.calls == 500 // 3
    assert (budget.used, budget.refused) == (498, 1000 - 166)


@pytest.mark.parametrize("workers", [20, 40])
def test_outputs_pass_the_limit_by_those_of_the_running_calls_at_most(workers):
    budget = TokenBudgetEvaluator(lambda text: "an answer of five words", max_tokens=300)

    def attempt(n):
        try:
            budget("question")
        except TokenBudgetExceeded:
            pass

    in_threads(workers, 1000, attempt)
    assert 300 <= budget.used <= 300 + workers * 5
    assert budget.used == budget.calls * 6
    assert budget.calls + budget.refused == 1000


def test_warns_once_from_all_threads():
    budget = TokenBudgetEvaluator(lambda text: text, max_tokens=100, on_exceed="warn")
    with pytest.warns(UserWarning, match="over the budget") as shown:
        in_threads(40, 1000, lambda n: budget("word"))
    assert len(shown) == 1
    assert (budget.used, budget.calls) == (2000, 1000)
