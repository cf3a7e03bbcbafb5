"""What is done to a saved view of a list: a part of it changed, deleted, brought back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import Session

from salescompass import crm
from salescompass.crm import ListView
from salescompass.identity import Actor
from salescompass.kit.errors import NotFound
from salescompass.ui import routes
from salescompass.vocabulary import RecordKind


def changed(
    session: Session,
    actor: Actor,
    *,
    kind: RecordKind,
    view_id: UUID,
    name: str | None = None,
    state: Mapping[str, str] | None = None,
    shared: bool | None = None,
) -> ListView:
    """Change what is given of a view of one's own."""
    now = _view(session, actor, kind, view_id)
    return crm.save_view(
        session, actor, kind=kind, view_id=view_id,
        name=now.name if name is None else name,
        state=now.state if state is None else state,
        shared=now.shared if shared is None else shared,
    )  # fmt: skip


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
