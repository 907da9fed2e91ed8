"""Odd inputs, odd outputs, models and counters that fail, and async models."""

import asyncio
import dataclasses

import pytest

from token_budget import TokenBudgetEvaluator, TokenBudgetExceeded


@dataclasses.dataclass
class Answer:
    text: str
    sources: list


class Dumped:
    """What pydantic's models look like."""

    def model_dump(self):
        return {"text": "a b", "more": ["c"]}


class Shown:
    def __str__(self):
        return "a b c d"


@pytest.mark.parametrize(
    "output, tokens",
    [
        ("", 0),
        (" \n\t ", 0),
        (None, 0),
        ({}, 0),
        ([], 0),
        ("one two", 2),
        (b"one two", 2),
        (42, 1),
        ({"answer": "one two", "score": 0.5, "note": None}, 3),
        ({"choices": [{"message": {"role": "assistant", "content": "one two"}}]}, 3),
        (["one two", "three"], 3),
        (("one", ["two", {"x": "three four"}]), 4),
        (Answer("one two", ["three"]), 3),
        (Dumped(), 3),
        (Shown(), 4),
    ],
)
def test_counts_the_text_in_any_output(output, tokens):
    budget = TokenBudgetEvaluator(lambda: output, max_tokens=100)
    assert budget() is output
    assert (budget.input_tokens, budget.output_tokens) == (0, tokens)


def test_counts_the_text_in_all_arguments():
    budget = TokenBudgetEvaluator(lambda *args, **kwargs: None, max_tokens=100)
    budget("a b", [{"role": "user", "content": "c d e"}], context=None, temperature=0)
    assert budget.input_tokens == 7


def test_a_structure_that_holds_itself_ends():
    loop = ["a"]
    loop.append(loop)
    budget = TokenBudgetEvaluator(lambda: loop, max_tokens=10_000)
    budget()
    assert budget.output_tokens >= 50


def test_a_stream_is_not_taken_for_text():
    def stream():
        yield "a"

    budget = TokenBudgetEvaluator(stream, max_tokens=100)
    with pytest.raises(TypeError, match="let the function return the whole text"):
        budget()


def test_the_input_of_a_call_whose_model_raises_stays_charged():
    def broken(text):
        raise ConnectionError("provider is down")

    budget = TokenBudgetEvaluator(broken, max_tokens=100)
    with pytest.raises(ConnectionError, match="provider is down"):
        budget("a b c")
    assert (budget.input_tokens, budget.output_tokens, budget.calls, budget.refused) == (3, 0, 1, 0)


@pytest.mark.parametrize(
    "count, error, says",
    [
        (lambda text: -1, ValueError, "0 or more, not -1"),
        (lambda text: 1.5, TypeError, "an int, not float"),
        (lambda text: True, TypeError, "an int, not bool"),
        (lambda text: None, TypeError, "an int, not NoneType"),
        (lambda text: {}["missing"], KeyError, "missing"),
    ],
)
def test_a_counter_that_fails_stops_the_call_before_the_model_runs(count, error, says):
    made = []
    budget = TokenBudgetEvaluator(made.append, max_tokens=100, token_counter=count)
    with pytest.raises(error, match=says):
        budget("a")
    assert (made, budget.used, budget.calls) == ([], 0, 0)


def test_a_counter_that_fails_on_the_output_leaves_the_input_charged():
    def count(text):
        if text == "answer":
            raise ValueError("not countable")
        return 5

    budget = TokenBudgetEvaluator(lambda text: "answer", max_tokens=100, token_counter=count)
    with pytest.raises(ValueError, match="not countable"):
        budget("a")
    assert (budget.input_tokens, budget.output_tokens, budget.calls) == (5, 0, 1)


def test_any_function_from_text_to_a_number_can_count():
    budget = TokenBudgetEvaluator(lambda text: "abc", max_tokens=100, token_counter=len)
    budget("ab")
    assert (budget.input_tokens, budget.output_tokens) == (2, 3)


def test_an_async_function_stays_async_under_the_budget():
    async def predict(text):
        await asyncio.sleep(0)
        return "b c"

    budget = TokenBudgetEvaluator(predict, max_tokens=6)
    wrapped = budget.wrap(predict)
    assert asyncio.iscoroutinefunction(wrapped)
    assert asyncio.run(wrapped("a")) == "b c"
    assert asyncio.run(budget("a")) == "b c"
    assert (budget.input_tokens, budget.output_tokens, budget.calls) == (2, 4, 2)
    with pytest.raises(TokenBudgetExceeded):
        asyncio.run(wrapped("a"))


def test_a_function_that_returns_an_awaitable_is_charged_when_it_is_awaited():
    async def answer():
        return "b c"

    budget = TokenBudgetEvaluator(lambda text: answer(), max_tokens=100)
    assert asyncio.run(_awaited(budget("a"))) == "b c"
    assert (budget.input_tokens, budget.output_tokens) == (1, 2)


async def _awaited(value):
    return await value
