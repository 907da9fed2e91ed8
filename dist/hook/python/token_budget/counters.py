"""How text becomes a number of tokens."""

from __future__ import annotations

from typing import Callable

TokenCounter = Callable[[str], int]
"""Tokens in a text, 0 or more. Called from many threads at once."""


def count_words(text: str) -> int:
    """Words between white space: an estimate that needs no tokenizer, and mostly below what a provider bills."""
    return len(text.split())


def tiktoken_counter(encoding: str = "o200k_base") -> TokenCounter:
    """A counter by the tiktoken encoding of that name, which tiktoken may download on first use.

    Raises ImportError where tiktoken is not installed, ValueError where it knows no such encoding.
    """
    try:
        import tiktoken
    except ImportError as error:
        raise ImportError("tiktoken_counter() needs tiktoken: pip install tiktoken") from error
    tokenizer = tiktoken.get_encoding(encoding)

    def count(text: str) -> int:
        # A prompt may spell a control token; that is text here, and no error.
        return len(tokenizer.encode(text, disallowed_special=()))

    return count


def counted(counter: TokenCounter, text: str) -> int:
    """`counter(text)`, checked: a wrong count would make the budget silently wrong. Raises TypeError or ValueError."""
    tokens = counter(text)
    if isinstance(tokens, bool) or not isinstance(tokens, int):
        raise TypeError("token_counter must return an int, not %s" % type(tokens).__name__)
    if tokens < 0:
        raise ValueError("token_counter must return 0 or more, not %d" % tokens)
    return tokens
