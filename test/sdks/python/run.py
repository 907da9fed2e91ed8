"""Runs one SDK's calls, twice over, and prints, a line of JSON each, what its user would have: the text, or the error."""

import asyncio
import importlib
import inspect
import json
import pathlib
import sys

CALLS = ("whole", "stream", "async_whole", "async_stream")
# One for all calls: clients are kept between them, and a client's connections belong to their loop.
loop = asyncio.new_event_loop()


def run(call):
    return loop.run_until_complete(call()) if inspect.iscoroutinefunction(call) else call()


def status_of(error):
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return next((value for value in (getattr(error, name, None) for name in ("status_code", "code")) if value), None)


sys.path.insert(0, str(pathlib.Path(__file__).parent / "sdks"))
sdk = importlib.import_module(sys.argv[1])
for name in CALLS + CALLS:
    if not hasattr(sdk, name):
        continue
    try:
        print(json.dumps({"text": run(getattr(sdk, name))}), flush=True)
    except Exception as error:
        shown = {"error": type(error).__name__, "message": str(error), "status": status_of(error)}
        print(json.dumps(shown, default=str), flush=True)
