"""What time does to actions: they wake, their time is over, what they were made for is no more, offers end."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, text, update
from sqlmodel import Session, col, select

from salescompass import conditions, identity
from salescompass.actions.moves import Step, write
from salescompass.actions.offers import OFFER
from salescompass.actions.planning import plan
from salescompass.actions.proposing import RECHECKED_AFTER
from salescompass.actions.seeing import NAMED
from salescompass.actions.shapes import Act
from salescompass.actions.telling import tell_member
from salescompass.actions.views import ACTION
from salescompass.conditions import Catalogue
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Invalid
from salescompass.models import Action
from salescompass.vocabulary import OPEN_ACTION_STATES, ActionVerb, DelegationState

MOST_AT_ONCE = 500
_LIES = timedelta(hours=1)
"""So long a record lies in the trash before its actions close: a slip is undone by then."""


@dataclass(frozen=True)
class Swept:
    """How many actions woke, closed, and how many offers ended; `more` says that there may be others."""

    woken: int
    closed: int
    timed_out: int
    more: bool


def expire_and_wake(session: Session, *, now: datetime) -> Swept:
    """Do what time does to some hundreds of actions: those that another does this moment are left to it."""
    woken = _move(session, ActionVerb.WAKE, _due(col(Action.snoozed_until), now, "snoozed"), "", now)
    late = _due(col(Action.expires_at), now, *OPEN_ACTION_STATES)
    closed = _move(session, ActionVerb.EXPIRE, late, "Its time was over", now)
    for kind, column in NAMED.items():
        gone = [ACTION.c[column].in_(_buried(kind, now)), ACTION.c.state.in_(OPEN_ACTION_STATES)]
        name = {"opportunity": "deal"}.get(kind, kind)
        closed += _move(session, ActionVerb.EXPIRE, gone, f"The {name} was deleted", now)
    timed_out = _end_offers(session, now)
    return Swept(woken, closed, timed_out, max(woken, closed, timed_out) >= MOST_AT_ONCE)


def recheck(session: Session, *, known: Catalogue, now: datetime) -> int:
    """Close actions whose record no longer fulfils the conditions they were made for. Returns how many were looked at.

    Each is looked at once an hour. Conditions that can be read no more close nothing.
    """
    rows = _locked(session, _due(col(Action.recheck_at), now, *OPEN_ACTION_STATES))
    groups: dict[tuple[str, str], list[Action]] = {}
    for row in rows:
        tree = json.dumps(row.watch.get("while"), sort_keys=True)
        groups.setdefault((row.watch.get("object", ""), tree), []).append(row)
    gone: list[Step] = []
    for (kind, tree), some in groups.items():
        gone += _no_longer(session, kind, json.loads(tree), some, known=known, now=now)
    write(session, _system(session), ActionVerb.EXPIRE, gone, now=now)
    later = update(ACTION).where(ACTION.c.id == any_(literal([row.id for row in rows], ARRAY(Uuid()))))
    session.connection().execute(later.values(recheck_at=now + RECHECKED_AFTER, updated_at=ACTION.c.updated_at))
    return len(rows)


def _no_longer(
    session: Session, kind: str, body: Any, rows: Sequence[Action], *, known: Catalogue, now: datetime
) -> list[Step]:
    """Steps that close those of these actions whose record is otherwise than this tree says."""
    try:
        tree = conditions.parse(body, known, object=kind)
    except (Invalid, KeyError):
        return []
    of = {row.id: getattr(row, NAMED[kind]) for row in rows if getattr(row, NAMED[kind])}
    table = known.type(kind).table
    named = table.c.id == any_(literal(list(set(of.values())), ARRAY(Uuid())))
    still = set(
        session.connection().execute(conditions.matching(tree, catalogue=known, now=now, also=(named,))).scalars()
    )
    why = f"No longer: {conditions.explain(tree, catalogue=known)}"
    return [_step(row, ActionVerb.EXPIRE, why, now) for row in rows if row.id in of and of[row.id] not in still]


def _due(column: Any, now: datetime, *states: str) -> list[Any]:
    return [column <= now, col(Action.state).in_(states)]


def _locked(session: Session, conditions_: Sequence[Any]) -> list[Action]:
    query = select(Action).where(*conditions_).order_by(col(Action.id)).limit(MOST_AT_ONCE)
    return list(session.exec(query.with_for_update(skip_locked=True).execution_options(populate_existing=True)))


def _move(session: Session, verb: ActionVerb, wanted: Sequence[Any], why: str, now: datetime) -> int:
    steps = [_step(row, verb, why, now) for row in _locked(session, wanted)]
    write(session, _system(session), verb, steps, now=now)
    return len(steps)


def _step(row: Action, verb: ActionVerb, why: str, now: datetime) -> Step:
    return Step(row, plan(row, Act(verb, note=why[:2000]), member_id=None, now=now), reason=why)


def _system(session: Session) -> identity.Actor:
    return identity.system_actor(session_tenant(session))


def _buried(kind: str, now: datetime) -> Any:
    """Records that went into the trash a while ago."""
    return text(f"SELECT id FROM {kind} WHERE deleted_at IS NOT NULL AND deleted_at <= :buried").bindparams(  # noqa: S608
        buried=now - _LIES
    )


def _end_offers(session: Session, now: datetime) -> int:
    """Let offers that nobody answered end; who asked hears of it, and the action stays with them."""
    due = OFFER.c.state == DelegationState.OFFERED.value
    query = select(OFFER.c.action_id, OFFER.c.id, OFFER.c.from_id).where(due, OFFER.c.expires_at <= now)
    found: Mapping[UUID, Any] = {row.action_id: row for row in session.connection().execute(query.limit(MOST_AT_ONCE))}
    if not found:
        return 0
    rows = _locked(session, [col(Action.id).in_(list(found)), col(Action.state).in_(OPEN_ACTION_STATES)])
    ended = (
        update(OFFER)
        .where(due, OFFER.c.id.in_([found[row.id].id for row in rows]))
        .values(state=DelegationState.TIMED_OUT.value, answered_at=now)
        .returning(OFFER.c.action_id)
    )
    over = set(session.connection().execute(ended).scalars())
    steps = [_step(row, ActionVerb.TIME_OUT, "Nobody answered in time", now) for row in rows if row.id in over]
    write(session, _system(session), ActionVerb.TIME_OUT, steps, now=now)
    for step in steps:
        body = "Nobody has answered: it stays with you"
        tell_member(session, found[step.action.id].from_id, "offer_answered", step.action, body, by=None, now=now)
    return len(steps)
