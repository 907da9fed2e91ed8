"""A token budget for `mlflow.genai.evaluate()` and for any other function that calls a model.

Importing this imports neither MLflow nor a tokenizer, and does nothing else.
"""

from .account import Usage
from .counters import TokenCounter, count_words, tiktoken_counter
from .errors import TokenBudgetExceeded
from .evaluator import TokenBudgetEvaluator

__all__ = [
    "TokenBudgetEvaluator",
    "TokenBudgetExceeded",
    "TokenCounter",
    "Usage",
    "count_words",
    "tiktoken_counter",
]
