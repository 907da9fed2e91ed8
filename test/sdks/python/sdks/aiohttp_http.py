"""aiohttp by itself."""

import aiohttp
from raw import HEADERS, URL, body, read


async def _ask(stream):
    async with aiohttp.ClientSession() as session, session.post(URL, headers=HEADERS, json=body(stream)) as answer:
        return read(answer.status, await answer.text())


async def whole():
    return await _ask(False)


async def stream():
    return await _ask(True)
