"""The official client, sync and async, whole and streamed, and Anthropic's for Vertex; none knows of a budget."""
import asyncio
import re

import anthropic
from google import genai

ASK = {"model": "gemini-2.5-flash", "contents": "What is the capital of France?", "config": {"max_output_tokens": 60}}
HOP = {"model": "gemini-3.5-flash", "input": "Capital of France?"}
CLAUDE = {
    "model": "claude-sonnet-4-5@20250929",
    "max_tokens": 60,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
}


def told(error):
    code = getattr(error, "code", None) or getattr(error, "status_code", None)
    return " ".join([type(error).__name__, str(code), *re.findall(r"token-budget: [\w ]+", str(error))[:1]])


def show(name, call):
    try:
        print(name, call())
    except Exception as error:
        print(name, told(error))


async def show_async(name, call):
    try:
        print(name, await call())
    except Exception as error:
        print(name, told(error))


def claude_stream(claude):
    with claude.messages.stream(**CLAUDE) as stream:
        return "".join(stream.text_stream)


def sync_calls():
    client = genai.Client(api_key="k")
    show("generate", lambda: client.models.generate_content(**ASK).usage_metadata.total_token_count)
    show("stream", lambda: "".join(chunk.text for chunk in client.models.generate_content_stream(**ASK)))
    show("embed", lambda: len(client.models.embed_content(model="gemini-embedding-001", contents="Paris").embeddings))
    show("count", lambda: client.models.count_tokens(model=ASK["model"], contents="Paris").total_tokens)
    show("interaction", lambda: client.interactions.create(**HOP).usage.total_tokens)
    vertex = genai.Client(vertexai=True, api_key="k")
    show("vertex", lambda: vertex.models.generate_content(**ASK).text)
    claude = anthropic.AnthropicVertex(region="us-east5", project_id="p", access_token="k", max_retries=0)
    show("claude", lambda: claude.messages.create(**CLAUDE).usage.output_tokens)
    show("claude stream", lambda: claude_stream(claude))
    show("claude count", lambda: claude.messages.count_tokens(model=CLAUDE["model"], messages=CLAUDE["messages"]).input_tokens)


async def async_calls():
    client = genai.Client(api_key="k").aio

    async def stream():
        return "".join([chunk.text async for chunk in await client.models.generate_content_stream(**ASK)])

    async def whole():
        return (await client.models.generate_content(**ASK)).text

    await show_async("async generate", whole)
    await show_async("async stream", stream)


sync_calls()
asyncio.run(async_calls())
