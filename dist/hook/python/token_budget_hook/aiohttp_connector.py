"""aiohttp's TCP connector, below sessions and the mocks that stand in for them."""

import asyncio

from . import purpose
from .patching import replace

SCHEMES = {"https": "https", "wss": "https", "http": "http", "ws": "http"}


def patch(module, routes):
    """`connect` forgets a proxy, for it is part of the pool's key and of the request line, and adds what the request
    is for; `_create_connection` opens the socket."""

    def line_of(req):
        scheme = SCHEMES.get(req.url.scheme)
        return routes.preamble(scheme, req.url.host, req.url.port) if scheme else None

    def wrap_connect(connect):
        async def connect_unproxied(self, req, traces, timeout):
            value = purpose.header()
            if (req.proxy or value) and line_of(req):
                req.proxy = req.proxy_auth = req.proxy_headers = None
                if value:
                    req.headers[purpose.HEADER] = value
            return await connect(self, req, traces, timeout)

        return connect_unproxied

    def wrap_create(create_connection):
        async def create_routed(self, req, traces, timeout):
            line = line_of(req)
            if line is None:
                return await create_connection(self, req, traces, timeout)
            opening = self._loop.create_connection(self._factory, *routes.address)
            try:
                transport, protocol = await asyncio.wait_for(opening, timeout.sock_connect)
            except OSError as error:
                if error.errno is None and isinstance(error, asyncio.TimeoutError):
                    raise
                raise module.ClientConnectorError(req.connection_key, error) from error
            transport.write(line)
            return protocol

        return create_routed

    replace(module.TCPConnector, "connect", wrap_connect)
    replace(module.TCPConnector, "_create_connection", wrap_create)
