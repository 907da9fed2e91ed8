"""requests, and so urllib3."""

import requests
from raw import HEADERS, URL, body, read


def _ask(stream):
    answer = requests.post(URL, headers=HEADERS, json=body(stream))
    return read(answer.status_code, answer.text)


def whole():
    return _ask(False)


def stream():
    return _ask(True)
