"""What files leave behind is not kept for ever: uploads nobody went on with, lists of failures, imports cut short."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from salescompass.imports.errors_file import errors_path
from salescompass.imports.list_exports import forget_exports
from salescompass.imports.uploads import OPEN, forget_file
from salescompass.kit.database import session_tenant
from salescompass.models import ImportBatch

UPLOADS_KEPT = timedelta(days=7)
ERRORS_KEPT = timedelta(days=90)
SILENT = timedelta(hours=1)
"""An import on the server that has told nothing for so long was killed: it wrote after every thousand rows."""
_MOST = 500


def forget_old(session: Session, *, now: datetime) -> int:
    """Drop old uploads, exports and lists of failed rows; end imports whose command is gone. How many were touched."""
    old = session.exec(
        select(ImportBatch)
        .where(col(ImportBatch.state).in_(OPEN), col(ImportBatch.updated_at) < now - UPLOADS_KEPT)
        .where(col(ImportBatch.options)["file"].astext.is_not(None))
        .limit(_MOST)
    ).all()
    for row in old:
        forget_file(session, row.options)
        row.options = {name: value for name, value in row.options.items() if name != "file"}
        row.state, row.finished_at = "cancelled", now
        session.add(row)
    gone = session.exec(
        select(ImportBatch)
        .where(col(ImportBatch.state).in_(("running", "cancelling")), col(ImportBatch.updated_at) < now - SILENT)
        .where(col(ImportBatch.options)["file"].astext.is_(None))
        .limit(_MOST)
    ).all()
    for row in gone:
        row.state, row.finished_at = "failed", now
        row.error = "The command that ran it ended before the file did: import the file again to go on"
        session.add(row)
    session.flush()
    return len(old) + len(gone) + _forget_errors(session, now) + forget_exports(session, now=now)


def _forget_errors(session: Session, now: datetime) -> int:
    ended = select(ImportBatch.id).where(
        col(ImportBatch.finished_at) < now - ERRORS_KEPT, col(ImportBatch.finished_at) >= now - 2 * ERRORS_KEPT
    )
    found = [errors_path(session_tenant(session), one) for one in session.exec(ended)]
    there = [path for path in found if path.exists()]
    for path in there:
        path.unlink()
    return len(there)
