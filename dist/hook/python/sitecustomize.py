"""Runs at the start of every Python under `token-budget run`, by way of PYTHONPATH.

Guarantees: with no TOKEN_BUDGET_HOOK it changes nothing; with one it either installs the hook or ends the process
with status 4, so that a budget is never silently off; a sitecustomize of the user's own still runs, as Python would
have run it. Never writes to stdout: tools read the output of an interpreter they probe.
"""

import os
import sys


def _install(here):
    """Load the hook from its folder by path, under a name of its own: no import by name can be shadowed."""
    import _frozen_importlib as bootstrap
    import _frozen_importlib_external as external

    folder = os.path.join(here, "token_budget_hook")
    spec = external.spec_from_file_location(
        "_token_budget_hook", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    module = bootstrap.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    module.install(os.environ, here)


def _run_shadowed(here):
    """Run the sitecustomize that ours hides, in the place of ours in sys.modules."""
    import _frozen_importlib as bootstrap
    import _frozen_importlib_external as external

    paths = [path for path in sys.path if os.path.abspath(path) != here]
    spec = external.PathFinder.find_spec("sitecustomize", paths)
    if spec is None or spec.loader is None:
        return
    if spec.origin and os.path.exists(spec.origin) and os.path.samefile(spec.origin, __file__):
        return
    module = bootstrap.module_from_spec(spec)
    ours = sys.modules.get("sitecustomize")
    sys.modules["sitecustomize"] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        if ours is not None:
            sys.modules["sitecustomize"] = ours
        raise


def _fail(reason):
    line = "token-budget: the budget cannot be enforced in this Python process: %s\n" % reason
    os.write(2, line.encode("utf-8", "replace"))
    os._exit(4)


def _main():
    here = os.path.dirname(os.path.abspath(__file__))
    if "TOKEN_BUDGET_HOOK" in os.environ and "_token_budget_hook" not in sys.modules:
        if sys.version_info < (3, 8):
            _fail("it needs Python 3.8 or newer, and %s is %s" % (sys.executable, sys.version.split()[0]))
        try:
            _install(here)
        except BaseException as error:
            _fail("%s: %s" % (type(error).__name__, error))
    # A user's sitecustomize may itself look for the next one, which is ours again: once round is enough.
    if sys.version_info >= (3, 5) and not getattr(sys, "_token_budget_chained", False):
        sys._token_budget_chained = True
        _run_shadowed(here)


_main()
