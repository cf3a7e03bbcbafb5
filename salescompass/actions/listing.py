"""Actions as programs read them: all that are in sight, narrowed by values, the last made first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from salescompass.actions.seeing import seen
from salescompass.actions.shapes import ActionView
from salescompass.actions.views import ACTION, statement, view
from salescompass.identity import Actor
from salescompass.kit.pagination import Page, Position, position
from salescompass.vocabulary import ActionState

_MOST = 1000


def list_actions(
    session: Session,
    actor: Actor,
    *,
    states: Collection[ActionState] = (),
    assignee_id: UUID | None = None,
    account_id: UUID | None = None,
    person_id: UUID | None = None,
    opportunity_id: UUID | None = None,
    due_after: datetime | None = None,
    due_before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ActionView]:
    """A page of actions in any state, the last made first; what is not given does not narrow."""
    actor.must("actions.read")
    limit = max(1, min(limit, _MOST))
    query = statement().where(seen(session, actor))
    named = {
        "assignee_id": assignee_id, "account_id": account_id, "person_id": person_id, "opportunity_id": opportunity_id,
    }  # fmt: skip
    for name, value in named.items():
        if value is not None:
            query = query.where(ACTION.c[name] == value)
    if states:
        query = query.where(ACTION.c.state.in_([one.value for one in states]))
    if due_after is not None:
        query = query.where(ACTION.c.due_to >= due_after)
    if due_before is not None:
        query = query.where(ACTION.c.due_to < due_before)
    after = position(cursor)
    if after:
        query = query.where(ACTION.c.id < after.id)  # ids are made in the order of time
    rows = session.connection().execute(query.order_by(ACTION.c.id.desc()).limit(limit + 1)).all()
    shown = tuple(view(row) for row in rows[:limit])
    more = Position(shown[-1].created_at, shown[-1].id).cursor() if len(rows) > limit else None
    return Page(shown, more)
