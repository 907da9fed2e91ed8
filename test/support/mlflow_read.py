"""Asks the MLflow server of the first argument by MLflow's own client: one JSON [question, argument] a line of input,
one JSON answer a line of output. One process for all, since importing MLflow takes seconds."""

import json
import sys

from mlflow import MlflowClient

client = MlflowClient(tracking_uri=sys.argv[1])


def experiment_id(name):
    found = client.get_experiment_by_name(name)
    return found.experiment_id if found else client.create_experiment(name)


def whole(run_id):
    run = client.get_run(run_id)
    history = {
        name: [
            {"step": point.step, "value": point.value, "timestamp": point.timestamp}
            for point in sorted(client.get_metric_history(run_id, name), key=lambda point: point.step)
        ]
        for name in run.data.metrics
    }
    return {
        "experiment": client.get_experiment(run.info.experiment_id).name,
        "status": run.info.status,
        "start_time": run.info.start_time,
        "end_time": run.info.end_time,
        "metrics": run.data.metrics,
        "history": history,
        "params": run.data.params,
        "tags": run.data.tags,
    }


def start(name):
    return client.create_run(experiment_id(name)).info.run_id


def runs(name):
    return [run.info.run_id for run in client.search_runs([experiment_id(name)])]


def delete(name):
    client.delete_experiment(experiment_id(name))


QUESTIONS = {"run": whole, "runs": runs, "start": start, "delete": delete}
for line in sys.stdin:
    question, argument = json.loads(line)
    print(json.dumps(QUESTIONS[question](argument)), flush=True)
