"""Sends this process's connections to LLM hosts to the gateway on loopback; it neither meters nor decides.

A redirected connection is a plain socket to the gateway whose first line names the run's secret and the host that was
meant. All else of a client library (redirects, retries, time-outs, pools, error types) works as without the hook.
Nothing is imported before the program imports it: the start-up of a Python that makes no calls stays as it was.
"""

import sys

from .config import Routes
from .imports import PatchFinder, apply_patch

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
    "_posixsubprocess": ("children", "patch_fork_exec"),
}


def install(environ, folder):
    """Raise ValueError where TOKEN_BUDGET_HOOK does not hold what the hook needs."""
    from . import children

    routes = Routes(environ["TOKEN_BUDGET_HOOK"])
    children.install(environ, folder)
    finder = PatchFinder(PATCHES, routes)
    # What a .pth file imported before this point is there already and never comes by the finder.
    for name in PATCHES:
        if name in sys.modules:
            apply_patch(PATCHES[name], sys.modules[name], routes)
    sys.meta_path.insert(0, finder)
