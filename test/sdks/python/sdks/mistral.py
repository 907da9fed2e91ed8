"""mistralai."""

try:
    from mistralai.client import Mistral
except ImportError:
    from mistralai import Mistral

CLIENT = Mistral(api_key="test")
ASKED = {"model": "mistral-small-latest", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 60}


def whole():
    return CLIENT.chat.complete(**ASKED).choices[0].message.content


def stream():
    return "".join(event.data.choices[0].delta.content or "" for event in CLIENT.chat.stream(**ASKED))


async def async_whole():
    return (await CLIENT.chat.complete_async(**ASKED)).choices[0].message.content
