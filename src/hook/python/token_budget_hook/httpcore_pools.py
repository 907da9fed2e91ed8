"""httpcore and httpcore2, below httpx and httpx2: the SDKs of OpenAI, Anthropic, Mistral, Google and others."""

from .patching import replace

SCHEMES = {b"https": "https", b"wss": "https", b"http": "http", b"ws": "http"}


def patch(module, routes):
    """Pools make routed connections over a backend that opens each with the preamble and leaves TLS out."""
    sync_backend, async_backend = backends(module, routes)
    kinds = [
        ("ConnectionPool", "HTTPConnection", "MockBackend", sync_backend),
        ("AsyncConnectionPool", "AsyncHTTPConnection", "AsyncMockBackend", async_backend),
    ]
    for pool_name, connection_name, mock_name, backend in kinds:
        pool, connection = getattr(module, pool_name), getattr(module, connection_name)
        wrap = pool_wrapper(routes, connection, getattr(module, mock_name, ()), backend)
        for owner in [pool] + subclasses_with(pool, "create_connection"):
            replace(owner, "create_connection", wrap)


def subclasses_with(owner, name):
    """The pools for proxies: they override the method, and a routed request must not go by them."""
    below = [each for child in owner.__subclasses__() for each in [child] + subclasses_with(child, name)]
    return [each for each in below if name in vars(each)]


def pool_wrapper(routes, connection, mock, backend):
    def wrap(create_connection):
        def create_routed(self, origin):
            scheme = SCHEMES.get(origin.scheme)
            line = routes.preamble(scheme, origin.host, origin.port) if scheme else None
            # A Unix socket or a mocked network is the program's own answer to where the request goes.
            if line is None or getattr(self, "_uds", None) or isinstance(self._network_backend, mock):
                return create_connection(self, origin)
            return connection(
                origin=origin,
                ssl_context=self._ssl_context,
                keepalive_expiry=self._keepalive_expiry,
                retries=self._retries,
                network_backend=backend(self._network_backend, line),
                socket_options=getattr(self, "_socket_options", None),
            )

        return create_routed

    return wrap


def backends(module, routes):
    """The two backends, over the library's own interfaces."""

    class GatewayBackend(module.NetworkBackend):
        def __init__(self, inner, line):
            self._inner, self._line = inner, line

        def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
            stream = self._inner.connect_tcp(*routes.address, timeout=timeout, socket_options=socket_options)
            try:
                stream.write(self._line, timeout)
            except BaseException:
                stream.close()
                raise
            return NoTls(stream)

        def sleep(self, seconds):
            self._inner.sleep(seconds)

    class NoTls(module.NetworkStream):
        """Stands for a stream until TLS would start, and then is the stream: no cost on each read."""

        def __init__(self, stream):
            self._stream = stream

        def start_tls(self, ssl_context, server_hostname=None, timeout=None):
            return self._stream

        def read(self, max_bytes, timeout=None):
            return self._stream.read(max_bytes, timeout)

        def write(self, buffer, timeout=None):
            self._stream.write(buffer, timeout)

        def close(self):
            self._stream.close()

        def get_extra_info(self, info):
            return self._stream.get_extra_info(info)

    class AsyncGatewayBackend(module.AsyncNetworkBackend):
        def __init__(self, inner, line):
            self._inner, self._line = inner, line

        async def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
            stream = await self._inner.connect_tcp(*routes.address, timeout=timeout, socket_options=socket_options)
            try:
                await stream.write(self._line, timeout)
            except BaseException:
                await stream.aclose()
                raise
            return AsyncNoTls(stream)

        async def sleep(self, seconds):
            await self._inner.sleep(seconds)

    class AsyncNoTls(module.AsyncNetworkStream):
        def __init__(self, stream):
            self._stream = stream

        async def start_tls(self, ssl_context, server_hostname=None, timeout=None):
            return self._stream

        async def read(self, max_bytes, timeout=None):
            return await self._stream.read(max_bytes, timeout)

        async def write(self, buffer, timeout=None):
            await self._stream.write(buffer, timeout)

        async def aclose(self):
            await self._stream.aclose()

        def get_extra_info(self, info):
            return self._stream.get_extra_info(info)

    return GatewayBackend, AsyncGatewayBackend
