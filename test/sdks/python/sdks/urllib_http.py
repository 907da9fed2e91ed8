"""The standard library's urllib."""

import json
import urllib.error
import urllib.request

from raw import HEADERS, URL, body, read


def _ask(stream):
    request = urllib.request.Request(URL, json.dumps(body(stream)).encode(), HEADERS)
    try:
        with urllib.request.urlopen(request) as answer:
            return read(answer.status, answer.read().decode())
    except urllib.error.HTTPError as error:
        return read(error.code, error.read().decode())


def whole():
    return _ask(False)


def stream():
    return _ask(True)
