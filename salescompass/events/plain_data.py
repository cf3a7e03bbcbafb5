"""JSON that the database can keep: no NUL, no half letters, no number out of bounds, not nested without end. Pure."""

from __future__ import annotations

import math
from typing import Any


def storable(text: str) -> str:
    """The text. Raises ValueError when no database text can hold it."""
    if text.isprintable():  # then it has neither, and nearly every text is
        return text
    if "\0" in text:
        raise ValueError("the character NUL cannot be stored")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("half of a surrogate pair cannot be stored") from error
    return text


def flaw_in_data(data: Any, *, deepest: int) -> str:
    """Why JSON cannot be kept, or an empty text."""
    waiting: list[tuple[Any, int]] = [(data, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > deepest:
            return f"nested more than {deepest} deep"
        if isinstance(value, dict):
            waiting += [(inner, depth + 1) for pair in value.items() for inner in pair]
        elif isinstance(value, list | tuple):
            waiting += [(inner, depth + 1) for inner in value]
        elif isinstance(value, str):
            try:
                storable(value)
            except ValueError as error:
                return str(error)
        elif isinstance(value, float) and not math.isfinite(value):
            return "a number that is not finite cannot be stored"
        elif isinstance(value, int) and abs(value) > 2**63:
            return "a whole number of more than 64 bits cannot be stored; send it as text"
    return ""
