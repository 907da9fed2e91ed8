"""An eval of MLflow's that knows nothing of a budget. Arguments: rows, and words of its own; prints its run's id.

`bypass` asks for half of the rows where no hook sees it; `die` is killed within its run; `plain` evaluates nothing.
"""

import os
import signal
import subprocess
import sys

import mlflow
from mlflow.genai.judges import make_judge
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


def evaluate():
    mlflow.openai.autolog()
    instructions = "judge: is {{ outputs }} right for {{ inputs }}?"
    judge = make_judge(name="correct", instructions=instructions, model="openai:/gpt-4o-mini")
    rows = [{"inputs": {"question": "row %d" % number}} for number in range(ROWS)]
    return mlflow.genai.evaluate(data=rows, predict_fn=predict, scorers=[judge]).run_id


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
