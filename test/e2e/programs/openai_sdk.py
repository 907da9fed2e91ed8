"""The official client, sync and async, whole and streamed; nothing here knows of a budget."""
import asyncio

import openai

MESSAGES = [{"role": "user", "content": "What is the capital of France?"}]
ASK = {"model": "gpt-4o", "messages": MESSAGES, "max_tokens": 60}


def sync_calls():
    client = openai.OpenAI(api_key="sk-test")
    chat = client.chat.completions.create(**ASK)
    print("chat", chat.choices[0].message.content, chat.usage.total_tokens)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in client.chat.completions.create(**ASK, stream=True))
    print("chat stream", text)
    if hasattr(client, "responses"):
        response = client.responses.create(model="gpt-4o", input="Capital of France?", max_output_tokens=60)
        print("responses", response.output_text, response.usage.total_tokens)
    embeddings = client.embeddings.create(model="text-embedding-3-small", input="Paris", encoding_format="float")
    print("embeddings", embeddings.usage.total_tokens)


async def async_calls():
    async with openai.AsyncOpenAI(api_key="sk-test") as client:
        chat = await client.chat.completions.create(**ASK)
        print("async chat", chat.usage.total_tokens)
        text = ""
        async for chunk in await client.chat.completions.create(**ASK, stream=True):
            text += chunk.choices[0].delta.content or ""
        print("async chat stream", text)


sync_calls()
asyncio.run(async_calls())
