"""The budget as scores of each row of an eval, and what the row itself used as tags of its trace."""

from decimal import Decimal

from . import standing

USED, REMAINING, EXCEEDED = "token_budget_used", "token_budget_remaining", "token_budget_exceeded"
NAMES = (USED, REMAINING, EXCEEDED)


def add(evaluation, row, item, scorers, assessments):
    """Score a row when its judges are done, so that their calls count; scores that the user named are left to them."""
    usage = standing.ask(evaluation.routes, row)
    known = {scorer.name for scorer in scorers or []}
    assessments.extend(score for score in scores(usage) if score.name not in known)
    if row is not None and item.trace is not None:
        tag(item.trace.info.trace_id, usage["row"])


def fail_nothing(result):
    """Whether an eval passed is not for scores to say that nobody named: `result.passed` would take them as assertions."""
    criteria = getattr(result, "pass_criteria", None)
    if criteria is not None:
        for name in NAMES:
            criteria.setdefault(name, lambda value: True)


def scores(usage):
    """`token_budget_remaining` only where the policy limits the run's tokens."""
    from mlflow.entities import AssessmentSource, Feedback

    values = {USED: usage["used"], REMAINING: usage["remaining"], EXCEEDED: usage["exceeded"]}
    rationale = " ".join(sentence for sentence in (of_row(usage.get("row")), of_run(usage)) if sentence)
    return [
        Feedback(name=name, value=value, rationale=rationale, source=AssessmentSource("CODE", name))
        for name, value in values.items()
        if value is not None
    ]


def of_row(row):
    if row is None:
        return ""
    counted = "%s tokens (%s in, %s out) for $%s in %s" % (
        *(format(row[name], ",") for name in ("used", "input", "output")),
        usd(row["cost_nano_usd"]),
        calls(row["calls"]),
    )
    return "This row used %s%s." % (counted, refused(row))


def of_run(usage):
    limit = "" if usage["limit"] is None else " of %s" % format(usage["limit"], ",")
    counted = "%s%s tokens in %s%s" % (format(usage["used"], ","), limit, calls(usage["calls"]), refused(usage))
    return "When it was scored, the run had used %s." % counted


def calls(number):
    return "%s %s" % (format(number, ","), "call" if number == 1 else "calls")


def refused(usage):
    return ", %s refused" % format(usage["refused"], ",") if usage["refused"] else ""


def usd(nano):
    """Nano-USD as USD, exactly."""
    return format((Decimal(nano) / 10**9).normalize(), "f")


def tag(trace_id, row):
    import mlflow

    tags = {"tokens": row["used"], "cost_usd": usd(row["cost_nano_usd"]), "calls": row["calls"]}
    for name, value in tags.items():
        mlflow.set_trace_tag(trace_id, "token_budget.%s" % name, str(value))
