"""What the ledger of events keeps of actions: each that is completed is one event, taken back when that is undone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import events
from salescompass.actions.moves import Step
from salescompass.actions.planning import event_type
from salescompass.actions.shapes import Act
from salescompass.crm import AccountRef, PersonRef, SubjectRef
from salescompass.events import EventIn
from salescompass.identity import Actor
from salescompass.kit.database import hold
from salescompass.vocabulary import ActorKind, Source, UnknownSubjects

_LOCK = "buckets"
_DOORS = {"member": Source.SCREEN, "key": Source.API, "system": Source.SYSTEM}


def ready(session: Session, *, alone: bool = False) -> None:
    """Take the lock on what events count in, before any action is locked: those who react to events do the same."""
    hold(session, _LOCK, together=not alone)


def tell_completed(session: Session, actor: Actor, steps: Sequence[Step], act: Act, *, now: datetime) -> None:
    """Record the event of each action that is completed, and keep its name in the log. One of nobody has none."""
    told = [step for step in steps if step.action.person_id or step.action.account_id]
    if not told:
        return
    kinds = events.types(session)
    items = [_event(actor, step, act, kinds, now) for step in told]
    done = events.record_many(session, items, source=_DOORS[actor.kind], unknown=UnknownSubjects.REJECT, now=now)
    for step, outcome in zip(told, done.results, strict=True):
        if outcome.status == "created":
            step.more["event_id"] = str(outcome.id)


def _event(actor: Actor, step: Step, act: Act, kinds: Mapping[str, Any], now: datetime) -> EventIn:
    row = step.action
    said = {
        "action_id": str(row.id), "title": row.title, "outcome": act.outcome, "note": act.note[:500],
        "by": actor.name, "opportunity_id": str(row.opportunity_id or ""),
    }  # fmt: skip
    key = _key(step.move_id)
    return EventIn(
        type=kinds[event_type(row.kind, act.outcome)],
        occurred_at=now,
        # Who is named with an account joins it: so the account is named only where nobody is.
        subject=SubjectRef(
            None if row.person_id else AccountRef(id=row.account_id),
            PersonRef(id=row.person_id) if row.person_id else None,
        ),
        properties={name: value for name, value in said.items() if value},
        key=key,
        actor=ActorKind.HUMAN if actor.kind == "member" else None,
        body_hash=hashlib.sha256(key.encode()).digest(),
    )


def take_back(session: Session, move_ids: Collection[UUID]) -> None:
    """Take out of the ledger what was recorded with these steps."""
    events.take_back(session, keys=[_key(one) for one in move_ids])


def _key(move_id: UUID) -> str:
    return f"action:{move_id}"
