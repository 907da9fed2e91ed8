"""langchain-openai."""

from langchain_openai import ChatOpenAI

MODEL = ChatOpenAI(api_key="sk-test", model="gpt-4o", max_tokens=60)


def whole():
    return MODEL.invoke("Hi").content


def stream():
    return "".join(chunk.content for chunk in MODEL.stream("Hi"))


async def async_whole():
    return (await MODEL.ainvoke("Hi")).content
