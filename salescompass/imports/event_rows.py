"""Events from files, over the importer that their slice brings. Columns nobody knows become properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from salescompass import events
from salescompass.imports.kinds import Plan, Run
from salescompass.imports.mapping import Column
from salescompass.kit.importing import BatchResult, FileRow, Target


class Events:
    """Events; a mapping gives columns the names that the importer knows."""

    digests = True

    def targets(self, session: Session) -> tuple[Target, ...]:
        """The columns that the importer knows."""
        return events.IMPORTER.targets()

    def check(self, columns: Sequence[str], mapped: Mapping[str, Column]) -> None:
        """Raises Invalid when time, type or subject cannot be told."""
        events.IMPORTER.check_columns([mapped[name].field if name in mapped else name for name in columns])

    def reader(self, plan: Plan, targets: Sequence[Target]) -> Callable[[FileRow], FileRow]:
        """What gives the cells the names that the importer knows."""
        names = {column: one.field for column, one in plan.columns.items() if not events.IMPORTER.knows(column)}
        if not names:
            return lambda row: row
        return lambda row: replace(row, cells={names.get(name, name): cell for name, cell in row.cells.items()})

    def moments(self, row: FileRow, now: datetime) -> Sequence[datetime]:
        """When a row happened."""
        at = events.IMPORTER.moment(row.cells, now)
        return () if at is None else (at,)

    def apply(self, session: Session, rows: Sequence[FileRow], run: Run) -> BatchResult:
        """Record a batch; a row that was imported before is skipped."""
        return events.IMPORTER.apply(session, rows, shift=run.shift, now=run.now)

    def finish(self, session: Session, run: Run) -> Mapping[str, int]:
        """Nothing follows."""
        return {}
