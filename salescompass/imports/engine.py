"""Bringing a file in: row by row accounted for, a thousand rows a transaction, stopped and gone on with at any row.

What a batch does and how far the import came are one transaction. So an import that was killed goes on where it was,
and one that was cancelled did exactly what it says.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import DBAPIError

from salescompass.imports import batches
from salescompass.imports.batches import Counts
from salescompass.imports.errors_file import ErrorsFile
from salescompass.imports.kinds import Plan, RowFault, Run
from salescompass.imports.planning import kind_of
from salescompass.imports.reading import BrokenRow, open_table
from salescompass.imports.repeats import Repeats
from salescompass.kit.database import tenant_session
from salescompass.kit.importing import BatchResult, FileRow, RowResult, Target
from salescompass.kit.jobs import is_passing

BATCH = 1000
PATIENCE = 60.0


class TakenOver(Exception):
    """Another process works on this import now."""


class _RolledBack(Exception):
    """What a check tried out is not to stay."""

    def __init__(self, result: BatchResult) -> None:
        super().__init__()
        self.result = result


@dataclass(frozen=True)
class Bad:
    """A row that is not even tried: its number, its cells, and why."""

    number: int
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Good:
    """A row as its kind takes it, and its cells as they stood."""

    number: int
    cells: tuple[str, ...]
    read: Any


class Engine:
    """One import on its way. `part` of its numbers is `run`, or `preview` when it is only checked."""

    def __init__(self, tenant_id: UUID, run: Run, path: Path, targets: Sequence[Target], *, counts: Counts) -> None:
        self.tenant_id, self.run, self.path, self.targets, self.counts = tenant_id, run, path, targets, counts
        self.part = "preview" if run.dry else "run"
        self._kind = kind_of(run.plan.kind)
        self._token = uuid4().hex
        self._repeats = Repeats(run.plan.keys)

    def advance(self, *, until: float | None = None) -> bool:
        """Go on, to the end of the file or until this time of the monotonic clock. True when there is no more to do.

        It is also over when somebody cancelled the import. Raises TakenOver.
        """
        if self.run.batch_id is None:
            raise ValueError("an import has a row")
        with tenant_session(self.tenant_id) as session:
            row = batches.claim(session, self.run.batch_id, self._token)
            size = int(row.counts.get(f"{self.part}_errors_size", 0)) if self.counts.done else 0
        plan = self.run.plan
        with (
            _rarely_collected(),
            open_table(self.path, plan.reading, digests=self._kind.digests) as table,
            ThreadPoolExecutor(1) as pool,
        ):
            errors = ErrorsFile(self.tenant_id, self.run.batch_id, list(plan.headers.values()), size)
            try:
                rows = self._read(table.rows)
                for _ in islice(rows, self.counts.done):
                    pass
                # The next rows are read while the database works on these.
                ahead = pool.submit(_take, rows)
                while some := ahead.result():
                    ahead = pool.submit(_take, rows)
                    if not self._batch(some, errors):
                        break
                    if until is not None and time.monotonic() > until:
                        return False
                if not self.run.dry:
                    errors.finish()
            except BaseException:
                errors.close()
                raise
            finally:
                if self.run.dry:
                    errors.discard()
                errors.close()
        return True

    def _read(self, rows: Iterator[FileRow | BrokenRow]) -> Iterator[Good | Bad]:
        read = self._kind.reader(self.run.plan, self.targets)
        for row in rows:
            if isinstance(row, BrokenRow):
                yield Bad(row.number, row.cells, row.reason)
                continue
            cells = tuple(row.cells.values())
            try:
                one = read(row)
            except RowFault as fault:
                yield Bad(row.number, cells, str(fault))
                continue
            earlier = self._repeats.earlier(row.number, one)
            if earlier:
                yield Bad(row.number, cells, f"row {earlier[1]} of this file has the same {earlier[0]}")
            else:
                yield Good(row.number, cells, one)

    def _batch(self, rows: Sequence[Good | Bad], errors: ErrorsFile) -> bool:
        """One batch, one transaction; a database that is away for a moment is waited for. False when cancelled."""
        patience = time.monotonic() + PATIENCE
        before = errors.size()
        while True:
            counts = deepcopy(self.counts)
            try:
                going = self._transaction(rows, counts, errors)
            except DBAPIError as error:
                errors.back_to(before)
                if not is_passing(error) or time.monotonic() > patience:
                    raise
                time.sleep(1.0)
                continue
            if going:
                self.counts = counts
            return going

    def _transaction(self, rows: Sequence[Good | Bad], counts: Counts, errors: ErrorsFile) -> bool:
        good = [row for row in rows if isinstance(row, Good)]
        result = self._tried(good) if self.run.dry and good else None
        with tenant_session(self.tenant_id) as session:
            state = batches.state_for(session, self.run.batch_id, self._token)  # type: ignore[arg-type]
            if state is None:
                raise TakenOver
            if state == "cancelling":
                return False
            if result is None:
                result = self._kind.apply(session, [row.read for row in good], self.run) if good else BatchResult(())
            _count(rows, result, counts, errors)
            batches.save_progress(session, self.run.batch_id, self.part, counts, errors.size())  # type: ignore[arg-type]
        return True

    def _tried(self, good: Sequence[Good]) -> BatchResult:
        """What would become of rows: they are brought in, and all of it is taken back."""
        try:
            with tenant_session(self.tenant_id) as session:
                raise _RolledBack(self._kind.apply(session, [row.read for row in good], self.run))
        except _RolledBack as tried:
            return tried.result


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Rows are many small objects without rings: looking for rings among them took a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _take(rows: Iterator[Good | Bad]) -> list[Good | Bad]:
    return list(islice(rows, BATCH))


def _count(rows: Sequence[Good | Bad], result: BatchResult, counts: Counts, errors: ErrorsFile) -> None:
    results = iter(result.rows)
    for row in rows:
        one = next(results) if isinstance(row, Good) else RowResult("failed", row.reason)
        counts.add(one.status, row.number, one.reason, row.cells)
        if one.status == "failed":
            errors.add(row.number, row.cells, one.reason)
    counts.add_beside(result.also_created, result.unknown)


def times_of(plan: Plan, path: Path, targets: Sequence[Target], now: datetime) -> Iterator[datetime]:
    """The times that a file's rows tell."""
    kind = kind_of(plan.kind)
    read = kind.reader(plan, targets)
    with open_table(path, plan.reading, digests=False) as table:
        for row in table.rows:
            if isinstance(row, FileRow):
                try:
                    yield from kind.moments(read(row), now)
                except RowFault:
                    continue
