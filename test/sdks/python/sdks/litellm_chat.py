"""litellm: sync calls by httpx, async ones by aiohttp."""

import litellm

litellm.telemetry = False
ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 60, "api_key": "sk-test"}


def whole():
    return litellm.completion(**ASKED).choices[0].message.content


def stream():
    return "".join(chunk.choices[0].delta.content or "" for chunk in litellm.completion(**ASKED, stream=True))


async def async_whole():
    return (await litellm.acompletion(**ASKED)).choices[0].message.content
