"""requests and aiohttp by themselves, as judges and home-made clients use them."""
import asyncio

import aiohttp
import requests

URL = "https://api.openai.com/v1/chat/completions"
ASK = {"model": "gpt-4o", "max_tokens": 60, "messages": [{"role": "user", "content": "Capital of France?"}]}
HEADERS = {"authorization": "Bearer sk-test"}

print("requests", requests.post(URL, json=ASK, headers=HEADERS, timeout=60).json()["usage"]["total_tokens"])
with requests.Session() as session:
    with session.post(URL, json={**ASK, "stream": True}, headers=HEADERS, timeout=60, stream=True) as answer:
        print("requests stream", sum(1 for line in answer.iter_lines() if line.startswith(b"data:")))


async def main():
    async with aiohttp.ClientSession() as session:
        async with session.post(URL, json=ASK, headers=HEADERS) as answer:
            print("aiohttp", (await answer.json())["usage"]["total_tokens"])
        async with session.post(URL, json={**ASK, "stream": True}, headers=HEADERS) as answer:
            print("aiohttp stream", (await answer.text()).count("data:"))


asyncio.run(main())
