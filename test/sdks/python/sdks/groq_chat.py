"""groq, sync and async."""

from groq import AsyncGroq, Groq

ASKED = {"model": "llama-3.3-70b-versatile", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 60}


def whole():
    return Groq(api_key="gsk_test").chat.completions.create(**ASKED).choices[0].message.content


def stream():
    chunks = Groq(api_key="gsk_test").chat.completions.create(**ASKED, stream=True)
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


async def async_whole():
    return (await AsyncGroq(api_key="gsk_test").chat.completions.create(**ASKED)).choices[0].message.content
