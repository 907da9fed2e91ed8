"""The budget in a real `mlflow.genai.evaluate()`, over a sqlite store, read back through MLflow's own client.

MLflow calls the function once with the first row before the run starts, so ten rows are eleven calls.
"""

import time

import mlflow
import pytest
from mlflow.utils.validation import _validate_metric_name

from token_budget import TokenBudgetEvaluator, TokenBudgetExceeded

ROWS = [{"inputs": {"question": "what is row %d" % n}} for n in range(10)]
SCORES = ["token_budget_exceeded", "token_budget_remaining", "token_budget_used"]


@pytest.fixture(autouse=True)
def store(tmp_path_factory, request):
    """One store for all tests, as making its tables takes seconds; an experiment for each."""
    folder = tmp_path_factory.getbasetemp() / "store"
    folder.mkdir(exist_ok=True)
    mlflow.set_tracking_uri("sqlite:///%s/mlflow.db" % folder)
    name = request.node.name
    client = mlflow.MlflowClient()
    experiment = client.create_experiment(name, artifact_location=(folder / "artifacts").as_uri())
    mlflow.set_experiment(experiment_id=experiment)


def predict(question: str) -> str:
    return "one two three"


def scores_of(run_id):
    traces = mlflow.search_traces(run_id=run_id, return_type="list")
    return [sorted(trace.info.assessments, key=lambda score: score.name) for trace in traces]


def test_three_scores_a_row_and_seven_metrics_on_the_run():
    budget = TokenBudgetEvaluator(predict, max_tokens=1000, cost_per_1k_tokens=0.03)
    result = mlflow.genai.evaluate(data=ROWS, predict_fn=budget, scorers=budget.budget_scorers())
    assert (budget.input_tokens, budget.output_tokens, budget.calls) == (44, 33, 11)
    assert result.passed, result.reason

    rows = scores_of(result.run_id)
    assert len(rows) == 10
    for row in rows:
        assert [score.name for score in row] == SCORES
        exceeded, remaining, used = row
        assert exceeded.value is False
        assert used.value + remaining.value == 1000
        assert 14 <= used.value <= 77
        assert used.rationale.startswith("When this row was scored, the run had used %d of 1,000" % used.value)

    assert budget.log_to_mlflow() == result.run_id
    metrics = mlflow.MlflowClient().get_run(result.run_id).data.metrics
    assert metrics == {
        "token_budget_used": 77,
        "token_budget_remaining": 923,
        "token_budget_exceeded": 0,
        "token_budget_input_tokens": 44,
        "token_budget_output_tokens": 33,
        "token_budget_calls": 11,
        "token_budget_estimated_cost_usd": 0.00231,
    }


def test_a_refusal_is_attempted_once():
    asked, refused = [], []
    budget = TokenBudgetEvaluator(max_tokens=28)
    within = budget.wrap(predict)

    def noted(question: str) -> str:
        asked.append(question)
        try:
            return within(question)
        except TokenBudgetExceeded:
            refused.append(question)
            raise

    started = time.monotonic()
    result = mlflow.genai.evaluate(data=ROWS, predict_fn=noted, scorers=budget.budget_scorers())
    took = time.monotonic() - started
    assert sorted(asked) == sorted(row["inputs"]["question"] for row in [ROWS[0], *ROWS])
    assert len(refused) == budget.refused == 11 - budget.calls
    # Four calls fit one after the other; more only where answers were awaited together.
    assert 4 <= budget.calls < 11
    # MLflow waits for 1, 2 and 4 seconds before it tries a rate limit again, for each row.
    assert took < 30
    budget.log_to_mlflow(result.run_id)
    metrics = mlflow.MlflowClient().get_run(result.run_id).data.metrics
    assert metrics["token_budget_exceeded"] == 1
    assert "token_budget_exceeded: When this row was scored" in result.reason
    assert "token_budget_estimated_cost_usd" not in metrics


def test_a_store_of_files_has_room_for_scores_and_metrics(tmp_path, monkeypatch):
    """In it, a metric `token_budget_used/max` would be a folder where `token_budget_used` has to be a file."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    mlflow.set_tracking_uri(tmp_path.as_uri())
    mlflow.set_experiment("files")
    budget = TokenBudgetEvaluator(predict, max_tokens=1000, cost_per_1k_tokens=0.03)
    result = mlflow.genai.evaluate(data=ROWS[:2], predict_fn=budget, scorers=budget.budget_scorers())
    assert [[score.name for score in row] for row in scores_of(result.run_id)] == [SCORES, SCORES]
    budget.log_to_mlflow()
    assert mlflow.MlflowClient().get_run(result.run_id).data.metrics == budget.metrics()


def test_async_functions_are_held_to_the_budget_too():
    async def answer(question: str) -> str:
        return "one two three"

    budget = TokenBudgetEvaluator(max_tokens=1000)
    mlflow.genai.evaluate(data=ROWS, predict_fn=budget.wrap(answer), scorers=budget.budget_scorers())
    assert (budget.input_tokens, budget.output_tokens, budget.calls) == (44, 33, 11)


def test_metrics_go_to_the_run_that_is_named_or_active():
    budget = TokenBudgetEvaluator(predict, max_tokens=100)
    with mlflow.start_run() as named:
        pass
    with mlflow.start_run() as active:
        assert budget.log_to_mlflow() == active.info.run_id
        assert budget.log_to_mlflow(named.info.run_id) == named.info.run_id
    client = mlflow.MlflowClient()
    for run in (named, active):
        assert client.get_run(run.info.run_id).data.metrics["token_budget_remaining"] == 100


def test_mlflow_itself_accepts_every_name():
    names = list(TokenBudgetEvaluator(max_tokens=1, cost_per_1k_tokens=1).metrics())
    assert len(names) == 7
    for name in names:
        _validate_metric_name(name)
