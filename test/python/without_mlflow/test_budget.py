"""What calls are charged, and which are refused."""

import copy
import pickle
import warnings

import pytest

from token_budget import TokenBudgetEvaluator, TokenBudgetExceeded, Usage


def words(count):
    return " ".join(["word"] * count)


def answering(count, made):
    """A model that notes its calls and answers with `count` words."""

    def model(text):
        made.append(text)
        return words(count)

    return model


def test_charges_input_and_output_of_every_call():
    budget = TokenBudgetEvaluator(answering(3, []), max_tokens=100)
    assert budget("what is this") == words(3)
    budget(text="and that")
    assert budget.usage() == Usage(limit=100, input_tokens=5, output_tokens=6, calls=2, refused=0)
    assert (budget.used, budget.remaining) == (11, 89)


def test_wrapped_functions_share_one_budget():
    budget = TokenBudgetEvaluator(max_tokens=100)
    budget.wrap(answering(1, []))("a b")
    budget.wrap(answering(2, []))("c")
    assert (budget.calls, budget.used) == (2, 6)


def test_a_wrapped_function_keeps_its_name_and_signature():
    import inspect

    def predict(question: str, context: str = "") -> str:
        """Answers."""
        return question

    budget = TokenBudgetEvaluator(predict, max_tokens=100)
    wrapped = budget.wrap(predict)
    assert (wrapped.__name__, wrapped.__doc__) == ("predict", "Answers.")
    assert inspect.signature(wrapped) == inspect.signature(budget) == inspect.signature(predict)


@pytest.mark.parametrize("tokens, admitted", [(9, True), (10, True), (11, False)])
def test_input_may_reach_the_limit_and_not_pass_it(tokens, admitted):
    made = []
    budget = TokenBudgetEvaluator(answering(0, made), max_tokens=10)
    if admitted:
        budget(words(tokens))
        assert (budget.used, budget.calls, budget.exceeded) == (tokens, 1, False)
    else:
        with pytest.raises(TokenBudgetExceeded) as caught:
            budget(words(tokens))
        assert (caught.value.used, caught.value.limit, caught.value.requested) == (0, 10, tokens)
        assert (budget.used, budget.calls, budget.refused, budget.exceeded) == (0, 0, 1, True)
    assert len(made) == (1 if admitted else 0)


@pytest.mark.parametrize("output, next_runs, exceeded", [(7, True, False), (8, False, False), (9, False, True)])
def test_the_output_that_reaches_or_passes_the_limit_is_kept_and_the_next_call_refused(output, next_runs, exceeded):
    made = []
    budget = TokenBudgetEvaluator(answering(output, made), max_tokens=10)
    assert budget("a b") == words(output)
    assert (budget.used, budget.remaining, budget.exceeded) == (2 + output, max(0, 8 - output), exceeded)
    if next_runs:
        budget("c")
    else:
        with pytest.raises(TokenBudgetExceeded):
            budget("c")
    assert len(made) == (2 if next_runs else 1)


def test_a_full_budget_refuses_even_an_empty_call():
    budget = TokenBudgetEvaluator(answering(0, []), max_tokens=2)
    budget("a b")
    with pytest.raises(TokenBudgetExceeded):
        budget("")


def test_a_smaller_call_still_runs_after_a_larger_one_was_refused():
    budget = TokenBudgetEvaluator(answering(0, []), max_tokens=10)
    with pytest.raises(TokenBudgetExceeded):
        budget(words(11))
    budget(words(10))
    assert (budget.used, budget.calls, budget.refused) == (10, 1, 1)


def test_warn_runs_every_call_and_warns_once():
    made = []
    budget = TokenBudgetEvaluator(answering(1, made), max_tokens=3, on_exceed="warn")
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        for _ in range(5):
            budget("a")
    assert (len(made), budget.used, budget.refused, budget.exceeded, budget.remaining) == (5, 10, 0, True, 0)
    assert [(warning.category, str(warning.message)) for warning in shown] == [
        (UserWarning, "token-budget: over the budget of 3 tokens; calls go on")
    ]


def test_raise_does_not_warn():
    budget = TokenBudgetEvaluator(answering(9, []), max_tokens=3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        budget("a")
    assert budget.exceeded


def test_the_words_of_a_refusal_never_look_like_a_passing_trouble():
    for used in (1, 429, 500, 4290):
        text = str(TokenBudgetExceeded(used, 429, 429))
        assert text == str(TokenBudgetExceeded(0, 1))
        assert not any(character.isdigit() for character in text)
        for phrase in ("rate limit", "quota", "retry", "too many tokens", "context length", "maximum context"):
            assert phrase not in text.lower()


@pytest.mark.parametrize("again", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy])
def test_a_refusal_keeps_its_numbers_between_processes(again):
    error = again(TokenBudgetExceeded(7, 10, 5))
    assert (error.used, error.limit, error.requested) == (7, 10, 5)
    assert str(error) == str(TokenBudgetExceeded(0, 1))


def test_reset_starts_again_from_nothing():
    budget = TokenBudgetEvaluator(answering(9, []), max_tokens=5)
    budget("a")
    budget.reset()
    assert budget.usage() == Usage(limit=5, input_tokens=0, output_tokens=0, calls=0, refused=0)
    budget("a")
    assert budget.calls == 1


def test_a_call_that_runs_during_a_reset_is_not_charged_to_what_follows():
    budget = TokenBudgetEvaluator(max_tokens=100)

    def model(text):
        budget.reset()
        return words(5)

    budget.wrap(model)("a b")
    assert (budget.used, budget.calls) == (0, 0)
