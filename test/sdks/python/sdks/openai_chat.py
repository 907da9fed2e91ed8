"""openai, sync and async."""

from openai import AsyncOpenAI, OpenAI

ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 60}


def whole():
    return OpenAI(api_key="sk-test").chat.completions.create(**ASKED).choices[0].message.content


def stream():
    chunks = OpenAI(api_key="sk-test").chat.completions.create(**ASKED, stream=True)
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks)


async def async_whole():
    return (await AsyncOpenAI(api_key="sk-test").chat.completions.create(**ASKED)).choices[0].message.content


async def async_stream():
    chunks = await AsyncOpenAI(api_key="sk-test").chat.completions.create(**ASKED, stream=True)
    return "".join([chunk.choices[0].delta.content or "" async for chunk in chunks])
