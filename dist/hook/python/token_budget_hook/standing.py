"""Asks the gateway where the budget stands, as a JSON object of counts (`GET /v1/usage`)."""

import json
from http.client import HTTPConnection

from .stdlib_http import open_gateway

HOST = "token-budget.internal"
SECONDS = 10


def ask(routes, row=None):
    """The run's usage, and below `row` what the calls for that row have used. Raises OSError or ValueError."""
    connection = HTTPConnection(HOST, timeout=SECONDS)
    connection.sock = open_gateway(routes, routes.line("http", "%s:80" % HOST), SECONDS)
    try:
        connection.request("GET", "/v1/usage" if row is None else "/v1/usage?row=%s" % row, headers={"Connection": "close"})
        response = connection.getresponse()
        if response.status != 200:
            raise ValueError("the gateway answered with status %d" % response.status)
        return json.loads(response.read())
    finally:
        connection.close()
