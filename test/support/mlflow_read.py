"""Asks an MLflow server by MLflow's own client and prints the answer as JSON: SERVER QUESTION ARGUMENT."""

import json
import sys

from mlflow import MlflowClient

uri, question, argument = sys.argv[1:]
client = MlflowClient(tracking_uri=uri)


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


if question == "run":
    answer = whole(argument)
elif question == "runs":
    answer = [run.info.run_id for run in client.search_runs([experiment_id(argument)])]
elif question == "start":
    answer = client.create_run(experiment_id(argument)).info.run_id
elif question == "delete":
    client.delete_experiment(experiment_id(argument))
    answer = None
else:
    raise SystemExit(f"no such question: {question}")
print(json.dumps(answer))
