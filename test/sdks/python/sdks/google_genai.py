"""google-genai, sync and async."""

from google import genai

CLIENT = genai.Client(api_key="AIza-test")
ASKED = {"model": "gemini-2.5-flash", "contents": "Hi", "config": {"max_output_tokens": 60}}


def whole():
    return CLIENT.models.generate_content(**ASKED).text


def stream():
    return "".join(chunk.text or "" for chunk in CLIENT.models.generate_content_stream(**ASKED))


async def async_whole():
    return (await CLIENT.aio.models.generate_content(**ASKED)).text


async def async_stream():
    chunks = await CLIENT.aio.models.generate_content_stream(**ASKED)
    return "".join([chunk.text or "" async for chunk in chunks])
