"""Evals as users write them, knowing nothing of a budget. Arguments: the kind of eval, a tracking URI, the rows.

Prints the id of the eval's run, the names of the result's columns and its metrics as JSON.
"""

import asyncio
import contextvars
import http.client
import json
import sys
import threading
import urllib.request

import mlflow
import openai
from mlflow.genai.judges import make_judge
from mlflow.genai.scorers import scorer

KIND, URI, ROWS = sys.argv[1], sys.argv[2], int(sys.argv[3])
BODY = {"model": "gpt-4o-mini", "max_tokens": 50, "messages": [{"role": "user", "content": "predict"}]}
CHAT = "https://api.openai.com/v1/chat/completions"
HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer sk-test"}


def ask(question):
    answer = openai.OpenAI(api_key="sk-test").chat.completions.create(**BODY)
    return answer.choices[0].message.content


@mlflow.trace
def traced(question):
    return ask(question)


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


def by_two_traces(question):
    return ask(question) and ask(question)


def to_both(question):
    """A host that is not the budget's is asked too: the second argument of the kind is its address."""
    import requests

    requests.get(sys.argv[4], timeout=20)
    return ask(question)


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
    "all": by_all,
    "two": by_two_traces,
    "both": to_both,
}


def main():
    mlflow.set_tracking_uri(URI)
    mlflow.set_experiment("evals")
    judge = make_judge(
        name="correct", instructions="judge: is {{ outputs }} right for {{ inputs }}?", model="openai:/gpt-4o-mini"
    )
    scorers = [judge, short] if KIND in ("traced", "async") else [by_word, short]
    if KIND == "langchain":
        mlflow.langchain.autolog()
    if KIND in ("autolog", "two"):
        mlflow.openai.autolog()
    rows = [{"inputs": {"question": "what is row %d" % n}} for n in range(ROWS)]
    result = mlflow.genai.evaluate(data=rows, predict_fn=FUNCTIONS[KIND], scorers=scorers)
    columns = sorted(result.result_df.columns)
    print("\n" + json.dumps({"run_id": result.run_id, "columns": columns, "metrics": result.metrics}))


main()
