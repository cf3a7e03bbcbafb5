"""Lists that members write to files: a short one at once, a long one by a worker; fetched by whoever asked for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from salescompass import crm, scoring
from salescompass.identity import Actor, Reach
from salescompass.imports.asked_lists import AskedList
from salescompass.imports.export_columns import shown_columns
from salescompass.imports.exporting import export_file, may_export
from salescompass.imports.folders import folder
from salescompass.kit import clock, jobs
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Conflict, NotFound, Unavailable
from salescompass.kit.ids import new_id
from salescompass.models import ListExport
from salescompass.vocabulary import Topic

AT_ONCE = 5000
"""So many rows are written while their reader waits."""
KEPT = timedelta(days=3)
OPEN = ("waiting", "running")


@dataclass(frozen=True)
class ExportView:
    """A list on its way to a file. `total` is about how many rows it has, `rows` how many are written."""

    id: UUID
    kind: str
    file_name: str
    state: str
    total: int
    rows: int
    size: int
    error: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class WrittenList:
    """A file that was written, and how far its maker saw."""

    file: str
    rows: int
    size: int
    reach: str


def ask_for_list(session: Session, actor: Actor, *, asked: AskedList) -> ExportView:
    """Write a list to a file, or have it written when it is long. Raises Unavailable when there is no room for it."""
    may_export(actor, asked.kind)
    if actor.member_id is None:
        raise Conflict("Files of lists are for members: programs read the API")
    now, kind = clock.now(), asked.record_kind
    where = asked.condition(session, actor, now=now)
    total = crm.count_records(session, kind, where=where, search=asked.search)
    row = ListExport(
        id=new_id(), kind=asked.kind, format=asked.format, asked=asked.as_json(), total=total,
        created_by=actor.member_id, expires_at=now + KEPT,
    )  # fmt: skip
    if total <= AT_ONCE:
        finish(session, row, write_list(session, actor, asked, now=now), now=now)
    else:
        # What makes no sense is told now, and not by a worker later.
        rankings = scoring.RANKINGS.get(kind)
        crm.list_records(
            session, kind, where=where, search=asked.search, sort=asked.sort, limit=1, rankings=rankings
        )  # fmt: skip
        shown_columns(session, kind, asked.columns)
        session.add(row)
        session.flush()
        jobs.put(session, Topic.EXPORTS, {"export": str(row.id)})
    return view_of(row)


def write_list(
    session: Session, actor: Actor, asked: AskedList, *, now: datetime, told: Callable[[int], object] | None = None
) -> WrittenList:
    """Write a list to a file of its own, as it is at `now`. Raises Unavailable when the disk does not take it."""
    name = f"{uuid4().hex}.{asked.format}"
    where = asked.condition(session, actor, now=now)
    try:
        report = export_file(
            session, actor, kind=asked.kind, path=folder(session_tenant(session), "exports") / name,
            where=where, search=asked.search, sort=asked.sort, columns=asked.columns, told=told,
        )  # fmt: skip
    except (OSError, Unavailable) as error:
        # Where files lie on this machine is no business of whoever reads the message.
        cause = error if isinstance(error, OSError) else error.__cause__
        reason = getattr(cause, "strerror", None) or "the disk does not take it"
        raise Unavailable(f"The file cannot be written on the server: {reason}", code="disk") from error
    return WrittenList(name, report.rows, report.bytes, reach_of(session, actor))


def finish(session: Session, row: ListExport, written: WrittenList, *, now: datetime) -> None:
    """Note that the file of an export is there."""
    row.state, row.file, row.reach, row.expires_at = "done", written.file, written.reach, now + KEPT
    row.rows, row.total, row.size = written.rows, written.rows, written.size
    session.add(row)
    session.flush()


def my_exports(session: Session, actor: Actor, *, limit: int = 50) -> list[ExportView]:
    """The newest exports of this member."""
    query = select(ListExport).where(ListExport.created_by == actor.member_id)
    newest = query.order_by(col(ListExport.created_at).desc(), col(ListExport.id).desc()).limit(limit)
    return [view_of(row) for row in session.exec(newest)]


def my_export(session: Session, actor: Actor, *, export_id: UUID) -> ExportView:
    """An export of this member's own."""
    return view_of(_mine(session, actor, export_id))


def stop_export(session: Session, actor: Actor, *, export_id: UUID) -> ExportView:
    """Write no further; nothing is left of it."""
    row = _mine(session, actor, export_id, lock=True)
    if row.state not in OPEN:
        raise Conflict("This export has ended already", state=row.state)
    row.state = "stopped"
    session.add(row)
    session.flush()
    return view_of(row)


def exported_file(session: Session, actor: Actor, *, export_id: UUID) -> tuple[Path, str]:
    """The file of an export and what to call it: for whoever asked, while they see what they saw when it was written.

    Raises NotFound when it is not theirs, not written or not kept any more, Conflict when their reach has changed.
    """
    row = _mine(session, actor, export_id)
    may_export(actor, row.kind)
    path = folder(session_tenant(session), "exports") / row.file
    if row.state != "done" or row.expires_at < clock.now() or not path.is_file():
        raise NotFound("This file is not here any more: export the list again")
    if row.reach != reach_of(session, actor):
        raise Conflict("What you may see has changed since this was written: export the list again")
    return path, view_of(row).file_name


def reach_of(session: Session, actor: Actor) -> str:
    """A mark that changes when somebody sees records of more or of fewer owners."""
    reach = Reach.of(session, actor)
    parts = [reach.owners(one) for one in ("account", "person", "opportunity")]
    told = "|".join("all" if one is None else ",".join(sorted(map(str, one))) for one in parts)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def forget_exports(session: Session, *, now: datetime) -> int:
    """Drop exports that have expired, with their files; files that belong to none go too. How many were dropped."""
    old = session.exec(select(ListExport).where(col(ListExport.expires_at) < now).limit(500)).all()
    for row in old:
        session.delete(row)
    session.flush()
    kept = {one for one in session.exec(select(ListExport.file)) if one}
    for path in folder(session_tenant(session), "exports").iterdir():
        if path.name not in kept and path.stat().st_mtime < (now - KEPT).timestamp():
            path.unlink(missing_ok=True)
    return len(old)


def view_of(row: ListExport) -> ExportView:
    """An export as its member sees it."""
    at = row.created_at or clock.now()
    return ExportView(
        row.id, row.kind, f"{row.kind}-{at:%Y-%m-%d}.{row.format}", row.state, row.total, row.rows, row.size,
        row.error, at, row.expires_at,
    )  # fmt: skip


def _mine(session: Session, actor: Actor, export_id: UUID, *, lock: bool = False) -> ListExport:
    query = select(ListExport).where(ListExport.id == export_id, ListExport.created_by == actor.member_id)
    row = session.exec(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("There is no such export")
    return row
