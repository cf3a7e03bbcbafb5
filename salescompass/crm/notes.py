"""Notes on records: written, edited by their author, deleted, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.crm.lists import in_reach
from salescompass.crm.names import tidy
from salescompass.identity import Actor
from salescompass.kit import clock, live
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Changed, Denied, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import Membership, Note
from salescompass.vocabulary import Topic

LONGEST = 20_000
_MOST = 500


@dataclass(frozen=True)
class NoteView:
    """A note."""

    id: UUID
    object_type: str
    object_id: UUID
    body: str
    author_id: UUID | None
    author: str
    created_at: datetime
    edited_at: datetime | None
    row_version: int


def notes(session: Session, *, object_type: str, object_id: UUID, limit: int = 100) -> list[NoteView]:
    """The notes on a record, the newest first."""
    _seen(session, object_type, object_id)
    query = (
        select(Note, Membership.name)
        .outerjoin(Membership, col(Membership.id) == col(Note.author_id))
        .where(Note.object_type == object_type, Note.object_id == object_id, col(Note.deleted_at).is_(None))
        .order_by(col(Note.created_at).desc(), col(Note.id).desc())
        .limit(max(1, min(limit, _MOST)))
    )
    return [_view(row, name) for row, name in session.exec(query)]


def add_note(session: Session, actor: Actor, *, object_type: str, object_id: UUID, body: str) -> NoteView:
    """Write a note on a record."""
    _seen(session, object_type, object_id)
    row = Note(
        tenant_id=session_tenant(session), id=new_id(), object_type=object_type, object_id=object_id,
        body=_clean(body), author_id=actor.member_id, created_by=actor.actor_id, created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    live.publish(session, Topic.RECORDS, [object_id])
    return _view(row, actor.name)


def edit_note(session: Session, actor: Actor, *, note_id: UUID, body: str, version: int | None = None) -> NoteView:
    """Change a note of one's own."""
    row = _own(session, actor, note_id)
    if version is not None and row.row_version != version:
        raise Changed("This note was changed meanwhile: look at it again", row_version=row.row_version)
    row.body, row.edited_at, row.row_version = _clean(body), clock.now(), row.row_version + 1
    session.add(row)
    session.flush()
    live.publish(session, Topic.RECORDS, [row.object_id])
    return _view(row, actor.name)


def delete_note(session: Session, actor: Actor, *, note_id: UUID, restore: bool = False) -> None:
    """Delete a note of one's own, or with `restore` bring it back."""
    row = _own(session, actor, note_id, deleted=restore)
    row.deleted_at = None if restore else clock.now()
    row.row_version += 1
    session.add(row)
    session.flush()
    live.publish(session, Topic.RECORDS, [row.object_id])


def _own(session: Session, actor: Actor, note_id: UUID, *, deleted: bool = False) -> Note:
    state = col(Note.deleted_at).is_not(None) if deleted else col(Note.deleted_at).is_(None)
    row = session.exec(select(Note).where(Note.id == note_id, state).with_for_update()).first()
    if row is None:
        raise NotFound("There is no such note")
    _seen(session, row.object_type, row.object_id)
    if actor.kind == "member" and row.author_id != actor.member_id:
        raise Denied("Only who wrote a note changes it")
    return row


def _seen(session: Session, object_type: str, object_id: UUID) -> None:
    if object_type not in ("account", "person", "opportunity"):
        raise Invalid("Notes are on accounts, people and deals", field="object_type")
    if object_id not in in_reach(session, object_type, [object_id]):
        raise NotFound("There is no such record")


def _clean(body: str) -> str:
    text = "\n".join(tidy(line) for line in body.replace("\0", " ").splitlines()).strip()
    if not text:
        raise Invalid("Write something", field="body")
    if len(text) > LONGEST:
        raise Invalid(f"Use at most {LONGEST:,} characters", field="body")
    return text


def _view(row: Note, author: str | None) -> NoteView:
    return NoteView(
        row.id, row.object_type, row.object_id, row.body, row.author_id, author or "", row.created_at, row.edited_at,
        row.row_version,
    )  # fmt: skip
