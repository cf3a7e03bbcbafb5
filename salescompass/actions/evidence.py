"""Events that concern actions: what shows that the reason is gone closes one, what was waited for wakes one.

It runs in the transaction that acknowledges the events, and costs one look at an index where nothing waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import identity
from salescompass.actions.moves import Step, locked, write
from salescompass.actions.planning import plan
from salescompass.actions.shapes import Act
from salescompass.events import EventBatch
from salescompass.kit import clock
from salescompass.kit.database import fetch, session_tenant
from salescompass.models import Action
from salescompass.vocabulary import OPEN_ACTION_STATES, ActionVerb

_OPEN = "a.awaits AND a.state IN ({})".format(", ".join(f"'{state}'" for state in OPEN_ACTION_STATES))
_ANY = f"SELECT EXISTS (SELECT FROM action a WHERE {_OPEN})"  # noqa: S608 - constants
_MET = (
    "WITH told AS MATERIALIZED "  # noqa: S608 - constants
    "  (SELECT e.id, e.type, e.account_id, e.person_id, e.occurred_at "
    "  FROM unnest(%s::uuid[], %s::timestamptz[]) AS t (id, at) JOIN event e ON e.occurred_at = t.at AND e.id = t.id "
    "  WHERE e.occurred_at BETWEEN %s AND %s AND e.direction = 'in' AND e.verdict IN ('human', 'unknown') "
    "  AND e.duplicate_of IS NULL AND e.merged_into IS NULL), "
    "met AS (SELECT a.id, told.id AS event_id, told.type, told.person_id, told.account_id, told.occurred_at "
    "  FROM told JOIN action a ON a.person_id = told.person_id "
    f"  WHERE {_OPEN} AND told.occurred_at > a.created_at "
    "  AND (a.snoozed_for = told.type OR a.watch -> 'until_event' ? told.type) "
    "UNION ALL SELECT a.id, told.id, told.type, told.person_id, told.account_id, told.occurred_at "
    "  FROM told JOIN action a ON a.account_id = told.account_id "
    f"  WHERE {_OPEN} AND told.occurred_at > a.created_at "
    # Of an action about a person only that person's acts show that its reason is gone.
    "  AND (a.snoozed_for = told.type OR (a.person_id IS NULL AND a.watch -> 'until_event' ? told.type))) "
    "SELECT met.id, met.event_id, met.type, coalesce(person.name, account.name, '') FROM met "
    "LEFT JOIN person ON person.id = met.person_id LEFT JOIN account ON account.id = met.account_id "
    "ORDER BY met.occurred_at, met.event_id"
)
_DID = {
    "email_replied": "replied",
    "email_opened": "opened the email",
    "link_clicked": "clicked a link",
    "proposal_viewed": "looked at the proposal",
    "proposal_accepted": "accepted the proposal",
    "proposal_rejected": "rejected the proposal",
    "meeting_scheduled": "agreed on a meeting",
    "meeting_held": "met us",
    "call_completed": "spoke with us",
    "message_received": "wrote",
    "form_submitted": "sent a form",
    "demo_requested": "asked for a demo",
}


@dataclass(frozen=True)
class Reacted:
    """How many actions events have closed, and how many they have woken."""

    closed: int = 0
    woken: int = 0


@dataclass(frozen=True)
class _Sign:
    event_id: UUID
    type: str
    who: str

    @property
    def words(self) -> str:
        """What happened, as the reason is told."""
        who = self.who or "Somebody"
        return f"{who} {_DID[self.type]}" if self.type in _DID else f"{who}: {self.type.replace('_', ' ')}"


def react(session: Session, batch: EventBatch, *, now: datetime | None = None) -> Reacted:
    """Close the actions whose reason these events take away, wake those that wait for one of them."""
    if not batch.ids or not fetch(session, _ANY)[0][0]:
        return Reacted()
    now = now or clock.now()
    given = (list(batch.ids), list(batch.times), min(batch.times), max(batch.times))
    signs: dict[UUID, list[_Sign]] = {}
    for action_id, *sign in fetch(session, _MET, given):
        signs.setdefault(action_id, []).append(_Sign(*sign))
    if not signs:
        return Reacted()
    system = identity.system_actor(session_tenant(session))
    steps: dict[ActionVerb, list[Step]] = {ActionVerb.EXPIRE: [], ActionVerb.WAKE: []}
    for action_id, row in locked(session, system, sorted(signs)).items():
        met = _step(row, signs[action_id], now)
        if met:
            steps[met[0]].append(met[1])
    for verb, some in steps.items():
        write(session, system, verb, some, now=now)
    return Reacted(len(steps[ActionVerb.EXPIRE]), len(steps[ActionVerb.WAKE]))


def _step(row: Action, signs: list[_Sign], now: datetime) -> tuple[ActionVerb, Step] | None:
    """What these events do to an action, which may have gone on since it was looked up."""
    if row.closed_at is not None:
        return None
    watched = row.watch.get("until_event", ())
    gone = next((sign for sign in signs if sign.type in watched), None)
    sign = gone or next((sign for sign in signs if sign.type == row.snoozed_for), None)
    if sign is None:
        return None
    verb = ActionVerb.EXPIRE if gone else ActionVerb.WAKE
    changes: dict[str, Any] = plan(row, Act(verb, note=sign.words), member_id=None, now=now)
    changes["evidence"] = [*row.evidence, str(sign.event_id)][-50:]
    if verb is ActionVerb.WAKE:
        changes["reasons"] = [*row.reasons, sign.words][-20:]
    return verb, Step(row, changes, more={"event_id": str(sign.event_id)}, reason=sign.words)
