"""An eval of MLflow's that knows nothing of a budget. Arguments: rows, and words of its own; prints its run's id.

`bypass` asks for half of the rows where no hook sees it; `die` is killed within its run; `plain` evaluates nothing. `named`
has the class and its scorers, and a judge as well where `judged` stands too; `own` has a scorer of its own with a name of ours.
"""

import gc
import os
import signal
import subprocess
import sys

# For speed alone. MLflow imports Databricks' client where it can, which no eval here needs, and most of what the collector
# does is to walk over thousands of modules again and again.
sys.modules["databricks.sdk"] = None
gc.set_threshold(100_000)

import mlflow
from mlflow.genai.judges import make_judge
from mlflow.genai.scorers import scorer
from openai import OpenAI

ROWS, WORDS = int(sys.argv[1]), sys.argv[2:]
mlflow.set_experiment("evals")


def ask(question, **options):
    return OpenAI(api_key="sk-test", **options).chat.completions.create(
        model="gpt-4o-mini", max_completion_tokens=50, messages=[{"role": "user", "content": question}]
    )


def predict(question):
    if "bypass" in WORDS and question.endswith(("1", "3", "5", "7", "9")):
        return ask(question, base_url=os.environ["PROVIDER"] + "/v1").choices[0].message.content
    return ask(question).choices[0].message.content


@scorer
def token_budget_used(outputs):
    return len(outputs)


def evaluate():
    mlflow.openai.autolog()
    instructions = "judge: is {{ outputs }} right for {{ inputs }}?"
    function, scorers = predict, [make_judge(name="correct", instructions=instructions, model="openai:/gpt-4o-mini")]
    if "named" in WORDS:
        from token_budget import TokenBudgetEvaluator

        function = TokenBudgetEvaluator(predict, max_tokens=1_000_000)
        scorers = [*(scorers if "judged" in WORDS else []), *function.budget_scorers()]
    if "own" in WORDS:
        scorers = [token_budget_used]
    rows = [{"inputs": {"question": "row %d" % number}} for number in range(ROWS)]
    return mlflow.genai.evaluate(data=rows, predict_fn=function, scorers=scorers).run_id


def plain():
    with mlflow.start_run() as run:
        print("RUN", run.info.run_id, flush=True)
        for number in range(ROWS):
            ask("row %d" % number)
        if "die" in WORDS:
            os.kill(os.getpid(), signal.SIGKILL)


if "plain" in WORDS:
    plain()
else:
    print("RUN", evaluate(), flush=True)
