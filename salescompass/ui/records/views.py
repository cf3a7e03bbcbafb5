"""What is done to a saved view of a list: a part of it changed, deleted, brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import crm, identity
from salescompass.crm import ListView
from salescompass.identity import Actor
from salescompass.kit.errors import NotFound
from salescompass.kit.ids import parse_id
from salescompass.ui import routes
from salescompass.vocabulary import RecordKind


@dataclass(frozen=True)
class TeamChoice:
    """A team that a view can be shared with."""

    id: str
    name: str


def changed(
    session: Session,
    actor: Actor,
    *,
    kind: RecordKind,
    view_id: UUID,
    name: str | None = None,
    state: Mapping[str, str] | None = None,
    sharing: str | None = None,
) -> ListView:
    """Change what is given of a view of one's own."""
    now = _view(session, actor, kind, view_id)
    return crm.save_view(
        session, actor, kind=kind, view_id=view_id,
        name=now.name if name is None else name,
        state=now.state if state is None else state,
        **(sharing_of(sharing) if sharing is not None else {"shared": now.shared, "team_id": now.team_id}),
    )  # fmt: skip


def sharing_of(chosen: str) -> dict[str, Any]:
    """With whom a view is shared: nobody for ``, everybody for `all`, else a team by its id."""
    return {"shared": bool(chosen), "team_id": parse_id(chosen)}


def my_teams(session: Session, actor: Actor) -> list[TeamChoice]:
    """The teams that views can be shared with."""
    return [TeamChoice(str(one.id), one.name) for one in identity.teams_of(session, actor)]


def deleted(session: Session, actor: Actor, *, kind: RecordKind, view_id: UUID) -> ListView:
    """Delete a view of one's own; what it was."""
    now = _view(session, actor, kind, view_id)
    crm.delete_view(session, actor, view_id=view_id)
    return now


def returned(session: Session, actor: Actor, *, kind: RecordKind, view_id: UUID) -> ListView:
    """Bring a deleted view of one's own back."""
    crm.delete_view(session, actor, view_id=view_id, restore=True)
    return _view(session, actor, kind, view_id)


def view_href(path: str, view: ListView) -> str:
    """The address of a list through a view: it says all that the view holds, so Back and a shared link keep it."""
    return routes.record_list(path, **{"view": str(view.id), **{key: str(value) for key, value in view.state.items()}})


def _view(session: Session, actor: Actor, kind: RecordKind, view_id: UUID) -> ListView:
    for one in crm.saved_views(session, actor, kind=kind):
        if one.id == view_id:
            return one
    raise NotFound("There is no such view")
