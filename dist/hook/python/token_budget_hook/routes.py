"""Which connections go to the gateway, and the line that they open with."""

LOOPBACK = "127.0.0.1"


class Routes:
    """A Config as questions about connections. Never changes, but for the hosts that the gateway was told of."""

    def __init__(self, config):
        # Where the gateway listens, as socket functions take it.
        self.address = (LOOPBACK, config.port)
        # What to do with MLflow; None where it is to be left as it is.
        self.mlflow = config.mlflow
        self._secret = config.secret
        self._patterns = {"https": compiled(config.tls, "443"), "http": compiled(config.plain, "80")}
        self._watched = compiled(config.watch, "443")
        self._told = set()

    def preamble(self, scheme, host, port):
        """The first line of a connection to the gateway, as bytes; None where this connection is none of ours.

        `scheme` is `https` or `http`, of the connection that the program means to make; `port` an int or None.
        """
        if isinstance(host, (bytes, bytearray)):
            host = bytes(host).decode("latin-1")
        if not host or not (self._patterns[scheme] or self._watched):
            return None
        name = name_of(host, port or (443 if scheme == "https" else 80))
        if not any(matches(pattern, name) for pattern in self._patterns[scheme]):
            if scheme == "https" and any(matches(pattern, name) for pattern in self._watched):
                self._tell(name)
            return None
        if not name.isprintable() or " " in name:
            raise ValueError("Host name with a space or a control character: %r" % host)
        return self.line(scheme, name)

    def line(self, scheme, name):
        """The first line of a connection for `host:port`, whatever the patterns say."""
        return ("TB1 %s %s %s\r\n" % (self._secret, scheme, name)).encode("ascii")

    def _tell(self, name):
        """Name a host to the gateway, once, that the gateway will not see. Where that fails, the program goes on."""
        if name in self._told or not name.isascii() or not name.isprintable() or " " in name:
            return
        self._told.add(name)
        import socket

        try:
            with socket.create_connection(self.address, 1) as sock:
                sock.sendall(("TB1 %s seen %s\r\n" % (self._secret, name)).encode("ascii"))
        except OSError:
            pass


def name_of(host, port):
    """`host:port` in lower case; IPv6 addresses in brackets, no final dot."""
    host = host.lower().rstrip(".")
    if ":" in host and not host.startswith("["):
        host = "[%s]" % host
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            # No host name at all: the client library says so in its own words.
            pass
    return "%s:%s" % (host, port)


def compiled(patterns, default_port):
    """Patterns with a port each, split at their stars."""
    return [with_port(pattern.lower(), default_port).split("*") for pattern in patterns]


def with_port(pattern, default_port):
    """A pattern without a port means its scheme's own."""
    host, colon, port = pattern.rpartition(":")
    if colon and "]" not in port and (":" not in host or host.endswith("]")):
        return pattern
    return "%s:%s" % ("[%s]" % pattern if colon and not pattern.startswith("[") else pattern, default_port)


def matches(pieces, name):
    """Whether the literal pieces of a pattern occur in this order, the first and the last at the ends."""
    if len(pieces) == 1:
        return name == pieces[0]
    first, last = pieces[0], pieces[-1]
    if not name.startswith(first) or not name.endswith(last) or len(name) < len(first) + len(last):
        return False
    at, end = len(first), len(name) - len(last)
    for piece in pieces[1:-1]:
        found = name.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
