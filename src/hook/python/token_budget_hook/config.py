"""Which connections go to the gateway, and the line that they open with."""

LOOPBACK = "127.0.0.1"
SECRET_DIGITS = frozenset("0123456789abcdefABCDEF")


class Routes:
    """The hook's configuration: the value of TOKEN_BUDGET_HOOK, checked. Never changes."""

    def __init__(self, text):
        config = parse_json(text)
        if not isinstance(config, dict):
            raise ValueError("TOKEN_BUDGET_HOOK is not a JSON object")
        self.port = config.get("port")
        if type(self.port) is not int or not 0 < self.port < 65536:
            raise ValueError("TOKEN_BUDGET_HOOK has no valid `port`")
        self.secret = config.get("secret")
        if not isinstance(self.secret, str) or not self.secret or not SECRET_DIGITS.issuperset(self.secret):
            raise ValueError("TOKEN_BUDGET_HOOK has no valid `secret`")
        self._patterns = {"https": patterns_of(config, "tls", "443"), "http": patterns_of(config, "plain", "80")}

    def preamble(self, scheme, host, port):
        """The first line of a connection to the gateway, as bytes; None where this connection is none of ours.

        `scheme` is `https` or `http`, of the connection that the program means to make; `port` an int or None.
        """
        if isinstance(host, (bytes, bytearray)):
            host = bytes(host).decode("latin-1")
        if not host or not self._patterns[scheme]:
            return None
        name = name_of(host, port or (443 if scheme == "https" else 80))
        if not any(matches(pattern, name) for pattern in self._patterns[scheme]):
            return None
        if not name.isprintable() or " " in name:
            raise ValueError("Host name with a space or a control character: %r" % host)
        return ("TB1 %s %s %s\r\n" % (self.secret, scheme, name)).encode("ascii")

    @property
    def address(self):
        """Where the gateway listens, as socket functions take it."""
        return (LOOPBACK, self.port)


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


def patterns_of(config, key, default_port):
    """The patterns under a key, each split at its stars, with a port."""
    patterns = config.get(key)
    if not isinstance(patterns, list) or not all(isinstance(pattern, str) and pattern for pattern in patterns):
        raise ValueError("TOKEN_BUDGET_HOOK has no valid `%s`" % key)
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


class _Scanner:
    """What the C scanner asks of a decoder."""

    strict = True
    object_hook = object_pairs_hook = array_hook = parse_constant = None
    parse_float = float
    parse_int = int
    memo = {}


def parse_json(text):
    """A JSON value. The json package imports `re`, which costs more than the whole hook: hence its C part alone, and
    the package only where that part is missing or finds fault."""
    try:
        from _json import make_scanner

        value, end = make_scanner(_Scanner)(text, 0)
        if end == len(text):
            return value
    except Exception:
        pass
    from json import loads

    try:
        return loads(text)
    except (ValueError, RecursionError):
        raise ValueError("TOKEN_BUDGET_HOOK is not valid JSON") from None
