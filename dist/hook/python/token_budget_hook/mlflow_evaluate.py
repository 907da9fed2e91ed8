"""`mlflow.genai.evaluate()`, at its harness: which run it logs to, what each row's calls are for and used, and its end."""

import json
from types import SimpleNamespace

from . import mlflow_runs, mlflow_scores, purpose
from .mlflow_guard import attempt, optional, replace

# MLflow runs one evaluate() at a time in a process; one that a predict_fn makes stands last while it runs.
_running = []


def running():
    """The Evaluation that is under way; None where there is none."""
    return _running[-1] if _running else None


class Evaluation:
    """One evaluate(): what MLflow's own records say of its rows, summed up as they are scored."""

    def __init__(self, routes, run_id, predicts, in_files):
        self.routes = routes
        self.run_id = run_id
        self.predicts = predicts
        self.in_files = in_files
        # By the identity of a row's inputs, which the harness hands to the function and to the scorers as one object: a
        # busy store may not give the trace back that the row is named by, and a row may have several.
        self.served = {}
        self.rows = []

    def name_of(self, inputs, trace):
        """The name of a row, by what a scorer gets of it; None where it has none."""
        row = self.served.get(id(inputs))
        return row.name if row and row.name else trace_id_of(trace)

    def add(self, item, assessments):
        # Traces that the user handed in were paid for by whoever made them.
        traced = tokens_of_trace(item.trace) if self.predicts else (0, 0)
        self.rows.append((bool(item.error_message), traced, tokens_of_judges(assessments)))

    def tell(self):
        rows = list(self.rows)
        traced, judged = (total(row[part] for row in rows) for part in (1, 2))
        failed = sum(row[0] for row in rows)
        mlflow_runs.tell_eval(self.routes, self.run_id, len(rows), failed, traced, judged)


@optional
def patch(module, routes):
    """Every function that the harness calls by a name of its own module."""
    replace(module, "run", lambda run: run_told(run, routes, module))
    replace(module, "_compute_eval_scores", scores_told)
    replace(module, "compute_aggregated_metrics", aggregates_named)
    # Up to some release a KeyboardInterrupt waits until all rows have had their turn.
    if hasattr(module, "complete_eval_futures_with_progress_base"):
        replace(module, "complete_eval_futures_with_progress_base", cancelled_on_interrupt)


def run_told(run, routes, module):
    def run_with_purpose(*args, **kwargs):
        evaluation = attempt("the eval cannot be followed", begin, routes, kwargs, module)
        if evaluation is None:
            return run(*args, **kwargs)
        if kwargs.get("predict_fn"):
            kwargs["predict_fn"] = predict_serving(kwargs["predict_fn"], evaluation)
        _running.append(evaluation)
        try:
            result = run(*args, **kwargs)
            attempt("the budget's scores may count as failed assertions", mlflow_scores.fail_nothing, result)
            return result
        finally:
            _running.remove(evaluation)
            attempt("MLflow's counts of the eval were not recorded", evaluation.tell)

    return run_with_purpose


def begin(routes, kwargs, module):
    run_id = kwargs["run_id"]
    mlflow_runs.tell_run(routes, module.mlflow.get_run(run_id), "evaluate")
    in_files = mlflow_runs.absolute(module.mlflow.get_tracking_uri()).startswith("file:")
    return Evaluation(routes, run_id, predicts=bool(kwargs.get("predict_fn")), in_files=in_files)


def predict_serving(predict_fn, evaluation):
    def predict(*args, **kwargs):
        row = purpose.Row()
        evaluation.served.update((id(inputs), row) for inputs in args[:1])
        with purpose.serving("predict", row):
            return predict_fn(*args, **kwargs)

    return predict


def scores_told(compute_eval_scores):
    def compute_with_purpose(*args, **kwargs):
        item, scorers, evaluation = kwargs.get("eval_item"), kwargs.get("scorers"), running()
        if item is None or evaluation is None:
            return compute_eval_scores(*args, **kwargs)
        name = attempt("the trace of a row is unknown", evaluation.name_of, item.inputs, item.trace)
        with purpose.serving("judge", purpose.Row(name)):
            result = compute_eval_scores(*args, **kwargs)
        # A plain list in older releases.
        assessments = getattr(result, "assessments", result)
        attempt("MLflow's counts of the eval are incomplete", evaluation.add, item, assessments)
        if evaluation.routes.mlflow["scorers"] == "auto":
            attempt("some rows have no budget scores", mlflow_scores.add, evaluation, name, item, scorers, assessments)
        return result

    return compute_with_purpose


def aggregates_named(compute_aggregated_metrics):
    """MLflow takes the mean of what it knows no scorer of, and that of a running total says nothing: none is taken of ours.
    Nor, in a store of files, of scores that the user named the same: it has no room for a metric `NAME/mean` beside
    `NAME`, which the run gets at its end."""

    def compute_with_ours(eval_results, scorers, *args, **kwargs):
        evaluation = running()
        files = evaluation is not None and evaluation.in_files
        named = [scorer for scorer in scorers or [] if not (files and scorer.name in mlflow_scores.NAMES)]
        known = {scorer.name for scorer in named}
        ours = [SimpleNamespace(name=name, aggregations=[]) for name in mlflow_scores.NAMES]
        scorers = named + [each for each in ours if each.name not in known]
        return compute_aggregated_metrics(eval_results, scorers, *args, **kwargs)

    return compute_with_ours


def cancelled_on_interrupt(complete):
    def complete_or_cancel(futures, *args, **kwargs):
        try:
            return complete(futures, *args, **kwargs)
        except BaseException:
            for future in futures:
                future.cancel()
            raise

    return complete_or_cancel


def trace_id_of(trace):
    return getattr(getattr(trace, "info", None), "trace_id", None)


def tokens_of_trace(trace):
    """Input and output tokens of a trace as MLflow counts them, `mlflow.trace.tokenUsage`; 0 where it does not."""
    metadata = getattr(getattr(trace, "info", None), "trace_metadata", None) or {}
    usage = json.loads(metadata.get("mlflow.trace.tokenUsage") or "{}")
    return int(usage.get("input_tokens") or 0), int(usage.get("output_tokens") or 0)


def tokens_of_judges(assessments):
    """Input and output tokens that judges put into their assessments; older releases have no such metadata."""
    names = ("mlflow.assessment.judgeInputTokens", "mlflow.assessment.judgeOutputTokens")
    return total(tuple(int((each.metadata or {}).get(name) or 0) for name in names) for each in assessments)


def total(pairs):
    sums = [0, 0]
    for pair in pairs:
        sums = [a + b for a, b in zip(sums, pair)]
    return tuple(sums)
