"""What the engine asks of a kind of file, and what it tells it of the import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from sqlmodel import Session

from salescompass.identity import Actor
from salescompass.imports.mapping import Column
from salescompass.imports.reading import Reading
from salescompass.imports.values import DateOrder, Formats
from salescompass.kit.importing import BatchResult, DateShift, FileRow, Target

Mode = Literal["insert", "update", "upsert"]


class RowFault(Exception):
    """Why a row cannot be brought in, in words for the file's owner."""


@dataclass(frozen=True)
class Plan:
    """How a file is read and what becomes of it: everything decided.

    `headers` are the columns of the file as they stand, by column; `orders` say how the dates of a column are written
    where columns differ.
    """

    kind: str
    headers: Mapping[str, str]
    columns: Mapping[str, Column]
    keys: tuple[str, ...]
    mode: Mode = "upsert"
    formats: Formats = field(default_factory=Formats)
    orders: Mapping[str, DateOrder] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    currency: str = "USD"


@dataclass(frozen=True)
class Run:
    """One run of a plan. `dry`: nothing stays of what is written in the session, and nothing else may be written."""

    plan: Plan
    actor: Actor
    now: datetime
    batch_id: UUID | None = None
    shift: DateShift = field(default_factory=DateShift)
    dry: bool = False


class Kind(Protocol):
    """A kind of file."""

    digests: bool
    """Whether a row's digest is needed."""

    def targets(self, session: Session) -> tuple[Target, ...]:
        """The fields that columns may become."""

    def check(self, columns: Sequence[str], mapped: Mapping[str, Column]) -> None:
        """Raises Invalid, naming what is missing, when such a file cannot be read."""

    def reader(self, plan: Plan, targets: Sequence[Target]) -> Callable[[FileRow], Any]:
        """What makes of a row what `apply` takes. It raises RowFault."""

    def moments(self, row: Any, now: datetime) -> Sequence[datetime]:
        """When a read row happened, for moving a file's dates."""

    def apply(self, session: Session, rows: Sequence[Any], run: Run) -> BatchResult:
        """Bring read rows in, in the session's transaction. To apply the same rows again adds nothing."""

    def finish(self, session: Session, run: Run) -> Mapping[str, int]:
        """What follows once all rows are in, and how many records it changed beside."""
