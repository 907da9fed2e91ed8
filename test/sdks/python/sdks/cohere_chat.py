"""cohere, its second interface."""

from cohere import AsyncClientV2, ClientV2

ASKED = {"model": "command-a-03-2025", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 60}


def whole():
    return ClientV2(api_key="test").chat(**ASKED).message.content[0].text


def stream():
    events = ClientV2(api_key="test").chat_stream(**ASKED)
    return "".join(event.delta.message.content.text for event in events if event.type == "content-delta")


async def async_whole():
    return (await AsyncClientV2(api_key="test").chat(**ASKED)).message.content[0].text
