"""Giving an event to somebody: it becomes an action with that event as its evidence, offered where it is another's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from salescompass import events
from salescompass.actions.delegating import delegate
from salescompass.actions.proposing import create
from salescompass.actions.seeing import seen
from salescompass.actions.shapes import ActionView, Moved, NewAction
from salescompass.actions.views import ACTION, statement, view
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import Conflict
from salescompass.vocabulary import ActionSource

_MOST = 500


def assign_event(
    session: Session,
    actor: Actor,
    *,
    event_id: UUID,
    member_id: UUID | None = None,
    note: str = "",
    due: datetime | None = None,
    now: datetime | None = None,
) -> Moved:
    """Have somebody see to an event: oneself at once, a colleague when they accept. Conflict when it is seen to."""
    now = now or clock.now()
    entry = events.event_by_id(session, event_id)
    of = entry.person_name or entry.account_name
    new = NewAction(
        title=f"{entry.label}: {of}" if of else entry.label, detail=note, account_id=entry.account_id,
        person_id=entry.person_id, opportunity_id=entry.opportunity_id, due_to=due, source=ActionSource.EVENT,
        reasons=(f"{entry.label} on {entry.occurred_at:%d %b %Y}",), evidence=(event_id,), dedupe_key=_key(event_id),
        assignee_id=actor.member_id or member_id,
    )  # fmt: skip
    try:
        made = create(session, actor, new, now=now)
    except Conflict:
        raise Conflict("Somebody sees to this event already") from None
    if member_id is None or member_id == made.action.assignee_id:
        return made
    return delegate(session, actor, action_id=made.action.id, to_id=member_id, note=note, now=now)


def assigned_of(session: Session, actor: Actor, *, event_ids: Sequence[UUID]) -> dict[UUID, ActionView]:
    """The action by which somebody sees to each of these events, the latest one; none where nobody does."""
    actor.must("actions.read")
    keys = {_key(one): one for one in event_ids[:_MOST]}
    if not keys:
        return {}
    query = statement().where(ACTION.c.dedupe_key.in_(list(keys)), seen(session, actor))
    rows = session.connection().execute(query.order_by(ACTION.c.created_at).add_columns(ACTION.c.dedupe_key))
    return {keys[row.dedupe_key]: view(row) for row in rows}


def _key(event_id: UUID) -> str:
    return f"event:{event_id}"
