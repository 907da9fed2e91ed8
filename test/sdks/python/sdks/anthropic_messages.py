"""anthropic, sync and async."""

from anthropic import Anthropic, AsyncAnthropic

ASKED = {"model": "claude-sonnet-4-5", "max_tokens": 60, "messages": [{"role": "user", "content": "Hi"}]}


def whole():
    return Anthropic(api_key="sk-ant-test").messages.create(**ASKED).content[0].text


def stream():
    with Anthropic(api_key="sk-ant-test").messages.stream(**ASKED) as messages:
        return messages.get_final_text()


async def async_whole():
    return (await AsyncAnthropic(api_key="sk-ant-test").messages.create(**ASKED)).content[0].text


async def async_stream():
    async with AsyncAnthropic(api_key="sk-ant-test").messages.stream(**ASKED) as messages:
        return await messages.get_final_text()
