"""What the plain HTTP clients send and read: OpenAI's format by hand."""

import json

URL = "https://api.openai.com/v1/chat/completions"
HEADERS = {"authorization": "Bearer sk-test", "content-type": "application/json"}


def body(stream):
    return {
        "model": "gpt-4o",
        "messages": [{"role": "user", "content": "Hi"}],
        "max_tokens": 60,
        "stream": stream,
    }


class Refused(Exception):
    """An answer that is none."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status_code = status


def read(status, text):
    """The answer's text, whole or streamed."""
    if status != 200:
        raise Refused(status, text)
    if text.startswith("{"):
        return json.loads(text)["choices"][0]["message"]["content"]
    events = [json.loads(event[6:]) for event in text.split("\n\n") if event.startswith("data: {")]
    return "".join(event["choices"][0]["delta"].get("content") or "" for event in events)
