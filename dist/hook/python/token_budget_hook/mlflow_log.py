"""Logs a finished run to an MLflow store that only MLflow's own client can write to: sqlite, files, other databases.

A script of its own, run by the Python of the user's command: JSON on stdin, one line of JSON on stdout. It never
raises and always ends with status 0.

In:  {"tracking_uri": str, "experiment": str | null, "run_id": str | null,
      "metrics": [{"key": str, "value": number, "timestamp": ms, "step": int}],
      "params": {name: value}, "tags": {name: value}, "artifacts": [path], "status": "FINISHED" | "FAILED" | null}
Out: {"run_id": str, "skipped": [sentence]}, where `skipped` says what could not be logged; or {"error": sentence}.

With `run_id` it logs onto that run, and ends it with `status` only where it is still running. Without, it makes a run
in `experiment` and ends that with `status`, or as finished.
"""

import json
import os
import re
import sys

# What MLflow takes in one request.
MOST_METRICS = 1000
MOST_NAMES = 100
MOST_TEXT = 300

# A store of files keeps a metric in a file of its name, and `NAME/mean` in a folder of it.
IN_THE_WAY = "the run already has metrics named below this one (NAME/…), and a file store cannot hold both; rename those"


def log(payload):
    """Log a payload and return the answer; what fails on the way to the run is raised."""
    uri = payload["tracking_uri"]
    allow_file_store(uri)
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=uri)
    run_id, own = payload.get("run_id"), not payload.get("run_id")
    if own:
        run_id = client.create_run(experiment_id(client, payload.get("experiment") or "Default")).info.run_id
    else:
        # Raises where there is no such run.
        client.get_run(run_id)
    try:
        skipped = [why for why in (attempt(name, step) for name, step in steps(client, run_id, payload)) if why]
    finally:
        end(client, run_id, own, payload.get("status"))
    return {"run_id": run_id, "skipped": skipped}


def allow_file_store(uri):
    """MLflow takes a folder for a store only where it is told to; the run that is meant shows that it was."""
    if "://" not in uri or uri.startswith("file:"):
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")


def steps(client, run_id, payload):
    """What to log, by name, each step apart from the others: a param that a run has already must not cost the tags."""
    from mlflow.entities import Metric, Param, RunTag

    metrics = [Metric(each["key"], each["value"], each["timestamp"], each["step"]) for each in payload.get("metrics", [])]
    names = dict.fromkeys(metric.key for metric in metrics)
    params = [Param(name, str(value)) for name, value in (payload.get("params") or {}).items()]
    tags = [RunTag(name, str(value)) for name, value in (payload.get("tags") or {}).items()]
    # Each name apart, since the run may have one metric that keeps another from being written.
    for name in names:
        for part in chunks([metric for metric in metrics if metric.key == name], MOST_METRICS):
            yield "metric %s" % name, lambda part=part: client.log_batch(run_id, metrics=part)
    for part in chunks(tags, MOST_NAMES):
        yield "tags", lambda part=part: client.log_batch(run_id, tags=part)
    for part in chunks(params, MOST_NAMES):
        yield "params", lambda part=part: client.log_batch(run_id, params=part)
    for path in payload.get("artifacts") or []:
        name = "artifact %s" % os.path.basename(path)
        yield name, lambda path=path: client.log_artifact(run_id, path, "token-budget")


def chunks(items, size):
    return [items[at : at + size] for at in range(0, len(items), size)]


def attempt(name, step):
    """Why a step failed, in a sentence; None where it did not."""
    try:
        step()
        return None
    except Exception as error:
        return "%s: %s" % (name, IN_THE_WAY if "Is a directory" in str(error) else sentence(error))


def experiment_id(client, name):
    found = client.get_experiment_by_name(name)
    return found.experiment_id if found else client.create_experiment(name)


def end(client, run_id, own, status):
    if own:
        client.set_terminated(run_id, status or "FINISHED")
    elif status and client.get_run(run_id).info.status == "RUNNING":
        client.set_terminated(run_id, status)


def sentence(error):
    """An error as one short line without what a database's address may hold of a user's name and password."""
    text = " ".join(str(error).split()) or type(error).__name__
    return re.sub(r"//[^/@\s]*@", "//", text)[:MOST_TEXT]


def main():
    # Nothing that MLflow imports may find the hook's files by their names.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    answers = os.fdopen(os.dup(1), "w")
    # MLflow prints there too.
    os.dup2(2, 1)
    try:
        answer = log(json.load(sys.stdin))
    except BaseException as error:
        answer = {"error": sentence(error)}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
