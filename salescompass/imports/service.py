"""Importing a file: row by row accounted for, a thousand rows a transaction, and as often as one likes.

An import that was killed is simply started again: what it had brought in is skipped.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from salescompass import events, identity
from salescompass.imports.errors_file import ErrorsFile
from salescompass.imports.reading import BrokenRow, open_table
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import BatchResult, DateShift, FileRow, Importer
from salescompass.kit.jobs import is_passing

BATCH = 1000
PATIENCE = 60.0


@dataclass(frozen=True)
class ImportReport:
    """What became of a file: created + updated + skipped + failed are its rows."""

    kind: str
    rows: int
    created: int
    updated: int
    skipped: int
    failed: int
    also_created: dict[str, int] = field(default_factory=dict)
    errors_file: str | None = None
    shifted_days: int = 0


def import_file(tenant_id: UUID, kind: str, path: Path, *, shift_dates: bool = False) -> ImportReport:
    """Bring a CSV file into a tenant. With `shift_dates` all times move so that the newest is of today."""
    importer = IMPORTERS.get(kind)
    if importer is None:
        raise Invalid(f"Unknown kind {kind}: choose from {', '.join(IMPORTERS)}", field="kind")
    now = clock.now()
    shift = _shift(importer, path, now) if shift_dates else DateShift()
    counts: Counter[str] = Counter()
    also: Counter[str] = Counter()
    with open_table(path) as table:
        importer.check_columns(table.columns)
        failed = ErrorsFile(tenant_id, path, table.columns)
        try:
            for batch in _batches(table.rows):
                for row, status, reason in _bring_in(tenant_id, importer, batch, shift, now, also):
                    counts[status] += 1
                    if status == "failed":
                        cells = row.cells if isinstance(row, BrokenRow) else tuple(row.cells.values())
                        failed.add(row.number, cells, reason)
            errors_file = failed.finish()
        finally:
            failed.discard()
    report = ImportReport(
        kind=kind,
        rows=counts.total(),
        created=counts["created"],
        updated=counts["updated"],
        skipped=counts["skipped"],
        failed=counts["failed"],
        also_created=dict(also),
        errors_file=str(errors_file) if errors_file else None,
        shifted_days=shift.days,
    )
    _note(tenant_id, path, report)
    return report


def _bring_in(
    tenant_id: UUID,
    importer: Importer,
    batch: Sequence[FileRow | BrokenRow],
    shift: DateShift,
    now: datetime,
    also: Counter[str],
) -> Iterator[tuple[FileRow | BrokenRow, str, str]]:
    whole = [row for row in batch if isinstance(row, FileRow)]
    result = _apply(tenant_id, importer, whole, shift, now) if whole else BatchResult(())
    also.update(result.also_created)
    results = iter(result.rows)
    for row in batch:
        if isinstance(row, BrokenRow):
            yield row, "failed", row.reason
        else:
            one = next(results)
            yield row, one.status, one.reason


def _apply(
    tenant_id: UUID, importer: Importer, rows: Sequence[FileRow], shift: DateShift, now: datetime
) -> BatchResult:
    """One batch, one transaction; a database that is away for a moment is waited for."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with tenant_session(tenant_id) as session:
                return importer.apply(session, rows, shift=shift, now=now)
        except DBAPIError as error:
            if not is_passing(error) or time.monotonic() > until:
                raise
            time.sleep(1.0)


def _batches(rows: Iterator[FileRow | BrokenRow]) -> Iterator[list[FileRow | BrokenRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _shift(importer: Importer, path: Path, now: datetime) -> DateShift:
    """How the newest row's time becomes one of today (UTC)."""
    with open_table(path) as table:
        times = (importer.moment(row.cells, now) for row in table.rows if isinstance(row, FileRow))
        newest = max((at for at in times if at is not None), default=now)
    return DateShift.until(now, newest)


def _note(tenant_id: UUID, path: Path, report: ImportReport) -> None:
    detail = {
        "file": path.name,
        "created": report.created,
        "updated": report.updated,
        "skipped": report.skipped,
        "failed": report.failed,
    }
    with tenant_session(tenant_id) as session:
        identity.audit.record(
            session,
            identity.system_actor(tenant_id, "Import"),
            "file.imported",
            object_type="import",
            object_id=report.kind,
            detail=detail,
        )


IMPORTERS: dict[str, Importer] = {
    "events": events.IMPORTER,
}
"""What can be imported: each kind is an importer that its slice brings."""
