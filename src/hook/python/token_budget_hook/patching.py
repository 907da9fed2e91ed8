"""What all patches share: how they are applied, once each, and what a library that they do not fit raises."""

import sys

from .routes import Routes

_routes = {}


class UnsupportedLibrary(RuntimeError):
    """A client library without the place where the hook redirects connections. Raised from its import."""


def apply_patch(patch, module, config):
    """Run one of our patches on a module; raises UnsupportedLibrary where it does not fit, naming the version."""
    file, function = patch
    try:
        routes = _routes.get(config) or _routes.setdefault(config, Routes(config))
        ours = __import__("%s.%s" % (__package__, file), fromlist=[function])
        getattr(ours, function)(module, routes)
    except Exception as error:
        raise UnsupportedLibrary(
            "Token Budget can not meter calls through %s, so it must not be used under a budget: %s: %s. "
            "Use a version that Token Budget supports, or take the program out of the budgeted command."
            % (described(module), type(error).__name__, error)
        ) from error


def replace(owner, name, wrap):
    """Put `wrap(original)` in the place of an attribute, once however often a module is reloaded."""
    original = getattr(owner, name, None)
    if not callable(original):
        raise AttributeError("%s has no %s" % (getattr(owner, "__qualname__", owner), name))
    if getattr(original, "_token_budget", False):
        return
    wrapped = wrap(original)
    for copied in ("__name__", "__qualname__", "__doc__", "__module__"):
        try:
            setattr(wrapped, copied, getattr(original, copied))
        except AttributeError:
            pass
    wrapped._token_budget = True
    setattr(owner, name, wrapped)


def described(module):
    """`name version` of the library that a module belongs to."""
    name = module.__name__.partition(".")[0]
    if name in getattr(sys, "stdlib_module_names", ("http", "urllib", "ssl", "asyncio", "_posixsubprocess")):
        return "%s of Python %s" % (module.__name__, sys.version.split()[0])
    version = getattr(sys.modules.get(name), "__version__", None)
    if version is None:
        try:
            from importlib.metadata import version as version_of

            version = version_of(name)
        except Exception:
            version = "(unknown version)"
    return "%s %s" % (name, version)
