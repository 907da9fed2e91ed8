"""Sends this process's connections to LLM hosts to the gateway on loopback; it neither meters nor decides.

A redirected connection is a plain socket to the gateway whose first line names the run's secret and the host that was
meant. All else of a client library (redirects, retries, time-outs, pools, error types) works as without the hook.
What runs at start-up is small, and the rest is loaded with the library that it patches: a Python that makes no calls
starts as fast as before, even where no compiled files can be kept.
"""

import sys

from .config import Config
from .finder import PatchFinder

# Module imported by the program -> our module that patches it, and its function.
PATCHES = {
    "http.client": ("stdlib_http", "patch_client"),
    "urllib.request": ("stdlib_http", "patch_request"),
    "urllib3.connection": ("urllib3_pools", "patch_connection"),
    "urllib3.poolmanager": ("urllib3_pools", "patch_poolmanager"),
    "requests.adapters": ("urllib3_pools", "patch_requests"),
    "httpcore": ("httpcore_pools", "patch"),
    "httpcore2": ("httpcore_pools", "patch"),
    "aiohttp.connector": ("aiohttp_connector", "patch"),
    "ssl": ("direct_tls", "patch_ssl"),
    "asyncio.base_events": ("direct_tls", "patch_event_loop"),
    "_posixsubprocess": ("environment", "patch_fork_exec"),
    "mlflow.tracking.fluent": ("mlflow_runs", "patch"),
    "mlflow.tracing.trace_manager": ("mlflow_phases", "patch_traces"),
    "mlflow.genai.utils.trace_utils": ("mlflow_phases", "patch_preflight"),
    "mlflow.genai.scorers.base": ("mlflow_phases", "patch_scorers"),
    "mlflow.genai.evaluation.base": ("mlflow_ending", "patch"),
    "mlflow.genai.evaluation.harness": ("mlflow_evaluate", "patch"),
}

# The configuration that the hook works by; None until it is installed.
installed = None


def calls_within(owner):
    """A context in which the calls made are counted for `owner`: see reported.py. Loaded when it is first asked for."""
    from . import reported

    return reported.within(installed, owner)


def install(environ, folder):
    """Raise ValueError where TOKEN_BUDGET_HOOK does not hold what the hook needs."""
    from . import children

    config = Config(environ["TOKEN_BUDGET_HOOK"])
    finder = PatchFinder(PATCHES, config)
    children.install(environ, folder)
    # What a .pth file imported before this point is there already and never comes by the finder.
    for name in PATCHES:
        if name in sys.modules:
            finder.apply(sys.modules[name])
    sys.meta_path.insert(0, finder)
    global installed
    installed = config
