"""The text in what a model function takes and returns."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Iterable, List

# Deeper than any prompt; a structure that holds itself ends here.
_DEEPEST = 50


def text_of(value: Any) -> str:
    """All text in `value`, one piece a line: the values of mappings, the items of sequences, the fields of objects.

    None is no text, and mappings' keys are left out, since they name and do not say. Raises TypeError for a stream,
    which could be read only once.
    """
    pieces: List[str] = []
    _collect(value, pieces, 0)
    return "\n".join(pieces)


def _collect(value: Any, pieces: List[str], depth: int) -> None:
    if value is None:
        return
    if isinstance(value, (str, bytes, bytearray)):
        pieces.append(value if isinstance(value, str) else value.decode("utf-8", "replace"))
    elif isinstance(value, (Iterator, AsyncIterator)):
        raise TypeError("a stream cannot be counted without reading it: let the function return the whole text")
    elif depth >= _DEEPEST:
        pieces.append(str(value))
    elif isinstance(value, Mapping):
        _collect_each(value.values(), pieces, depth)
    elif isinstance(value, (list, tuple, set, frozenset)):
        _collect_each(value, pieces, depth)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        _collect_each((getattr(value, field.name) for field in dataclasses.fields(value)), pieces, depth)
    elif callable(getattr(value, "model_dump", None)):
        _collect(value.model_dump(), pieces, depth + 1)
    else:
        pieces.append(str(value))


def _collect_each(values: Iterable[Any], pieces: List[str], depth: int) -> None:
    for value in values:
        _collect(value, pieces, depth + 1)
