"""The weekly triage: what has been lying about, and what to do with each: keep it, give it to somebody, drop it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session

from salescompass.actions.advice import LOADED, LYING, SNOOZES, Advice, Lying, advise
from salescompass.actions.cards import (
    ACTION,
    Card,
    card,
    card_query,
    currency_of,
    deal_state,
    evident_since,
    rows_of,
    stakes,
)
from salescompass.actions.seeing import seen
from salescompass.actions.today import AWAKE
from salescompass.actions.whose import assigned
from salescompass.identity import Actor
from salescompass.vocabulary import OPEN_ACTION_STATES

_MOST = 100
_OTHER: Any = ACTION.alias("other")


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
    beside = (*stakes(currency_of(session)), deal_state(), _load().label("load"))
    which = and_(stale_ones(session, actor, at, team=team), seen(session, actor))
    query = card_query(*beside).where(which).order_by(ACTION.c.due_to.asc().nulls_last(), ACTION.c.id)
    rows = rows_of(session, query.limit(max(1, min(limit, _MOST))))
    return tuple(Stale(card(row), advise(_lying(row), at=at)) for row in rows)


def stale_ones(session: Session, actor: Actor, at: datetime, *, team: bool = False) -> ColumnElement[bool]:
    """Which open actions lie about: long overdue and untouched since, or put off again and again."""
    a, then = ACTION.c, at - LYING
    forgotten = and_(a.state.in_(AWAKE), a.due_to < then, func.coalesce(a.touched_at, a.created_at) < then)
    put_off = and_(a.state.in_(OPEN_ACTION_STATES), a.snoozes > SNOOZES)
    return and_(assigned(session, actor, team=team), or_(forgotten, put_off))


def _load() -> Any:
    """How many open actions the assignee has, as far as it matters."""
    same = and_(_OTHER.c.assignee_id == ACTION.c.assignee_id, _OTHER.c.state.in_(OPEN_ACTION_STATES))
    few = select(_OTHER.c.id).where(same).correlate(ACTION).limit(LOADED + 1).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def _lying(row: Any) -> Lying:
    deal_open = None if row.deal_state is None else row.deal_state == "open"
    return Lying(row.due_to, row.snoozes, deal_open, bool(row.best), evident_since(row), row.load)
