"""What all patches share: when they are applied, once each, and what a library that they do not fit raises."""

import sys

from .routes import Routes

_routes = {}


def routes_of(config):
    return _routes.get(config) or _routes.setdefault(config, Routes(config))


class UnsupportedLibrary(RuntimeError):
    """A client library without the place where the hook redirects connections. Raised from its import."""


def patched_spec(ours, name, path, target):
    """What the finders besides ours find, to be patched once it has run; None where they find nothing."""
    for finder in list(sys.meta_path):
        find = None if finder is ours else getattr(finder, "find_spec", None)
        spec = find(name, path, target) if find else None
        if spec is not None:
            spec.loader = with_patch(spec.loader, ours.apply)
            return spec
    return None


def with_patch(loader, patch):
    """The loader with `patch` run after `exec_module`: itself where it can carry that, so that what reads resources
    through a module's loader finds the one it knows. Raises AttributeError for a loader of the kind before Python 3.4."""
    original = loader.exec_module

    def exec_module(module):
        original(module)
        patch(module)

    if not isinstance(loader, type):
        try:
            loader.exec_module = exec_module
            return loader
        except AttributeError:
            pass
    return _LoaderAround(loader, exec_module)


class _LoaderAround:
    def __init__(self, loader, exec_module):
        self._loader = loader
        self.exec_module = exec_module

    def __getattr__(self, name):
        return getattr(self._loader, name)


def apply_patch(patch, module, config):
    """Run one of our patches on a module; raises UnsupportedLibrary where it does not fit, naming the version."""
    file, function = patch
    try:
        routes = routes_of(config)
        ours = __import__("%s.%s" % (__package__, file), fromlist=[function])
        getattr(ours, function)(module, routes)
    except Exception as error:
        raise UnsupportedLibrary(
            "Token Budget cannot meter calls through %s, so it cannot be used under a budget: %s: %s. "
            "Use a supported version, or do not run the program under Token Budget."
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
