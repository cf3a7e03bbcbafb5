"""Lists as somebody likes them, kept under a name: one's own, or shared with a team, or with everybody here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select as columns_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, or_, select

from salescompass import identity
from salescompass.crm.names import name_norm, tidy
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Changed, Denied, Exists, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import Membership, SavedView, Team, TeamMember
from salescompass.vocabulary import RecordKind

_MOST = 200
_LARGEST = 16_000


@dataclass(frozen=True)
class ListView:
    """A saved view; `state` is what the page's address holds. `mine` may be changed by the reader.

    One that is shared is that of `team_id` and the teams beneath, or without it everybody's.
    """

    id: UUID
    kind: str
    name: str
    shared: bool
    mine: bool
    owner: str
    state: Mapping[str, Any]
    row_version: int
    updated_at: datetime
    team_id: UUID | None = None


def saved_views(session: Session, actor: Actor, *, kind: RecordKind | str) -> list[ListView]:
    """One's own views of a list and those that others share with one, by name."""
    query = (
        select(SavedView, Membership.name)
        .join(Membership, col(Membership.id) == col(SavedView.owner_id))
        .where(SavedView.object_type == RecordKind(kind).value, col(SavedView.deleted_at).is_(None))
        .where(or_(SavedView.owner_id == actor.member_id, _shared_with(actor)))
        .order_by(col(SavedView.name_norm), col(SavedView.id))
    )
    return [_view(row, owner, actor) for row, owner in session.exec(query)]


def save_view(
    session: Session,
    actor: Actor,
    *,
    kind: RecordKind | str,
    name: str,
    state: Mapping[str, Any],
    shared: bool = False,
    team_id: UUID | None = None,
    view_id: UUID | None = None,
    version: int | None = None,
) -> ListView:
    """A new view (`view_id` None), or a view of one's own as it shall be; shared with a team of one's own, or with all.

    Raises Exists for a name one uses already.
    """
    clean = tidy(name)
    if not clean or len(clean) > 60:
        raise Invalid("Enter a name of at most 60 characters", field="name")
    if len(json.dumps(dict(state))) > _LARGEST:
        raise Invalid("This view is too large to be saved: take some conditions away", field="state")
    kind = RecordKind(kind)
    row = _own(session, actor, view_id) if view_id else _new(session, actor, kind)
    if version is not None and row.row_version != version:
        raise Changed("This view was changed meanwhile: open it again", row_version=row.row_version)
    _must_be_free(session, row, clean)
    if team_id not in (None, row.team_id) and team_id not in {one.id for one in identity.teams_of(session, actor)}:
        raise NotFound("You are in no such team")
    row.team_id = team_id if shared else None
    row.name, row.name_norm, row.state = clean, name_norm(clean), dict(state)
    row.shared, row.row_version = "team" if shared else "private", row.row_version + 1
    session.add(row)
    session.flush()
    session.refresh(row)
    return _view(row, actor.name, actor)


def delete_view(session: Session, actor: Actor, *, view_id: UUID, restore: bool = False) -> None:
    """Delete a view of one's own, or with `restore` bring it back. Raises Exists when its name was taken meanwhile."""
    row = _own(session, actor, view_id, deleted=restore)
    if restore:
        _must_be_free(session, row, row.name)
    row.deleted_at = None if restore else clock.now()
    row.row_version += 1
    session.add(row)
    session.flush()


def _shared_with(actor: Actor) -> ColumnElement[bool]:
    """Views shared with everybody, with a team that the reader is in, or with one above it."""
    mine, above = aliased(Team), aliased(Team)
    member = (
        columns_of(col(above.id))
        .join(mine, col(mine.path).startswith(col(above.path)))
        .join(TeamMember, col(TeamMember.team_id) == col(mine.id))
        .where(col(TeamMember.member_id) == actor.member_id)
    )
    return and_(
        col(SavedView.shared) == "team", or_(col(SavedView.team_id).is_(None), col(SavedView.team_id).in_(member))
    )


def _new(session: Session, actor: Actor, kind: RecordKind) -> SavedView:
    if actor.member_id is None:
        raise Denied("Views belong to members")
    mine = select(SavedView.id).where(SavedView.owner_id == actor.member_id, col(SavedView.deleted_at).is_(None))
    if len(session.exec(mine).all()) >= _MOST:
        raise Invalid(f"At most {_MOST} views: delete one first", field="name")
    return SavedView(
        tenant_id=session_tenant(session), id=new_id(), object_type=kind.value, name="", name_norm="",
        owner_id=actor.member_id, row_version=0,
    )  # fmt: skip


def _must_be_free(session: Session, row: SavedView, name: str) -> None:
    same = select(SavedView.id).where(
        SavedView.object_type == row.object_type, SavedView.owner_id == row.owner_id, SavedView.id != row.id,
        SavedView.name_norm == name_norm(name), col(SavedView.deleted_at).is_(None),
    )  # fmt: skip
    if session.exec(same).first():
        raise Exists(f"You have a view {name} already", field="name")


def _own(session: Session, actor: Actor, view_id: UUID, *, deleted: bool = False) -> SavedView:
    state = col(SavedView.deleted_at).is_not(None) if deleted else col(SavedView.deleted_at).is_(None)
    row = session.exec(select(SavedView).where(SavedView.id == view_id, state).with_for_update()).first()
    if row is None or (row.owner_id != actor.member_id and not _sees(session, actor, row)):
        raise NotFound("There is no such view")
    if row.owner_id != actor.member_id:
        raise Denied("Only who made a view changes it: save it under a name of your own")
    return row


def _sees(session: Session, actor: Actor, row: SavedView) -> bool:
    return session.exec(select(SavedView.id).where(SavedView.id == row.id, _shared_with(actor))).first() is not None


def _view(row: SavedView, owner: str, actor: Actor) -> ListView:
    mine = row.owner_id == actor.member_id
    return ListView(
        row.id, row.object_type, row.name, row.shared == "team", mine, owner, row.state, row.row_version,
        row.updated_at, row.team_id,
    )  # fmt: skip
