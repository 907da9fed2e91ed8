"""Tests of an agent as MLflow's pytest plugin runs them; the second one is to fail, as its scores do."""

import gc
import sys

# For speed alone, as in mlflow_eval.py.
sys.modules["databricks.sdk"] = None
gc.set_threshold(100_000)

import mlflow
import openai
from mlflow.genai.scorers import scorer

ROWS = [{"inputs": {"question": "what is row %d" % n}} for n in range(2)]


@mlflow.trace
def ask(question):
    client = openai.OpenAI(api_key="sk-test")
    answer = client.chat.completions.create(
        model="gpt-4o-mini", max_tokens=50, messages=[{"role": "user", "content": question}]
    )
    return answer.choices[0].message.content


@scorer
def short(outputs):
    return "yes" if len(outputs) < 100 else "no"


@scorer
def long(outputs):
    return "yes" if len(outputs) > 100 else "no"


@mlflow.test
def test_short():
    result = mlflow.genai.evaluate(data=ROWS, predict_fn=ask, scorers=[short])
    assert result.passed, result.reason


@mlflow.test
def test_long():
    result = mlflow.genai.evaluate(data=ROWS, predict_fn=ask, scorers=[long])
    assert result.passed, result.reason
