"""The job of a long export: whoever writes it tells so every second, so that a second worker leaves it alone.

A file is whole or not there: a worker that was killed leaves a draft, and the next one begins anew.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from salescompass import crm, identity, notifications
from salescompass.imports.asked_lists import AskedList
from salescompass.imports.list_exports import OPEN, finish, view_of, write_list
from salescompass.imports.service import words_of
from salescompass.kit import clock, jobs
from salescompass.kit.database import tenant_session
from salescompass.models import ListExport
from salescompass.vocabulary import Topic

log = logging.getLogger(__name__)
_SILENT = timedelta(seconds=120)
"""Longer than the end of the largest workbook takes, about which nobody hears."""
_BEAT = 1.0
_MOST_COUNTED = 10_000_000
_PAGE = "/exports"
_CALLED = {"opportunities": "deals"}


class _Ended(Exception):
    """Somebody stopped it, or another worker has it."""


def work_on_export(tenant_id: UUID, export_id: UUID) -> None:
    """Write a list to its file and tell its member. What breaks it off is told, and never tried again."""
    token = uuid4().hex
    if not _begin(tenant_id, export_id, token):
        return
    try:
        _write(tenant_id, export_id, token)
    except _Ended:
        log.info("export %s: stopped, or taken over", export_id)
    except DBAPIError as error:
        if jobs.is_passing(error):
            raise
        _give_up(tenant_id, export_id, token, error)
    except Exception as error:
        _give_up(tenant_id, export_id, token, error)


def _begin(tenant_id: UUID, export_id: UUID, token: str) -> bool:
    with tenant_session(tenant_id) as session:
        row, now = _row(session, export_id), clock.now()
        if row is None or row.state not in OPEN:
            return False
        if row.state == "running" and row.beat_at is not None and row.beat_at > now - _SILENT:
            jobs.put(session, Topic.EXPORTS, {"export": str(export_id)}, due_at=now + _SILENT)
            return False
        row.state, row.holder, row.beat_at, row.rows = "running", token, now, 0
        session.add(row)
        return True


def _write(tenant_id: UUID, export_id: UUID, token: str) -> None:
    told_at = time.monotonic()

    def told(rows: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at < _BEAT:
            return
        told_at = time.monotonic()
        with tenant_session(tenant_id) as session:
            row = _held(session, export_id, token)
            row.rows, row.beat_at = rows, clock.now()
            session.add(row)

    with tenant_session(tenant_id) as session:
        row = _held(session, export_id, token)
        actor, asked, at = identity.acting_member(session, row.created_by), AskedList.read(row.asked), row.created_at
    with tenant_session(tenant_id, reader=actor) as session:
        where = asked.condition(session, actor, now=at)
        row = _held(session, export_id, token)
        row.total = crm.count_records(session, asked.record_kind, where=where, search=asked.search, most=_MOST_COUNTED)
        session.add(row)
    with tenant_session(tenant_id, reader=actor) as session:
        # The row is free until all is written: who waits sees how far it is, and may stop it.
        written = write_list(session, actor, asked, now=at, told=told)
        row = _held(session, export_id, token)
        finish(session, row, written, now=clock.now())
        _tell(session, row, "is ready")


def _give_up(tenant_id: UUID, export_id: UUID, token: str, error: BaseException) -> None:
    log.warning("export %s broke off", export_id, exc_info=error)
    with tenant_session(tenant_id) as session:
        try:
            row = _held(session, export_id, token)
        except _Ended:
            return
        row.state, row.error = "failed", words_of(error)[:1000]
        session.add(row)
        _tell(session, row, "could not be written", row.error)


def _tell(session: Session, row: ListExport, what: str, why: str = "") -> None:
    view, called = view_of(row), _CALLED.get(row.kind, row.kind)
    count = f"{view.rows:,} {called}" if view.state == "done" else called
    notifications.tell(
        session, [row.created_by], "export", subject=f"export:{row.id}", title=f"Your export of {count} {what}",
        body=why or f"{view.file_name} is kept until {view.expires_at:%-d %B}.", link=f"{_PAGE}?export={row.id}",
    )  # fmt: skip


def _row(session: Session, export_id: UUID) -> ListExport | None:
    return session.exec(select(ListExport).where(ListExport.id == export_id).with_for_update()).first()


def _held(session: Session, export_id: UUID, token: str) -> ListExport:
    row = _row(session, export_id)
    if row is None or row.state != "running" or row.holder != token:
        raise _Ended
    return row
