"""calls.py NAME [URL]: makes one kind of call and prints what came of it as JSON. Without arguments it reads them from its
input, JSON of [NAME, URL or null] a line."""

import asyncio
import json
import sys

OPENAI = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "hi"}]}
ANTHROPIC = dict(OPENAI, model="claude-haiku", max_tokens=16)
ECHO = "https://api.openai.com/v1/echo?q=%C3%A9&r=a%26b"
URL = sys.argv[2] if len(sys.argv) > 2 else ECHO


def openai_client(asynchronous=False):
    import openai

    return (openai.AsyncOpenAI if asynchronous else openai.OpenAI)(api_key="k", max_retries=0)


def anthropic_client(asynchronous=False):
    import anthropic

    return (anthropic.AsyncAnthropic if asynchronous else anthropic.Anthropic)(api_key="k", max_retries=0)


def openai_sync():
    answer = openai_client().chat.completions.create(**OPENAI)
    return {"text": answer.choices[0].message.content, "tokens": answer.usage.total_tokens}


def openai_stream():
    return {"text": "".join(c.choices[0].delta.content for c in openai_client().chat.completions.create(stream=True, **OPENAI))}


async def openai_async():
    answer = await openai_client(True).chat.completions.create(**OPENAI)
    return {"text": answer.choices[0].message.content, "tokens": answer.usage.total_tokens}


async def openai_async_stream():
    chunks = await openai_client(True).chat.completions.create(stream=True, **OPENAI)
    return {"text": "".join([chunk.choices[0].delta.content async for chunk in chunks])}


def anthropic_sync():
    answer = anthropic_client().messages.create(**ANTHROPIC)
    return {"text": answer.content[0].text, "tokens": answer.usage.input_tokens + answer.usage.output_tokens}


def anthropic_stream():
    with anthropic_client().messages.stream(**ANTHROPIC) as stream:
        return {"text": "".join(stream.text_stream)}


async def anthropic_async():
    answer = await anthropic_client(True).messages.create(**ANTHROPIC)
    return {"text": answer.content[0].text, "tokens": answer.usage.input_tokens + answer.usage.output_tokens}


async def anthropic_async_stream():
    async with anthropic_client(True).messages.stream(**ANTHROPIC) as stream:
        return {"text": "".join([text async for text in stream.text_stream])}


def requests_post():
    import requests

    answer = requests.post(URL, json=OPENAI, timeout=20)
    return {"target": answer.json()["target"], "url": answer.url, "body": json.loads(answer.json()["body"])}


def requests_session():
    import requests

    with requests.Session() as session:
        first = session.get("https://api.openai.com/redirect", timeout=20)
        return {"url": first.url, "history": [r.status_code for r in first.history], "again": session.get(URL).status_code}


def urllib3_proxy():
    import urllib3

    manager = urllib3.ProxyManager("http://127.0.0.1:9")
    return {"target": json.loads(manager.request("GET", URL, retries=False).data)["target"]}


def httpx_sync():
    import httpx

    answer = httpx.post(URL, json=OPENAI, timeout=20)
    return {"target": answer.json()["target"], "url": str(answer.url), "body": json.loads(answer.json()["body"])}


async def httpx_async():
    import httpx

    async with httpx.AsyncClient(timeout=20, http1=True) as client:
        answer = await client.post(URL, json=OPENAI)
        return {"target": answer.json()["target"], "url": str(answer.url), "body": json.loads(answer.json()["body"])}


async def aiohttp_post():
    import aiohttp

    async with aiohttp.ClientSession(trust_env=True) as session:
        async with session.post(URL, json=OPENAI) as answer:
            told = await answer.json()
        async with session.get(URL) as again:
            assert again.status == 200
        return {"target": told["target"], "url": str(answer.url), "body": json.loads(told["body"])}


def urllib_request():
    import urllib.request

    request = urllib.request.Request(URL, data=json.dumps(OPENAI).encode(), headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        told = json.loads(answer.read())
        return {"target": told["target"], "url": answer.url, "body": json.loads(told["body"])}


def http_client():
    import http.client
    from urllib.parse import urlsplit

    url = urlsplit(URL)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.hostname, url.port, timeout=20)
    target = url.path + ("?" + url.query if url.query else "")
    connection.request("POST", target, json.dumps(OPENAI))
    told = json.loads(connection.getresponse().read())
    return {"target": told["target"], "url": URL, "body": json.loads(told["body"])}


def openai_threads():
    from concurrent.futures import ThreadPoolExecutor

    client = openai_client()

    def call(_):
        return client.chat.completions.create(**OPENAI).choices[0].message.content

    with ThreadPoolExecutor(50) as pool:
        return {"texts": list(pool.map(call, range(200)))}


def gevent_fork():
    from gevent import monkey

    monkey.patch_all()
    import os

    import gevent
    import requests

    def call():
        return requests.get(URL, timeout=20).status_code

    before = [job.get() for job in [gevent.spawn(call) for _ in range(5)]]
    reading, writing = os.pipe()
    if os.fork() == 0:
        after = [job.get() for job in [gevent.spawn(call) for _ in range(5)]]
        os.write(writing, json.dumps(after).encode())
        os._exit(0)
    os.wait()
    return {"before": before, "after": json.loads(os.read(reading, 1000))}


def websocket():
    """A client that the hook does not know: TLS by the event loop."""

    async def open_tls():
        await asyncio.open_connection(URL.split("//")[1].split(":")[0], int(URL.rpartition(":")[2]), ssl=True)

    return asyncio.run(open_tls())


def raw_tls():
    """A client that the hook does not know: TLS on a socket of its own."""
    import socket
    import ssl

    host, port = URL.split("//")[1].split(":")
    sock = socket.create_connection((host, int(port)), 20)
    ssl.create_default_context().wrap_socket(sock, server_hostname=host)


def errors(error):
    """The names of an error's classes and of those below it, for a test to look for one."""
    names = []
    while error is not None and len(names) < 50:
        names += [kind.__module__.partition(".")[0] + "." + kind.__name__ for kind in type(error).__mro__]
        error = error.__cause__ or error.__context__ or getattr(error, "reason", None)
        if not isinstance(error, BaseException):
            break
    return names


def outcome(call):
    try:
        result = asyncio.run(call()) if asyncio.iscoroutinefunction(call) else call()
    except Exception as error:
        result = {"error": str(error), "kinds": errors(error)}
    return json.dumps(result)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(outcome(globals()[sys.argv[1]]))
    else:
        for line in sys.stdin:
            name, URL = json.loads(line)
            URL = URL or ECHO
            print(outcome(globals()[name]), flush=True)
