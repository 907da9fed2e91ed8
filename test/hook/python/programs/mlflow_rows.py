"""Reads a run back by MLflow's own client: its status and metrics, and the scores, tags and metadata of each row.

Arguments: a tracking URI, and a run's id or `last` for the newest run of the experiment "evals".
"""

import json
import sys

import mlflow

URI, RUN = sys.argv[1:]
mlflow.set_tracking_uri(URI)
if RUN == "last":
    RUN = mlflow.search_runs(experiment_names=["evals"], output_format="list")[0].info.run_id
run = mlflow.MlflowClient().get_run(RUN)
traces = mlflow.search_traces(
    experiment_ids=[run.info.experiment_id], run_id=RUN, include_spans=False, return_type="list"
)


def score_of(assessment):
    feedback = assessment.feedback
    return {
        "value": feedback and feedback.value,
        "error": assessment.error and assessment.error.error_message,
        "rationale": assessment.rationale,
        "source": assessment.source.source_type,
    }


print(
    json.dumps(
        {
            "status": run.info.status,
            "metrics": run.data.metrics,
            "rows": [
                {
                    "id": trace.info.trace_id,
                    "state": str(trace.info.state.value),
                    "tags": trace.info.tags,
                    "metadata": trace.info.trace_metadata,
                    "scores": {each.name: score_of(each) for each in trace.info.assessments},
                }
                for trace in traces
            ],
        }
    )
)
