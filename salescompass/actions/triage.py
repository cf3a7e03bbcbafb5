"""The weekly triage: what has been lying about, and what to do with each: keep it, give it to somebody, drop it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, func, literal, or_, select
from sqlmodel import Session

from salescompass.actions.advice import LYING, SNOOZES, Advice, Lying, advise
from salescompass.actions.cards import (
    ACTION,
    Card,
    card,
    currency_of,
    evident_since,
    rows_of,
)
from salescompass.actions.seeing import seen
from salescompass.actions.today import AWAKE
from salescompass.actions.whose import assigned
from salescompass.identity import Actor
from salescompass.vocabulary import OPEN_ACTION_STATES

_MOST = 100


@dataclass(frozen=True)
class Stale:
    """An action that lies about, and what to do with it."""

    card: Card
    advice: Advice


def stale(
    session: Session, actor: Actor, *, at: datetime, team: bool = False, limit: int = 50
) -> tuple[Stale, ...]:  # fmt: skip
    """What lies about of the actor's, or of the team's: what was due first comes first, each with advice."""
    actor.must("actions.read")
    which = and_(stale_ones(session, actor, at, team=team), seen(session, actor))
    query = select(ACTION.c.id).where(which).order_by(ACTION.c.due_to.asc().nulls_last(), ACTION.c.id)
    ids = session.connection().execute(query.limit(max(1, min(limit, _MOST)))).scalars().all()
    rows = rows_of(session, ids, currency=currency_of(session))
    loads = _loads(session, {row.assignee_id for row in rows})
    return tuple(Stale(card(row), advise(_lying(row, loads.get(row.assignee_id, 0)), at=at)) for row in rows)


def stale_ones(session: Session, actor: Actor, at: datetime, *, team: bool = False) -> ColumnElement[bool]:
    """Which open actions lie about: long overdue and untouched since, or put off again and again."""
    a, then = ACTION.c, at - LYING
    forgotten = and_(a.state.in_(AWAKE), a.due_to < then, func.coalesce(a.touched_at, a.created_at) < then)
    put_off = and_(a.state.in_(OPEN_ACTION_STATES), a.snoozes > SNOOZES)
    return and_(assigned(session, actor, team=team), or_(forgotten, put_off))


def _loads(session: Session, assignees: set[UUID]) -> dict[UUID, int]:
    """How many open actions each of these has."""
    theirs = ACTION.c.assignee_id == any_(literal(list(assignees), ARRAY(Uuid())))
    query = select(ACTION.c.assignee_id, func.count()).where(theirs, ACTION.c.state.in_(OPEN_ACTION_STATES))
    return {row[0]: row[1] for row in session.connection().execute(query.group_by(ACTION.c.assignee_id))}


def _lying(row: Any, load: int) -> Lying:
    deal_open = None if row.deal_state is None else row.deal_state == "open"
    return Lying(row.due_to, row.snoozes, deal_open, bool(row.best), evident_since(row), load)
