"""Today: the few things that are worth one's minutes most, why each is there, and how many more wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session

from salescompass.actions.cards import (
    Card,
    card,
    currency_of,
    evident_since,
    parts_of,
    rows_of,
)
from salescompass.actions.days import begin_of, day_of, end_of_today
from salescompass.actions.offers import OfferView, offers_to_me
from salescompass.actions.past import Past, past
from salescompass.actions.rank_words import in_words
from salescompass.actions.ranking import Parts, picked
from salescompass.actions.seeing import seen
from salescompass.actions.shapes import ActionView
from salescompass.actions.views import ACTION
from salescompass.identity import Actor
from salescompass.models import Delegation
from salescompass.vocabulary import OPEN_ACTION_STATES, ActionState, DelegationState

MOST = 15
_CONSIDERED = 4 * MOST
"""So many of the first by stored worth are ranked by the minute."""
MOST_COUNTED = 1000
AWAKE = tuple(state for state in OPEN_ACTION_STATES if state != ActionState.SNOOZED)
ASKED: Any = Delegation.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Today:
    """What somebody is asked to take over, what to do, how many more wait (up to a thousand), what is done."""

    offers: tuple[tuple[OfferView, ActionView], ...]
    cards: tuple[Card, ...]
    waiting: int
    done: int


@dataclass(frozen=True)
class _Ranked:
    row: Any
    parts: Parts


def today(session: Session, actor: Actor, *, at: datetime) -> Today:
    """The actor's day: at most MOST cards, by the expected value of a minute as of `at`."""
    actor.must("actions.read")
    if actor.member_id is None:
        return Today((), (), 0, 0)
    due = _due(session, actor, at)
    currency = currency_of(session)
    query = select(ACTION.c.id).where(due).order_by(ACTION.c.worth.desc(), ACTION.c.id.desc()).limit(_CONSIDERED)
    rows = rows_of(session, session.connection().execute(query).scalars().all(), currency=currency)
    waiting, done = _counts(session, actor, due, at)
    cards = _shown(actor, rows, past(session, at=at), currency, at) if rows else ()
    asked = tuple(one for one in offers_to_me(session, actor) if one[0].expires_at > at and one[1].is_open)
    return Today(asked, cards, max(waiting - len(cards), 0), done)


def offered_to(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Which offers ask the actor to take over an action that is open."""
    a, asked = ACTION.c, ASKED.c
    return and_(
        asked.action_id == a.id, asked.to_id == actor.member_id, asked.state == DelegationState.OFFERED,
        asked.expires_at > at, a.state.in_(OPEN_ACTION_STATES),
    )  # fmt: skip


def _due(session: Session, actor: Actor, at: datetime) -> ColumnElement[bool]:
    """What is the actor's, awake, and due by the end of their day. A task of one's own without a beginning begins when
    it is due; what rules make, at once."""
    a, night = ACTION.c, end_of_today(at, actor.zone)
    own_task = and_(a.source == "person", a.due_from.is_(None), a.due_to.is_not(None))
    return and_(
        a.assignee_id == actor.member_id, a.state.in_(AWAKE), or_(a.expires_at.is_(None), a.expires_at > at),
        or_(a.due_from.is_(None), a.due_from < night), or_(~own_task, a.due_to < night), a.worth >= 0.0,
        seen(session, actor),
    )  # fmt: skip


def _shown(actor: Actor, rows: Sequence[Any], known: Past, currency: str, at: datetime) -> tuple[Card, ...]:
    ranked = [_Ranked(row, parts_of(row, known, currency=currency, at=at)) for row in rows]
    ranked.sort(key=lambda one: (-one.parts.worth, one.row.due_to is None, one.row.due_to, one.row.id))
    day = day_of(at, actor.zone)

    def seed(one: _Ranked) -> tuple[object, ...]:
        return actor.tenant_id, actor.member_id, day, one.row.id

    shown = picked(ranked, MOST, lambda one: one.parts, seed)
    return tuple(_card(one, explored, currency, at) for one, explored in shown)


def _card(one: _Ranked, explored: bool, currency: str, at: datetime) -> Card:
    row = one.row
    why = in_words(
        one.parts, currency=currency, at=at, due_from=row.due_from, due_to=row.due_to, evident_since=evident_since(row)
    )
    if explored:
        why = ("Shown to learn from: nobody knows yet how well such actions do", *why)
    return card(row, why_rank=why, explored=explored)


def _counts(session: Session, actor: Actor, due: ColumnElement[bool], at: datetime) -> tuple[int, int]:
    """How many are due, and how many were done since the day began; both up to MOST_COUNTED."""
    morning = begin_of(day_of(at, actor.zone), actor.zone)
    finished = and_(
        ACTION.c.assignee_id == actor.member_id, ACTION.c.state == ActionState.DONE, ACTION.c.closed_at >= morning
    )
    counts = (counted(due), counted(finished))
    row = session.connection().execute(select(*counts)).one()
    return int(row[0]), int(row[1])


def counted(which: ColumnElement[bool], most: int = MOST_COUNTED) -> Any:
    """How many actions there are of these, up to so many, as a column."""
    few = select(ACTION.c.id).where(which).limit(most).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def why_here(session: Session, actor: Actor, *, action_id: UUID, at: datetime) -> tuple[str, ...]:
    """The rank of one open action in words; nothing for one that is closed or not seen."""
    actor.must("actions.read")
    currency = currency_of(session)
    open_one = and_(ACTION.c.id == action_id, ACTION.c.state.in_(OPEN_ACTION_STATES), seen(session, actor))
    ids = session.connection().execute(select(ACTION.c.id).where(open_one)).scalars().all()
    if not ids:
        return ()
    (row,) = rows_of(session, ids, currency=currency)
    parts = parts_of(row, past(session, at=at), currency=currency, at=at)
    return _card(_Ranked(row, parts), False, currency, at).why_rank
