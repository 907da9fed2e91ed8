"""Each client's error for a refused call, and nothing else: retries are left as the clients have them."""
import asyncio
import sys

import aiohttp
import anthropic
import openai
import requests

URL = "https://api.openai.com/v1/chat/completions"
MESSAGES = [{"role": "user", "content": "Capital of France?"}]
ASK = {"model": "gpt-4o", "max_tokens": 60, "messages": MESSAGES}
CLAUDE = {"model": "claude-sonnet-4-5", "max_tokens": 60, "messages": MESSAGES}


def show(name, call):
    try:
        call()
        print(name, "went through")
    except (openai.APIStatusError, anthropic.APIStatusError) as error:
        print(name, error.status_code, type(error).__name__, "429" in str(error))


async def asynchronous():
    async with aiohttp.ClientSession() as session:
        async with session.post(URL, json=ASK) as answer:
            print("aiohttp", answer.status)
    try:
        await openai.AsyncOpenAI(api_key="sk-test").chat.completions.create(**ASK)
    except openai.APIStatusError as error:
        print("openai async", error.status_code)


show("openai", lambda: openai.OpenAI(api_key="sk-test").chat.completions.create(**ASK))
show("openai stream", lambda: openai.OpenAI(api_key="sk-test").chat.completions.create(**ASK, stream=True))
show("anthropic", lambda: anthropic.Anthropic(api_key="sk-ant").messages.create(**CLAUDE))
print("requests", requests.post(URL, json=ASK, timeout=60).status_code)
asyncio.run(asynchronous())
sys.exit(0)
