"""Events that come with everything decided: id, verdict, what they repeat. Many at a time, by the same staging.

For whoever brings in a past as a whole and then has all scores made anew: nothing is put to the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.events import staging
from salescompass.events.buckets import rules_in_force
from salescompass.events.catalog import EventType
from salescompass.events.days import count_staged
from salescompass.events.registry import types
from salescompass.events.rules import Rules
from salescompass.vocabulary import ActorKind, Direction, Source, Verdict


class Happening(NamedTuple):
    """An event of a past. One without a key repeats another one that is given with it."""

    id: UUID
    occurred_at: datetime
    received_at: datetime
    type: str
    account_id: UUID | None
    person_id: UUID | None
    verdict: Verdict
    reasons: tuple[str, ...]
    actor: ActorKind | None
    properties: Mapping[str, Any]
    key: str | None
    duplicate_of: UUID | None


@dataclass(frozen=True)
class Remembered:
    """What became of a past: events written, and events that were there already."""

    created: int = 0
    known: int = 0


def record_history(session: Session, happenings: Sequence[Happening], *, source: Source) -> Remembered:
    """Write what is not there yet to the ledger and count it in its buckets and days."""
    known = _known(session, [one.key for one in happenings if one.key])
    fresh = {one.id for one in happenings if one.key and one.key not in known}
    # What repeats is there when what it repeats is.
    new = [one for one in happenings if (one.id if one.key else one.duplicate_of) in fresh]
    if not new:
        return Remembered(known=len(happenings))
    rules, kinds = rules_in_force(session, holding=True), types(session)
    lost = staging.store(session, [_row(one, kinds[one.type], rules, source.value) for one in new])
    count_staged(session)
    return Remembered(len(new) - len(lost), len(happenings) - len(new) + len(lost))


def _known(session: Session, keys: list[str]) -> set[str]:
    if not keys:
        return set()
    found = session.connection().execute(text("SELECT key FROM event_key WHERE key = ANY(:keys)"), {"keys": keys})
    return set(found.scalars())


def _row(one: Happening, kind: EventType, rules: Rules, source: str) -> staging.Row:
    counts = (
        kind.direction is Direction.IN
        and one.verdict.counts
        and one.duplicate_of is None
        and (one.person_id is not None or one.account_id is not None)
    )
    return staging.Row(
        id=one.id,
        occurred_at=one.occurred_at,
        received_at=one.received_at,
        type=kind.key,
        direction=kind.direction.value,
        channel=kind.channel,
        account_id=one.account_id,
        person_id=one.person_id,
        verdict=one.verdict.value,
        verdict_reasons=one.reasons,
        actor=one.actor.value if one.actor else None,
        source=source,
        properties=dict(one.properties),
        key=one.key,
        # Made from the id: another body under this key is never the same.
        body_hash=one.id.bytes * 2,
        duplicate_of=one.duplicate_of,
        rule=rules.rule_of(kind.key, one.properties) if counts else None,
    )
