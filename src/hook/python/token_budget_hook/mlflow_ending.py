"""SIGTERM during `evaluate()` ends the eval as Ctrl-C does: the run is left FAILED, and what is done is kept.

Python would die of it at once, and MLflow would show a run that is running for ever. This is for programs without a
handler of their own. While an eval that was told to end does so, SIGTERM changes nothing more: a store that many
threads write to takes its time.
"""

import signal
import threading
from contextlib import contextmanager

from .mlflow_guard import optional, replace


@optional
def patch(module, routes):
    def wrap(evaluate):
        def evaluate_ending(*args, **kwargs):
            with ending_in_order():
                return evaluate(*args, **kwargs)

        return evaluate_ending

    replace(module, "evaluate", wrap)


@contextmanager
def ending_in_order():
    interrupt = signal.getsignal(signal.SIGINT)
    main = threading.current_thread() is threading.main_thread()
    if not main or not callable(interrupt) or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    told = []

    def on_interrupt(number, frame):
        told.append(number)
        return interrupt(number, frame)

    def on_terminate(number, frame):
        told.append(number)
        if len(told) == 1:
            # The status by which shells report a program that a signal ended.
            raise SystemExit(128 + number)

    signal.signal(signal.SIGINT, on_interrupt)
    signal.signal(signal.SIGTERM, on_terminate)
    try:
        yield
    finally:
        put_back(signal.SIGINT, on_interrupt, interrupt)
        put_back(signal.SIGTERM, on_terminate, signal.SIG_DFL)


def put_back(number, ours, theirs):
    """Unless the program has set another meanwhile."""
    if signal.getsignal(number) is ours:
        signal.signal(number, theirs)
