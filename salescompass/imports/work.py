"""The job of an import: some of its work at a time, until it is checked, done, cancelled or undone."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from salescompass import notifications
from salescompass.imports import batches
from salescompass.imports.batches import Counts
from salescompass.imports.engine import Engine, TakenOver
from salescompass.imports.kinds import Run
from salescompass.imports.mapping import read_map
from salescompass.imports.planning import make_plan
from salescompass.imports.service import close, give_up, shift_of
from salescompass.imports.undoing import undo_some
from salescompass.imports.uploads import forget_file, path_of
from salescompass.kit import clock, jobs, live
from salescompass.kit.database import tenant_session
from salescompass.kit.importing import DateShift, Target
from salescompass.kit.settings import settings
from salescompass.models import ImportBatch
from salescompass.vocabulary import Topic

log = logging.getLogger(__name__)


def work(tenant_id: UUID, batch_id: UUID) -> None:
    """Go on with an import for a while; what is left is another job. What breaks it off is noted, never tried again."""
    until = time.monotonic() + min(20.0, settings().lease_seconds * 0.4)
    try:
        over = _go_on(tenant_id, batch_id, until)
    except TakenOver:
        log.info("import %s: another worker went on with it", batch_id)
        return
    except DBAPIError as error:
        if jobs.is_passing(error):
            raise
        log.exception("import %s broke off", batch_id)
        give_up(tenant_id, batch_id, error, clock.now())
        over = True
    except Exception as error:
        log.warning("import %s broke off", batch_id, exc_info=error)
        give_up(tenant_id, batch_id, error, clock.now())
        over = True
    if not over:
        with tenant_session(tenant_id) as session:
            jobs.put(session, Topic.IMPORTS, {"import": str(batch_id)})
    live.announce(tenant_id, Topic.IMPORTS, [batch_id])


def _go_on(tenant_id: UUID, batch_id: UUID, until: float) -> bool:
    with tenant_session(tenant_id) as session:
        row = batches.row_of(session, batch_id)
    if row.state == "undoing":
        return undo_some(tenant_id, batch_id, until)
    dry = row.state == "checking" or row.options.get("cancelled") == "checking"
    if row.state not in ("checking", "running", "cancelling") or "file" not in row.options:
        return True
    run, path, targets, counts = _prepared(tenant_id, row, dry)
    engine = Engine(tenant_id, run, path, targets, counts=counts)
    if not engine.advance(until=until):
        return False
    if dry:
        _checked(tenant_id, batch_id)
    else:
        close(tenant_id, run, engine.counts, row.file_name)
        with tenant_session(tenant_id) as session:
            forget_file(session, row.options)
            _tell_done(session, row, engine.counts)
    return True


def _tell_done(session: Session, row: ImportBatch, counts: Counts) -> None:
    """Tell who began it what became of it."""
    whom = [row.created_by] if row.created_by else []
    body = f"{counts.created:,} made, {counts.updated:,} changed, {counts.failed:,} failed."
    notifications.tell(
        session, whom, "import", subject=f"import:{row.id}", title=f"Your import of {row.file_name} is done", body=body,
        link=f"/admin/imports?batch={row.id}",
    )  # fmt: skip


def _prepared(tenant_id: UUID, row: ImportBatch, dry: bool) -> tuple[Run, Path, tuple[Target, ...], Counts]:
    """The run as it was begun: the same time, the same plan, as far as it came."""
    now = row.started_at or clock.now()
    with tenant_session(tenant_id) as session:
        actor = batches.actor_of(session, row)
        actor.must("imports.manage")
        path = path_of(session, row.options)
        plan, targets = make_plan(session, row.kind, path, read_map(row.mapping))
    told = row.counts.get("preview" if dry else "run")
    shift = DateShift()
    if row.options.get("shift_dates"):
        shift = _shift(tenant_id, row, lambda: shift_of(plan, path, targets, now))
    counts = Counts(**told) if told else Counts(shifted_days=shift.days)
    return Run(plan, actor, now, row.id, shift, dry), path, targets, counts


def _shift(tenant_id: UUID, row: ImportBatch, found: object) -> DateShift:
    """How dates move: found once, by reading the whole file, and kept."""
    kept = row.options.get("shift")
    if kept:
        at = {name: datetime.fromisoformat(kept[name]) for name in ("newest", "now")}
        return DateShift(int(kept["days"]), at["newest"], at["now"])
    shift: DateShift = found()  # type: ignore[operator]
    if shift.newest and shift.now:
        with tenant_session(tenant_id) as session:
            fresh = batches.row_of(session, row.id, lock=True)
            told = {"days": shift.days, "newest": shift.newest.isoformat(), "now": shift.now.isoformat()}
            fresh.options = {**fresh.options, "shift": told}
            session.add(fresh)
    return shift


def _checked(tenant_id: UUID, batch_id: UUID) -> None:
    with tenant_session(tenant_id) as session:
        row = batches.row_of(session, batch_id, lock=True)
        if row.state == "cancelling":
            row.options = {name: value for name, value in row.options.items() if name != "cancelled"}
            row.counts = {}
            batches.move(session, batch_id, "uploaded", of=("cancelling",), now=clock.now())
        else:
            batches.move(session, batch_id, "checked", of=("checking",), now=clock.now())
