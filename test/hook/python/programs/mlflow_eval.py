"""Evals as users write them, knowing nothing of a budget. Arguments: the kinds of evals, a tracking URI, the rows.

Kinds are separated by commas. For each it prints a line of JSON: the id of the eval's
run, the names of the result's columns, its metrics and what the class counted.
"""

import asyncio
import contextvars
import gc
import http.client
import json
import os
import signal
import sys
import threading
import time
import urllib.request

# For speed alone. MLflow imports Databricks' client where it can, which no eval here needs, and most of what the collector
# does is to walk over thousands of modules again and again.
sys.modules["databricks.sdk"] = None
gc.set_threshold(100_000)

import mlflow
import openai
from mlflow.genai.judges import make_judge
from mlflow.genai.scorers import scorer

KINDS, URI, ROWS = sys.argv[1], sys.argv[2], int(sys.argv[3])
BODY = {"model": "gpt-4o-mini", "max_tokens": 50, "messages": [{"role": "user", "content": "predict"}]}
CHAT = "https://api.openai.com/v1/chat/completions"
HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer sk-test"}


def ask(question):
    answer = openai.OpenAI(api_key="sk-test").chat.completions.create(**BODY)
    return answer.choices[0].message.content


@mlflow.trace
def traced(question):
    return ask(question)


@mlflow.trace
def terminated(question):
    """As a runner ends a job that was cancelled."""
    if question.endswith("3"):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.5)
    return ask(question)


@mlflow.trace
async def asynchronous(question):
    client = openai.AsyncOpenAI(api_key="sk-test")
    answers = await asyncio.gather(*[client.chat.completions.create(**BODY) for _ in range(2)])
    return answers[0].choices[0].message.content


def chained(question):
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(model="gpt-4o-mini", max_tokens=50, api_key="sk-test").invoke("predict").content


def by_requests(question):
    import requests

    return requests.post(CHAT, json=BODY, headers=HEADERS, timeout=20).json()["choices"][0]["message"]["content"]


def by_urllib(question):
    request = urllib.request.Request(CHAT, json.dumps(BODY).encode(), HEADERS)
    return json.load(urllib.request.urlopen(request, timeout=20))["choices"][0]["message"]["content"]


def by_http_client(question):
    connection = http.client.HTTPSConnection("api.openai.com", timeout=20)
    connection.request("POST", "/v1/chat/completions", json.dumps(BODY), HEADERS)
    return json.load(connection.getresponse())["choices"][0]["message"]["content"]


def by_httpx(question):
    import httpx

    return httpx.post(CHAT, json=BODY, headers=HEADERS, timeout=20).json()["choices"][0]["message"]["content"]


def by_aiohttp(question):
    import aiohttp

    async def post():
        async with aiohttp.ClientSession() as session:
            async with session.post(CHAT, json=BODY, headers=HEADERS) as answer:
                return (await answer.json())["choices"][0]["message"]["content"]

    return asyncio.run(post())


def in_a_thread(question):
    context, answers = contextvars.copy_context(), []
    thread = threading.Thread(target=lambda: answers.append(context.run(ask, question)))
    thread.start()
    thread.join()
    return answers[0]


def by_all(question):
    ways = [ask, by_requests, by_urllib, by_http_client, by_httpx, by_aiohttp, in_a_thread]
    return [way(question) for way in ways][0]


def to_others(question):
    """A host that is not the budget's, whose address is the fourth argument, is asked by each library too."""
    import aiohttp
    import httpx
    import requests

    async def get():
        async with aiohttp.ClientSession() as session:
            await session.get(sys.argv[4])

    requests.get(sys.argv[4], timeout=20)
    httpx.get(sys.argv[4], timeout=20)
    urllib.request.urlopen(sys.argv[4], timeout=20).read()
    asyncio.run(get())


def by_all_and_others(question):
    to_others(question)
    return by_all(question)


def by_two_traces(question):
    """MLflow scores one of the two traces."""
    return ask(question) and ask(question)


@scorer
def short(outputs):
    return outputs is not None and len(outputs) < 100


@scorer
def by_word(outputs):
    """A judge of the user's own that calls a model itself."""
    by_requests("judge")
    return True


FUNCTIONS = {
    "traced": traced,
    "async": asynchronous,
    "autolog": ask,
    "langchain": chained,
    "all": by_all_and_others,
    "two": by_two_traces,
    "class": traced,
    "terminated": terminated,
}


def evaluate(kind):
    if kind == "langchain":
        mlflow.langchain.autolog()
    if kind in ("autolog", "two"):
        mlflow.openai.autolog()
    judge = make_judge(
        name="correct", instructions="judge: is {{ outputs }} right for {{ inputs }}?", model="openai:/gpt-4o-mini"
    )
    scorers = [judge, short] if kind in ("traced", "async") else [by_word, short]
    rows = [{"inputs": {"question": "what is row %d" % n}} for n in range(ROWS)]
    predict, used = FUNCTIONS[kind], None
    if kind == "class":
        from token_budget import TokenBudgetEvaluator

        predict = budget = TokenBudgetEvaluator(traced, max_tokens=100_000)
        scorers = [*scorers, *budget.budget_scorers()]
    result = mlflow.genai.evaluate(data=rows, predict_fn=predict, scorers=scorers)
    if kind == "class":
        used = [budget.input_tokens, budget.output_tokens, budget.calls]
    columns = sorted(result.result_df.columns)
    print("\n" + json.dumps({"run_id": result.run_id, "columns": columns, "metrics": result.metrics, "used": used}))


def sweep():
    """As `mlflow.genai.evaluate_sweep` is proposed (mlflow/mlflow#24593): a run of the sweep, and in it one for each
    function and repeat."""
    assert not hasattr(mlflow.genai, "evaluate_sweep"), "MLflow has it now: sweep with it here"
    with mlflow.start_run(run_name="sweep"):
        for kind in ("traced", "autolog"):
            for repeat in range(2):
                with mlflow.start_run(run_name="%s %d" % (kind, repeat), nested=True):
                    evaluate(kind)


def main():
    mlflow.set_tracking_uri(URI)
    mlflow.set_experiment("evals")
    for kind in KINDS.split(","):
        sweep() if kind == "sweep" else evaluate(kind)


main()
