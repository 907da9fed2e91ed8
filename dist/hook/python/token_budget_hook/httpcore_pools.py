"""httpcore and httpcore2, below httpx and httpx2: the SDKs of OpenAI, Anthropic, Mistral, Google and others."""

import copy

from . import purpose
from .patching import replace

SCHEMES = {b"https": "https", b"wss": "https", b"http": "http", b"ws": "http"}


def patch(module, routes):
    """Pools make routed connections over a backend that opens each with the preamble and leaves TLS out."""
    kinds = [
        ("ConnectionPool", telling(module.HTTPConnection), "MockBackend", GatewayBackend),
        ("AsyncConnectionPool", telling_async(module.AsyncHTTPConnection), "AsyncMockBackend", AsyncGatewayBackend),
    ]
    for pool_name, connection, mock_name, backend in kinds:
        pool = getattr(module, pool_name)
        wrap = pool_wrapper(routes, connection, getattr(module, mock_name, ()), backend)
        for owner in [pool] + subclasses_with(pool, "create_connection"):
            replace(owner, "create_connection", wrap)


def subclasses_with(owner, name):
    """The pools for proxies: they override the method, and a routed request must not go by them."""
    below = [each for child in owner.__subclasses__() for each in [child] + subclasses_with(child, name)]
    return [each for each in below if name in vars(each)]


def telling(connection):
    """The connection class of requests that tell the gateway what they are for."""

    class HTTPConnection(connection):
        def handle_request(self, request):
            return super().handle_request(told(request))

    return HTTPConnection


def telling_async(connection):
    class AsyncHTTPConnection(connection):
        async def handle_async_request(self, request):
            return await super().handle_async_request(told(request))

    return AsyncHTTPConnection


def told(request):
    """The request itself, or a copy with its purpose: the program's own, which a pool may pass on again, stays as it is."""
    value = purpose.header()
    if value is None:
        return request
    request = copy.copy(request)
    request.headers = [*request.headers, (purpose.HEADER.encode("ascii"), value.encode("ascii"))]
    return request


def pool_wrapper(routes, connection, mock, backend):
    def wrap(create_connection):
        def create_routed(self, origin):
            scheme = SCHEMES.get(origin.scheme)
            line = routes.preamble(scheme, origin.host, origin.port) if scheme else None
            # A Unix socket or a mocked network is the program's own answer to where the request goes.
            if line is None or getattr(self, "_uds", None) or isinstance(self._network_backend, mock):
                return create_connection(self, origin)
            # Versions before 0.17.3 know no socket options.
            options = {"socket_options": self._socket_options} if hasattr(self, "_socket_options") else {}
            return connection(
                origin=origin,
                ssl_context=self._ssl_context,
                keepalive_expiry=self._keepalive_expiry,
                retries=self._retries,
                network_backend=backend(self._network_backend, line, routes.address),
                **options,
            )

        return create_routed

    return wrap


class GatewayBackend:
    """A network backend, over the pool's own, that connects to the gateway whatever host it is asked for."""

    def __init__(self, inner, line, address):
        self._inner, self._line = inner, line
        self._host, self._port = address

    def connect_tcp(self, host, port, timeout=None, local_address=None, **options):
        stream = self._inner.connect_tcp(host=self._host, port=self._port, timeout=timeout, **options)
        try:
            stream.write(self._line, timeout)
        except BaseException:
            stream.close()
            raise
        return NoTls(stream)

    def sleep(self, seconds):
        self._inner.sleep(seconds)


class AsyncGatewayBackend(GatewayBackend):
    async def connect_tcp(self, host, port, timeout=None, local_address=None, **options):
        stream = await self._inner.connect_tcp(host=self._host, port=self._port, timeout=timeout, **options)
        try:
            await stream.write(self._line, timeout)
        except BaseException:
            await stream.aclose()
            raise
        return AsyncNoTls(stream)

    async def sleep(self, seconds):
        await self._inner.sleep(seconds)


class NoTls:
    """Stands for a stream until TLS would start, and then gives way to it: no cost on each read. Over plain http TLS
    never starts, so it is the stream in all else."""

    def __init__(self, stream):
        self._stream = stream

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        return self._stream

    def __getattr__(self, name):
        return getattr(self._stream, name)


class AsyncNoTls(NoTls):
    async def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        return self._stream
