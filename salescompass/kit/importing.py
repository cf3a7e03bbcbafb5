"""What an importer is: a slice brings one per kind of file, and the import engine runs them all the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal, Protocol

from sqlmodel import Session


class ValueKind(StrEnum):
    """What the cells of a column may hold."""

    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    PHONE = "phone"
    EMAIL = "email"
    DOMAIN = "domain"
    TAGS = "tags"


@dataclass(frozen=True)
class Target:
    """A field that a column may become, and other names by which files call it."""

    key: str
    label: str
    kind: ValueKind = ValueKind.TEXT
    synonyms: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class FileRow:
    """A row of a file: its number (the header is 1), its cells by column, and a digest of the row as it stands.

    Equal rows of one file have different digests: the how-manieth it is goes into it.
    """

    number: int
    cells: Mapping[str, str]
    digest: str


@dataclass(frozen=True)
class RowResult:
    """What became of a row."""

    status: Literal["created", "updated", "skipped", "failed"]
    reason: str = ""


@dataclass(frozen=True)
class BatchResult:
    """What became of a batch: one result a row, in order, and what was made beside.

    `unknown` are names that nothing fits, by what they should name: they are listed and never guessed.
    """

    rows: tuple[RowResult, ...]
    also_created: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class DateShift:
    """How a file's dates move: by whole days, until its newest row is of today.

    Hours stay as they were, but on the newest day: where its rows would lie ahead of `now`, that one day is drawn
    together, in order, so that the newest row is of now.
    """

    days: int = 0
    newest: datetime | None = None
    now: datetime | None = None

    @staticmethod
    def until(now: datetime, newest: datetime) -> DateShift:
        """The shift of a file whose newest row is of `newest`."""
        days = (now.astimezone(UTC).date() - newest.astimezone(UTC).date()).days
        return DateShift(days, newest + timedelta(days=days), now)

    def move(self, at: datetime) -> datetime:
        """The time a row gets."""
        moved = at + timedelta(days=self.days)
        if self.newest is None or self.now is None or self.newest <= self.now:
            return moved
        midnight = datetime.combine(self.newest.astimezone(UTC).date(), time(), UTC)
        if moved < midnight:
            return moved
        return midnight + (moved - midnight) * ((self.now - midnight) / (self.newest - midnight))

    def move_day(self, day: date) -> date:
        """The day a row gets."""
        return day + timedelta(days=self.days)


class Importer(Protocol):
    """Turns rows into records."""

    def check_columns(self, columns: Sequence[str]) -> None:
        """Raises Invalid, naming what is missing, when a file with these columns cannot be read."""

    def moment(self, cells: Mapping[str, str], now: datetime) -> datetime | None:
        """When a row happened, for moving a file's dates; None when it does not say, or will be refused for it."""

    def apply(self, session: Session, rows: Sequence[FileRow], *, shift: DateShift, now: datetime) -> BatchResult:
        """Bring a batch in, in the session's transaction. To apply the same rows again adds nothing."""
