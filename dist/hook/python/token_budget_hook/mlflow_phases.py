"""What the calls of an eval are for, where MLflow's own code shows it besides the harness."""

from . import purpose
from .mlflow_guard import attempt, optional, replace


@optional
def patch_preflight(module, routes):
    """`convert_predict_fn` calls the function with the first row, untraced, to see whether it works."""

    def wrap(convert_predict_fn):
        def convert_serving(*args, **kwargs):
            with purpose.serving("preflight"):
                return convert_predict_fn(*args, **kwargs)

        return convert_serving

    replace(module, "convert_predict_fn", wrap)


@optional
def patch_traces(module, routes):
    """Each trace passes `register_trace` when it begins: from there on its row has a name."""

    def wrap(register_trace):
        def register_named(self, otel_trace_id, trace_info, *args, **kwargs):
            attempt("the rows of the eval cannot be told apart", name_row, trace_info)
            return register_trace(self, otel_trace_id, trace_info, *args, **kwargs)

        return register_named

    replace(module.InMemoryTraceManager, "register_trace", wrap)


def name_row(trace_info):
    served = purpose.current()
    if served is not None and served[0] == "predict" and served[1] is not None:
        served[1].begins(trace_info.trace_id)


@optional
def patch_scorers(module, routes):
    """Scorers run in threads of their own, which in older releases have no context; and also over whole sessions."""

    def wrap(run):
        def run_serving(self, *args, **kwargs):
            if purpose.current() is not None:
                return run(self, *args, **kwargs)
            with purpose.serving("judge", attempt("the row of a judge is unknown", row_of, kwargs)):
                return run(self, *args, **kwargs)

        return run_serving

    replace(module.Scorer, "run", wrap)


def row_of(scored):
    """A whole session counts as its first row."""
    from .mlflow_evaluate import running, trace_id_of

    trace = scored.get("trace") or next(iter(scored.get("session") or []), None)
    evaluation = running()
    return purpose.Row(evaluation.name_of(scored.get("inputs"), trace) if evaluation else trace_id_of(trace))
