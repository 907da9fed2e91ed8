"""The hook's configuration as `token-budget run` hands it over, checked before anything relies on it."""

# What children must be started with, as this process was: the configuration, the hook's folder at the front of
# PYTHONPATH (at the back a user's sitecustomize would win) and the Node hook's part of NODE_OPTIONS.
KEPT = {}

SECRET_DIGITS = frozenset("0123456789abcdefABCDEF")


class Config:
    """The value of TOKEN_BUDGET_HOOK. Raises ValueError, naming what is wrong but never the secret."""

    def __init__(self, text):
        config = parse_json(text)
        if not isinstance(config, dict):
            raise ValueError("TOKEN_BUDGET_HOOK is not a JSON object")
        self.port, self.secret = config.get("port"), config.get("secret")
        self.tls, self.plain, self.watch = config.get("tls"), config.get("plain"), config.get("watch", [])
        self.mlflow = config.get("mlflow")
        if type(self.port) is not int or not 0 < self.port < 65536:
            raise ValueError("TOKEN_BUDGET_HOOK has no valid `port`")
        if not isinstance(self.secret, str) or not self.secret or not SECRET_DIGITS.issuperset(self.secret):
            raise ValueError("TOKEN_BUDGET_HOOK has no valid `secret`")
        for key, patterns in (("tls", self.tls), ("plain", self.plain), ("watch", self.watch)):
            if not isinstance(patterns, list) or not all(isinstance(each, str) and each for each in patterns):
                raise ValueError("TOKEN_BUDGET_HOOK has no valid `%s`" % key)
        if self.mlflow is not None and not is_mlflow(self.mlflow):
            raise ValueError("TOKEN_BUDGET_HOOK has no valid `mlflow`")


def is_mlflow(value):
    if not isinstance(value, dict) or value.get("scorers") not in ("auto", "off"):
        return False
    return isinstance(value.get("runs"), str) and value["runs"].startswith("/")


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
