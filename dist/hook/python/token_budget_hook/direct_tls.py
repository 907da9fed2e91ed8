"""The last net: a client library that the hook does not know must not reach a budgeted host by TLS of its own."""

import errno

from .patching import replace

REFUSED = (
    "Token Budget refused this connection: the host is under the budget, but this client library or protocol cannot be "
    "metered"
)


def patch_ssl(module, routes):
    """Blocking clients: `wrap_socket` on a socket whose peer's port shows that the host is meant itself."""

    def wrap(wrap_socket):
        def wrap_guarded(self, sock, server_side=False, *args, **kwargs):
            # As a positional argument it stands fifth.
            host = kwargs.get("server_hostname") or (args[2] if len(args) > 2 else None)
            if host and not server_side and routes.preamble("https", host, peer_port(sock)):
                raise refusal()
            return wrap_socket(self, sock, server_side, *args, **kwargs)

        return wrap_guarded

    replace(module.SSLContext, "wrap_socket", wrap)


def patch_event_loop(module, routes):
    """asyncio clients that open TLS by the event loop, as websockets and streams do."""

    def wrap(create_connection):
        async def create_guarded(self, protocol_factory, host=None, port=None, *args, **kwargs):
            name, tls = kwargs.get("server_hostname") or host, kwargs.get("ssl")
            sock = kwargs.get("sock")
            if name and tls and routes.preamble("https", name, port if sock is None else peer_port(sock)):
                raise refusal()
            return await create_connection(self, protocol_factory, host, port, *args, **kwargs)

        return create_guarded

    replace(module.BaseEventLoop, "create_connection", wrap)


def peer_port(sock):
    try:
        return sock.getpeername()[1]
    except (OSError, IndexError, TypeError, AttributeError):
        return None


def refusal():
    """Of the kind that clients already take for a host that can not be reached."""
    return ConnectionRefusedError(errno.ECONNREFUSED, REFUSED)
