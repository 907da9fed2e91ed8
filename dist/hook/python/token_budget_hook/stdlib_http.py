"""http.client, and urllib.request above it."""

import socket

from . import purpose
from .patching import replace


def patch_client(module, routes):
    """`connect` of both connection classes: a tunnel through the user's proxy counts as the host behind it."""
    secure = getattr(module, "HTTPSConnection", None)

    def wrap(scheme, applies):
        def wrapper(connect):
            def connect_routed(self):
                host, port = self._tunnel_host or self.host, self._tunnel_port if self._tunnel_host else self.port
                line = routes.preamble(scheme, host, port) if applies(self) else None
                self._token_budget_routed = line is not None
                if line is None:
                    return connect(self)
                self.sock = open_gateway(routes, line, self.timeout)

            return connect_routed

        return wrapper

    replace(module.HTTPConnection, "connect", wrap("http", lambda self: not (secure and isinstance(self, secure))))
    if secure is not None:
        replace(secure, "connect", wrap("https", lambda self: True))
    replace(module.HTTPConnection, "endheaders", wrap_endheaders)


def wrap_endheaders(endheaders):
    """Where a request's headers end, of http.client and of urllib3 above it: it tells the gateway what it is for."""

    def endheaders_told(self, *args, **kwargs):
        value = purpose.header()
        if value is not None:
            # Only a connection that is made shows where it goes.
            if self.sock is None and self.auto_open:
                self.connect()
            if getattr(self, "_token_budget_routed", False):
                self.putheader(purpose.HEADER, value)
        return endheaders(self, *args, **kwargs)

    return endheaders_told


def patch_request(module, routes):
    """The gateway itself goes through the user's proxy, so a routed request must not."""
    from urllib.parse import urlsplit

    def wrap(proxy_open):
        def proxy_open_unrouted(self, req, proxy, type):
            target = urlsplit(req.full_url)
            if target.scheme in ("http", "https") and routes.preamble(target.scheme, target.hostname, target.port):
                return None
            return proxy_open(self, req, proxy, type)

        return proxy_open_unrouted

    replace(module.ProxyHandler, "proxy_open", wrap)


def open_gateway(routes, line, timeout):
    """A connected socket that has sent its preamble. Errors are those of socket.create_connection."""
    # Looked up at each call: gevent and eventlet replace it.
    sock = socket.create_connection(routes.address, timeout)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(line)
    except BaseException:
        sock.close()
        raise
    return sock
