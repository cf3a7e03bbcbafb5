"""Keyset pages: a cursor names the last row seen, so a page stays right while rows arrive above it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, literal

from salescompass.kit.clock import parse_rfc3339, rfc3339
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import parse_id

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, and the cursor of the next page (None at the end)."""

    items: tuple[T, ...]
    next_cursor: str | None = None


def at_most(rows: int) -> ColumnElement[Any]:
    """A limit that is written into the statement.

    As a parameter it hides from a plan that is kept how few rows are wanted; so the statement is planned anew each
    time, which over the months of the ledger takes longer than reading a page.
    """
    return literal(rows, literal_execute=True)


@dataclass(frozen=True)
class Position:
    """Where a row stands in a list ordered by time, newest first."""

    at: datetime
    id: UUID

    def cursor(self) -> str:
        """The position as an opaque text."""
        text = json.dumps([rfc3339(self.at), str(self.id)], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position(cursor: str | None) -> Position | None:
    """The position a cursor stands for. Raises Invalid (field `cursor`) for anything else."""
    if not cursor:
        return None
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found = parse_id(row_id)
        if found is None or not isinstance(at, str):
            raise ValueError(cursor)
        return Position(parse_rfc3339(at), found)
    except (ValueError, TypeError) as error:
        raise Invalid("This cursor is none of ours: start again without it", field="cursor") from error
