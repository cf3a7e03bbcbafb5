"""Importing a file at once, as the command does: planned, run to its end, reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from salescompass import identity
from salescompass.identity import Actor
from salescompass.imports import batches
from salescompass.imports.batches import Counts
from salescompass.imports.engine import Engine, times_of
from salescompass.imports.errors_file import errors_path, settle
from salescompass.imports.folders import shown_name
from salescompass.imports.kinds import Plan, Run
from salescompass.imports.mapping import ColumnMap, as_json
from salescompass.imports.new_fields import make_fields
from salescompass.imports.planning import kind_of, make_plan
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.importing import DateShift, Target


@dataclass(frozen=True)
class ImportReport:
    """What became of a file: created + updated + skipped + failed are its rows.

    `unknown` are owners and products that nothing here fits, with how many rows name them. `columns` says what each
    column became, `ignored_columns` which became nothing.
    """

    kind: str
    rows: int
    created: int
    updated: int
    skipped: int
    failed: int
    also_created: dict[str, int] = field(default_factory=dict)
    also_updated: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    errors_file: str | None = None
    shifted_days: int = 0
    columns: dict[str, Any] = field(default_factory=dict)
    ignored_columns: list[str] = field(default_factory=list)
    batch_id: str = ""


def import_file(
    tenant_id: UUID,
    kind: str,
    path: Path,
    *,
    mapping: ColumnMap | None = None,
    shift_dates: bool = False,
    actor: Actor | None = None,
) -> ImportReport:
    """Bring a file into a tenant. With `shift_dates` all times move so that the newest is of today."""
    told, now = mapping or ColumnMap(), clock.now()
    who = actor or identity.system_actor(tenant_id, "Import")
    kind_of(kind)
    with tenant_session(tenant_id) as session:
        told = make_fields(session, who, kind=kind, path=path, mapping=told)
        plan, targets = make_plan(session, kind, path, told)
        batch_id = batches.add(
            session, who, kind=kind, file_name=shown_name(path.name), mapping=told, options={"shift_dates": shift_dates}
        )
        batches.move(session, batch_id, "running", of=("uploaded",), now=now)
    shift = shift_of(plan, path, targets, now) if shift_dates else DateShift()
    run = Run(plan, who, now, batch_id, shift)
    engine = Engine(tenant_id, run, path, targets, counts=Counts(shifted_days=shift.days))
    try:
        engine.advance()
        close(tenant_id, run, engine.counts, path.name)
    except BaseException as error:
        give_up(tenant_id, batch_id, error, now)
        raise
    return report(tenant_id, run, engine.counts)


def shift_of(plan: Plan, path: Path, targets: tuple[Target, ...], now: datetime) -> DateShift:
    """How the newest row's time becomes one of today (UTC)."""
    newest = max(times_of(plan, path, targets, now), default=now)
    return DateShift.until(now, newest)


def close(tenant_id: UUID, run: Run, counts: Counts, file_name: str) -> None:
    """End an import: what follows from all of its rows, its state, its entry in the trail."""
    kind = kind_of(run.plan.kind)
    with tenant_session(tenant_id) as session:
        row = batches.row_of(session, run.batch_id, lock=True)  # type: ignore[arg-type]
        cancelled = row.state == "cancelling"
        counts.also_updated = {name: n for name, n in kind.finish(session, run).items() if n}
        size = int(row.counts.get("run_errors_size", 0))
        batches.save_progress(session, row.id, "run", counts, size)
        batches.move(session, row.id, "cancelled" if cancelled else "done", of=(row.state,), now=clock.now())
        detail = {name: getattr(counts, name) for name in ("created", "updated", "skipped", "failed")}
        identity.audit.record(
            session,
            run.actor,
            "file.imported",
            object_type="import",
            object_id=run.plan.kind,
            detail={"file": shown_name(file_name), "cancelled": cancelled, **detail},
        )


def give_up(tenant_id: UUID, batch_id: UUID, error: BaseException, now: datetime) -> None:
    """Note why an import broke off; what it did so far stands in its numbers and can be taken back.

    One that has ended meanwhile stays as it is: a second job of it found the file gone.
    """
    with tenant_session(tenant_id) as session:
        row = batches.row_of(session, batch_id, lock=True)
        if row.state in batches.MOVING:
            settle(tenant_id, batch_id, int(row.counts.get("run_errors_size", 0)))
            batches.move(session, batch_id, "failed", of=(row.state,), now=now, error=words_of(error))


def words_of(error: BaseException) -> str:
    """An error as the file's owner should read it."""
    message = getattr(error, "message", None)
    if isinstance(message, str):
        return message
    if isinstance(error, OSError):
        return f"The disk or the file cannot be used: {error.strerror}"
    if isinstance(error, KeyboardInterrupt):
        return "It was interrupted"
    return "It broke off for a reason that the log tells"


def report(tenant_id: UUID, run: Run, counts: Counts) -> ImportReport:
    """What became of a file."""
    plan = run.plan
    errors = errors_path(tenant_id, run.batch_id) if run.batch_id else None
    used: Mapping[str, Any] = as_json(ColumnMap(columns=plan.columns))["columns"]
    return ImportReport(
        kind=plan.kind,
        rows=counts.done,
        created=counts.created,
        updated=counts.updated,
        skipped=counts.skipped,
        failed=counts.failed,
        also_created=counts.also_created,
        also_updated=counts.also_updated,
        unknown=counts.unknown,
        errors_file=str(errors) if errors and errors.exists() else None,
        shifted_days=counts.shifted_days,
        columns={plan.headers[column]: one for column, one in used.items()},
        ignored_columns=[] if plan.kind == "events" else [
            header for column, header in plan.headers.items() if column not in plan.columns
        ],
        batch_id=str(run.batch_id),
    )  # fmt: skip
