"""Reads MLflow's stores by its own client: one JSON [tracking URI, question, argument] a line of input, one JSON answer a
line of output. One process for all, since importing MLflow takes seconds."""

import functools
import gc
import json
import sys

# Loading MLflow is most of what this does, and the collector a fifth of that.
gc.set_threshold(100_000)

import mlflow
from mlflow import MlflowClient

client_of = functools.lru_cache(lambda uri: MlflowClient(tracking_uri=uri))


def experiment_id(client, name):
    found = client.get_experiment_by_name(name)
    return found.experiment_id if found else client.create_experiment(name)


def whole(client, run_id):
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


def rows(client, run_id):
    experiment = client.get_run(run_id).info.experiment_id
    traces = mlflow.search_traces(
        experiment_ids=[experiment], run_id=run_id, include_spans=False, return_type="list"
    )
    return [
        {
            "id": trace.info.trace_id,
            "state": str(trace.info.state.value),
            "tags": trace.info.tags,
            "metadata": trace.info.trace_metadata,
            "scored": sorted(each.name for each in trace.info.assessments),
            "scores": {each.name: score_of(each) for each in trace.info.assessments},
        }
        for trace in traces
    ]


def score_of(assessment):
    feedback = assessment.feedback
    return {
        "value": feedback and feedback.value,
        "error": assessment.error and assessment.error.error_message,
        "rationale": assessment.rationale,
        "source": assessment.source.source_type,
    }


def start(client, name):
    return client.create_run(experiment_id(client, name)).info.run_id


def runs(client, name):
    return [run.info.run_id for run in client.search_runs([experiment_id(client, name)])]


def delete(client, name):
    client.delete_experiment(experiment_id(client, name))


QUESTIONS = {"run": whole, "rows": rows, "runs": runs, "start": start, "delete": delete}
for line in sys.stdin:
    uri, question, argument = json.loads(line)
    mlflow.set_tracking_uri(uri)
    print(json.dumps(QUESTIONS[question](client_of(uri), argument)), flush=True)
