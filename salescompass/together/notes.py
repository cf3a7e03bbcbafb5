"""Notes on records, events and actions: who writes, changes and deletes them, how they stood, who reads them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass.crm import VISIBILITY, Confidence, confided, tidy
from salescompass.identity import Actor
from salescompass.kit import clock, live
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Changed, Denied, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import Membership, Mention, Note, NoteVersion
from salescompass.together.objects import Thing, thing
from salescompass.together.telling import tell_of_note
from salescompass.vocabulary import Topic

LONGEST = 20_000
_MOST = 500


@dataclass(frozen=True)
class NoteView:
    """A note. `named` are the names in it, after an @, of those whom it mentions."""

    id: UUID
    object_type: str
    object_id: UUID
    body: str
    author_id: UUID | None
    author: str
    created_at: datetime
    edited_at: datetime | None
    row_version: int
    visibility: str = "all"
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class VersionView:
    """A note as it stood from a moment on."""

    body: str
    visibility: str
    at: datetime


def notes(session: Session, actor: Actor, *, object_type: str, object_id: UUID, limit: int = 100) -> list[NoteView]:
    """The notes on something that the actor reads, the newest first."""
    thing(session, actor, object_type, object_id)
    return _read(session, actor, limit, Note.object_type == object_type, Note.object_id == object_id)


def note_history(session: Session, actor: Actor, *, note_id: UUID) -> list[VersionView]:
    """A note as it stands and as it stood before, the latest first; what was private then is its author's still."""
    found = _read(session, actor, 1, Note.id == note_id)
    if not found:
        raise NotFound("There is no such note")
    note = found[0]
    thing(session, actor, note.object_type, note.object_id)
    query = select(NoteVersion).where(NoteVersion.note_id == note_id).order_by(col(NoteVersion.at).desc())
    own = actor.kind == "system" or note.author_id == actor.member_id
    wide = VISIBILITY.index(note.visibility)
    before = [
        VersionView(one.body, one.visibility, one.at)
        for one in session.exec(query.limit(_MOST))
        if own or VISIBILITY.index(one.visibility) <= wide
    ]
    return [VersionView(note.body, note.visibility, note.edited_at or note.created_at), *before]


def add_note(
    session: Session,
    actor: Actor,
    *,
    object_type: str,
    object_id: UUID,
    body: str,
    visibility: str = "all",
    picked: Collection[str] = (),
) -> NoteView:
    """Write a note. Who is named after an @ and may read it is told, and so is who follows what it is about.

    `picked` says which of several members or teams of one name is meant (`member:ID`, `team:ID`).
    """
    about = thing(session, actor, object_type, object_id)
    row = Note(
        tenant_id=session_tenant(session), id=new_id(), object_type=object_type, object_id=object_id,
        body=_clean(body), visibility=_known(visibility), author_id=actor.member_id, created_by=actor.actor_id,
        created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    tell_of_note(session, actor, about, row, picked, fresh=True)
    return _told(session, actor, row)


def edit_note(
    session: Session,
    actor: Actor,
    *,
    note_id: UUID,
    body: str,
    version: int | None = None,
    visibility: str | None = None,
    picked: Collection[str] = (),
) -> NoteView:
    """Change a note of one's own; how it stood stays in its history. Only who is named anew is told."""
    row, about = _own(session, actor, note_id)
    if version is not None and row.row_version != version:
        raise Changed("This note was changed meanwhile: look at it again", row_version=row.row_version)
    before, seen = row.body, row.visibility
    row.body, row.visibility = _clean(body), _known(visibility or row.visibility)
    if (row.body, row.visibility) != (before, seen):
        session.add(
            NoteVersion(
                tenant_id=row.tenant_id, id=new_id(), note_id=row.id, body=before, visibility=seen,
                at=row.edited_at or row.created_at,
            )
        )  # fmt: skip
        row.edited_at, row.row_version = clock.now(), row.row_version + 1
        session.add(row)
        session.flush()
        tell_of_note(session, actor, about, row, picked, fresh=False)
    return _told(session, actor, row)


def delete_note(session: Session, actor: Actor, *, note_id: UUID, restore: bool = False) -> None:
    """Delete a note of one's own, or with `restore` bring it back."""
    row, _ = _own(session, actor, note_id, deleted=restore)
    row.deleted_at = None if restore else clock.now()
    row.row_version += 1
    session.add(row)
    session.flush()
    live.publish(session, Topic.RECORDS, [row.object_id])


def _own(session: Session, actor: Actor, note_id: UUID, *, deleted: bool = False) -> tuple[Note, Thing]:
    state = col(Note.deleted_at).is_not(None) if deleted else col(Note.deleted_at).is_(None)
    query = select(Note).where(Note.id == note_id, state, _confided(session, actor))
    row = session.exec(query.with_for_update()).first()
    if row is None:
        raise NotFound("There is no such note")
    about = thing(session, actor, row.object_type, row.object_id)
    if actor.kind == "member" and row.author_id != actor.member_id:
        raise Denied("Only who wrote a note changes it")
    return row, about


def _confided(session: Session, actor: Actor) -> Any:
    """The notes that somebody may read, wherever they stand."""
    return text(confided("note")).bindparams(**Confidence.of(session, actor).given())


def _read(session: Session, actor: Actor, limit: int, *which: Any) -> list[NoteView]:
    query = (
        select(Note, Membership.name)
        .outerjoin(Membership, col(Membership.id) == col(Note.author_id))
        .where(*which, col(Note.deleted_at).is_(None), _confided(session, actor))
        .order_by(col(Note.created_at).desc(), col(Note.id).desc())
        .limit(max(1, min(limit, _MOST)))
    )
    rows = session.exec(query).all()
    named = _named(session, [row.id for row, _ in rows])
    return [_view(row, name, named.get(row.id, ())) for row, name in rows]


def _named(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    if ids:
        for note_id, label in session.exec(select(Mention.note_id, Mention.label).where(col(Mention.note_id).in_(ids))):
            found[note_id] = (*found.get(note_id, ()), label)
    return found


def _told(session: Session, actor: Actor, row: Note) -> NoteView:
    live.publish(session, Topic.RECORDS, [row.object_id])
    return _view(row, actor.name, _named(session, [row.id]).get(row.id, ()))


def _known(visibility: str) -> str:
    if visibility not in VISIBILITY:
        raise Invalid(f"Choose one of {', '.join(VISIBILITY)}", field="visibility")
    return visibility


def _clean(body: str) -> str:
    plain = "\n".join(tidy(line) for line in body.replace("\0", " ").splitlines()).strip()
    if not plain:
        raise Invalid("Write something", field="body")
    if len(plain) > LONGEST:
        raise Invalid(f"Use at most {LONGEST:,} characters", field="body")
    return plain


def _view(row: Note, author: str | None, named: tuple[str, ...]) -> NoteView:
    return NoteView(
        row.id, row.object_type, row.object_id, row.body, row.author_id, author or "", row.created_at, row.edited_at,
        row.row_version, row.visibility, named,
    )  # fmt: skip
