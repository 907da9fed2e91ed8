"""litellm's own client of Anthropic's format."""

import litellm

litellm.telemetry = False
ASKED = {
    "model": "anthropic/claude-sonnet-4-5",
    "messages": [{"role": "user", "content": "Hi"}],
    "max_tokens": 60,
    "api_key": "sk-ant-test",
}


def whole():
    return litellm.completion(**ASKED).choices[0].message.content


def stream():
    return "".join(chunk.choices[0].delta.content or "" for chunk in litellm.completion(**ASKED, stream=True))


async def async_whole():
    return (await litellm.acompletion(**ASKED)).choices[0].message.content
