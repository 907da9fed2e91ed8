"""Tells of MLflow's runs and evals in the file that `token-budget run` reads when the command has ended.

The lines are described where the file is: `MlflowHook.runs` in src/hook/config.ts.
"""

import json
import os
import re
import sys
import time
from urllib.parse import quote

from .mlflow_guard import attempt, optional, replace

RELATIVE_SQLITE = re.compile(r"(sqlite(?:\+\w+)?:///)(?!/|:memory:|file:)(.+)\Z", re.DOTALL)


@optional
def patch(module, routes):
    """`start_run`, which evaluate() itself and the plugins of MLflow begin their runs by."""

    def wrap(start_run):
        def start_run_told(*args, **kwargs):
            run = start_run(*args, **kwargs)
            attempt("the MLflow run was not recorded", tell_run, routes, run, "start_run")
            return run

        return start_run_told

    replace(module, "start_run", wrap)


def tell_run(routes, run, kind):
    """Say that a run began, or that an eval logs to it: `kind` is `start_run` or `evaluate`."""
    event = {"event": "mlflow_run", "run_id": run.info.run_id, "experiment_id": run.info.experiment_id}
    uri = absolute(sys.modules["mlflow"].get_tracking_uri())
    append(routes, dict(event, tracking_uri=uri, kind=kind, at=now(), python=sys.executable))


def tell_eval(routes, run_id, rows, failed_rows, traced, judged):
    """Say what MLflow itself knows of an eval that ended; `traced` and `judged` are pairs of input and output tokens."""
    names = ("input_tokens", "output_tokens")
    sums = {"traced": dict(zip(names, traced)), "judged": dict(zip(names, judged))}
    append(routes, dict({"event": "mlflow_eval", "run_id": run_id, "rows": rows, "failed_rows": failed_rows, "at": now()}, **sums))


def append(routes, event):
    """One write, so that lines of several processes do not mix. Raises OSError, also where the file is gone."""
    line = (json.dumps(event, separators=(",", ":")) + "\n").encode("utf-8")
    descriptor = os.open(routes.mlflow["runs"], os.O_WRONLY | os.O_APPEND)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def absolute(uri):
    """A tracking URI that means the same store from any directory."""
    sqlite = RELATIVE_SQLITE.match(uri)
    if sqlite:
        return sqlite.group(1) + os.path.abspath(sqlite.group(2))
    if uri.startswith("file:"):
        path = uri[len("file:") :]
        return uri if path.startswith("/") else "file://" + os.path.abspath(path)
    if ":" in uri or uri in ("databricks", "databricks-uc", "uc"):
        return uri
    return "file://" + quote(os.path.abspath(uri))


def now():
    """Milliseconds since 1970."""
    return int(time.time() * 1000)
