"""The official client, sync and async, whole and streamed."""
import asyncio

import anthropic

ASK = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 60,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
}


def sync_calls():
    client = anthropic.Anthropic(api_key="sk-ant-test")
    print("messages", client.messages.create(**ASK).usage.output_tokens)
    with client.messages.stream(**ASK) as stream:
        print("messages stream", "".join(stream.text_stream))


async def async_calls():
    async with anthropic.AsyncAnthropic(api_key="sk-ant-test") as client:
        print("async messages", (await client.messages.create(**ASK)).usage.output_tokens)
        async with client.messages.stream(**ASK) as stream:
            print("async messages stream", await stream.get_final_text())


sync_calls()
asyncio.run(async_calls())
