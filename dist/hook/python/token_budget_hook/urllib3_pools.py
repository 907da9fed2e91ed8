"""urllib3 1.26 and 2, and requests and botocore above it."""

import socket

from .patching import replace


def patch_connection(module, routes):
    """`connect` of both connection classes, below pools, retries and every mocked adapter."""
    plain, secure = module.HTTPConnection, module.HTTPSConnection
    has_tls = isinstance(secure, type) and issubclass(secure, plain)

    def wrap(scheme, applies):
        def wrapper(connect):
            def connect_routed(self):
                tunnel = getattr(self, "_tunnel_host", None)
                host, port = (tunnel, self._tunnel_port) if tunnel else (self.host, self.port)
                line = routes.preamble(scheme, host, port) if applies(self) else None
                self._token_budget_routed = line is not None
                if line is None:
                    return connect(self)
                self.sock = open_gateway(module, self, routes, line)
                # The gateway verifies the provider's certificate: a warning about an unverified one would be wrong.
                self.is_verified = scheme == "https"
                # An error from here on is the provider's, not one of the proxy that is not used.
                self._has_connected_to_proxy = True

            return connect_routed

        return wrapper

    replace(plain, "connect", wrap("http", lambda self: not (has_tls and isinstance(self, secure))))
    if has_tls:
        replace(secure, "connect", wrap("https", lambda self: True))


def open_gateway(module, connection, routes, line):
    """A connected socket that has sent its preamble; raises what urllib3 raises for a host that can not be reached."""
    from urllib3 import exceptions
    from urllib3.util.connection import create_connection

    try:
        sock = create_connection(routes.address, connection.timeout, socket_options=connection.socket_options)
        sock.sendall(line)
    except socket.timeout as error:
        text = "Connection to %s timed out. (connect timeout=%s)" % (connection.host, connection.timeout)
        raise exceptions.ConnectTimeoutError(connection, text) from error
    except OSError as error:
        text = "Failed to establish a new connection: %s" % error
        raise exceptions.NewConnectionError(connection, text) from error
    return sock


def patch_poolmanager(module, routes):
    """A ProxyManager writes plain-http requests for the proxy, so a routed one must leave it before that."""

    def wrap(urlopen):
        def urlopen_direct(self, method, url, *args, **kwargs):
            target = module.parse_url(url) if isinstance(url, str) else None
            if target and target.scheme == "http" and routes.preamble("http", target.host, target.port):
                return direct_of(module, self).urlopen(method, url, *args, **kwargs)
            return urlopen(self, method, url, *args, **kwargs)

        return urlopen_direct

    replace(module.ProxyManager, "urlopen", wrap)


def direct_of(module, manager):
    """The manager's twin without its proxy, one for each manager, with the same settings for its connections."""
    direct = manager.__dict__.get("_token_budget_direct")
    if direct is None:
        settings = dict(manager.connection_pool_kw)
        for key in ("_proxy", "_proxy_headers", "_proxy_config"):
            settings.pop(key, None)
        direct = module.PoolManager(headers=manager.headers, **settings)
        manager._token_budget_direct = direct
    return direct


def patch_requests(module, routes):
    """requests asks here for the proxy of a URL, for the connection and for the form of the request line."""
    from urllib.parse import urlsplit

    def wrap(select_proxy):
        def select_proxy_unrouted(url, proxies):
            target = urlsplit(url)
            if target.scheme in ("http", "https") and routes.preamble(target.scheme, target.hostname, target.port):
                return None
            return select_proxy(url, proxies)

        return select_proxy_unrouted

    replace(module, "select_proxy", wrap)
