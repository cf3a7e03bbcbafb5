"""Actions by state, and by the days of the member's zone on which they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select, union_all
from sqlmodel import Session

from salescompass.actions.cards import Card, card, rows_of
from salescompass.actions.days import begin_of, day_of
from salescompass.actions.seeing import seen
from salescompass.actions.shapes import ActionView
from salescompass.actions.today import counted
from salescompass.actions.views import ACTION
from salescompass.actions.whose import assigned
from salescompass.actions.worklist import Query, wanted
from salescompass.identity import Actor
from salescompass.kit.errors import Invalid
from salescompass.vocabulary import OPEN_ACTION_STATES, ActionState

LONGEST = 62
_MOST, _FIRST = 1000, 20
_LATELY = timedelta(days=7)
COLUMNS = (ActionState.PROPOSED, ActionState.ACCEPTED, ActionState.IN_PROGRESS, ActionState.SNOOZED, ActionState.DONE)


@dataclass(frozen=True)
class Column:
    """The actions of a state: how many, up to a thousand, and the first by worth; of those done, the last week's."""

    state: str
    count: int
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Day:
    """What is due on a day."""

    day: date
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Calendar:
    """The days that have something, in order. `more` says that there is more than is shown."""

    days: tuple[Day, ...]
    more: bool


def board(session: Session, actor: Actor, *, query: Query, at: datetime) -> tuple[Column, ...]:
    """The columns of the board for what `query` narrows; its view and order are left out of account."""
    actor.must("actions.read")
    whose = assigned(session, actor, team=query.team, assignee_id=query.assignee_id)
    which = and_(whose, *wanted(query), seen(session, actor))
    states = {state: and_(which, ACTION.c.state == state, *_lately(state, at)) for state in COLUMNS}
    totals = session.connection().execute(select(*(counted(one) for one in states.values()))).one()
    firsts = [
        select(ACTION.c.id).where(one).order_by(_order(state).desc(), ACTION.c.id.desc()).limit(_FIRST).subquery()
        for state, one in states.items()
    ]
    ids = union_all(*(select(one.c.id) for one in firsts))
    cards = [card(row) for row in rows_of(session, session.connection().execute(ids).scalars().all())]
    cards.sort(key=lambda one: _place(one.action), reverse=True)
    return tuple(
        Column(state.value, int(total), tuple(one for one in cards if one.action.state == state))
        for state, total in zip(states, totals, strict=True)
    )


def _order(state: ActionState) -> Any:
    return ACTION.c.closed_at if state is ActionState.DONE else ACTION.c.worth


def _place(action: ActionView) -> tuple[float, UUID]:
    return action.closed_at.timestamp() if action.closed_at else action.priority, action.id


def _lately(state: ActionState, at: datetime) -> tuple[Any, ...]:
    return (ACTION.c.closed_at >= at - _LATELY,) if state is ActionState.DONE else ()


def calendar(session: Session, actor: Actor, *, query: Query, first: date, last: date) -> Calendar:
    """What is open and due from a day to another, both included, in the actor's zone; the view is left out of account.

    Raises Invalid for a span of more than LONGEST days.
    """
    actor.must("actions.read")
    if not timedelta() <= last - first < timedelta(days=LONGEST):
        raise Invalid(f"Choose at most {LONGEST} days", field="last")
    begin, end = begin_of(first, actor.zone), begin_of(last + timedelta(days=1), actor.zone)
    a = ACTION.c
    which = and_(
        assigned(session, actor, team=query.team, assignee_id=query.assignee_id), a.state.in_(OPEN_ACTION_STATES),
        a.due_to >= begin, a.due_to < end, *wanted(query), seen(session, actor),
    )  # fmt: skip
    ids = session.connection().execute(select(a.id).where(which).order_by(a.due_to, a.id).limit(_MOST + 1)).scalars()
    found = ids.all()
    cards = [card(row) for row in rows_of(session, found[:_MOST])]
    days = groupby(cards, key=lambda one: day_of(one.action.due_to or begin, actor.zone))
    return Calendar(tuple(Day(day, tuple(held)) for day, held in days), len(found) > _MOST)
