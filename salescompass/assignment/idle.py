"""What rules have made and nobody touches moves on: after so many working hours of whoever has it, to the next one."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, true
from sqlmodel import Session, col, select

from salescompass import actions, identity
from salescompass.assignment.ladder import Assigned
from salescompass.assignment.service import About, Given, assign_again
from salescompass.assignment.settings import assignment_settings
from salescompass.identity import Actor, Availability
from salescompass.kit.database import session_tenant
from salescompass.models import Action, ActionMove
from salescompass.vocabulary import ActionSource, ActionState, ActionVerb

MOST_MOVED = 200
_OF_THE_HOUSE = (ActionSource.RULE.value, ActionSource.EVENT.value)
_MOST_MOVES = 3
"""An action that so many had in vain stays where it is."""


def move_idle(session: Session, *, now: datetime) -> int:
    """Give what is idle to the next of the ladder; how many were given. What nobody else can take stays."""
    hours = assignment_settings(session).idle_hours
    if hours is None:
        return 0
    idle = _idle(session, timedelta(hours=hours), now)
    if not idle:
        return 0
    found = assign_again(
        session,
        [Given(About(row.account_id, row.person_id, row.opportunity_id), had_by) for row, had_by in idle],
        now=now,
    )
    actor, moved = identity.system_actor(session_tenant(session), "Assignment"), 0
    for (row, _), new in zip(idle, found, strict=True):
        if new.member_id is not None:
            _give(session, actor, row.id, new, hours, now)
            moved += 1
    return moved


def _give(session: Session, actor: Actor, action_id: UUID, new: Assigned, hours: int, now: datetime) -> None:
    note = f"Nobody touched it for {hours} working hours" if hours > 1 else "Nobody touched it for a working hour"
    actions.assign(
        session, actor, action_id=action_id, member_id=new.member_id, because=(note, *new.because), note=note, now=now
    )


def _idle(session: Session, limit: timedelta, now: datetime) -> list[tuple[Action, UUID]]:
    """Proposals of rules that their members had for so much of their working time without a touch, the oldest first."""
    given = (
        select(func.max(ActionMove.at).label("at"), func.count().label("many"))
        .where(ActionMove.action_id == Action.id, ActionMove.verb == ActionVerb.ASSIGN.value)
        .correlate(Action)
        .subquery()
        .lateral()
    )
    since = func.coalesce(given.c.at, Action.created_at)
    query = (
        select(Action, since)
        .join(given, true())
        .where(Action.state == ActionState.PROPOSED.value, col(Action.source).in_(_OF_THE_HOUSE))
        .where(col(Action.touched_at).is_(None), col(Action.assignee_id).is_not(None))
        .where(or_(col(Action.due_from).is_(None), col(Action.due_from) <= now))
        .where(Action.created_at <= now - limit, since <= now - limit, given.c.many < _MOST_MOVES)
        .order_by(since, col(Action.id))
        .limit(MOST_MOVED * 5)
    )
    rows = session.exec(query).all()
    when = identity.availabilities(session, {row.assignee_id for row, _ in rows if row.assignee_id})
    found = [
        (row, row.assignee_id) for row, at in rows if row.assignee_id and _had(when[row.assignee_id], at, now) >= limit
    ]
    return found[:MOST_MOVED]


def _had(when: Availability, since: datetime, now: datetime) -> timedelta:
    """How long somebody had it: their working time, but while they are out the whole time."""
    return now - since if when.is_out(now) else when.worked(since, now)
