"""What stands between the hook and the user's MLflow: nothing of ours that fails may break an eval."""

import functools
import sys

_said = set()


def optional(patch):
    """A patch that is left out where the policy says `mlflow: off`, and where it does not fit this MLflow."""

    @functools.wraps(patch)
    def apply(module, routes):
        if routes.mlflow is not None:
            attempt("%s cannot be patched" % module.__name__, patch, module, routes)

    return apply


def attempt(failure, step, *args):
    """The step's value; None where it failed, which is said once, without the error's text: it may quote a prompt."""
    try:
        return step(*args)
    except Exception as error:
        if failure not in _said:
            _said.add(failure)
            line = "token-budget: %s (%s). The budget still holds, and the program goes on.\n"
            sys.stderr.write(line % (failure, type(error).__name__))
        return None


def replace(owner, name, wrap):
    """Put `wrap(original)` in the place of a function, once, with the original's signature; raises AttributeError."""
    original = getattr(owner, name)
    if not getattr(original, "_token_budget", False):
        wrapped = functools.wraps(original)(wrap(original))
        wrapped._token_budget = True
        setattr(owner, name, wrapped)
