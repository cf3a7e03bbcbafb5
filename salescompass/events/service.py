"""Recording events: idempotent, a batch at a time, with what follows from them in the same transaction's outbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from salescompass.crm import Subject, Unresolved, resolve_subjects
from salescompass.events import batch, near, staging
from salescompass.events.buckets import rules_in_force
from salescompass.events.registry import types
from salescompass.events.rules import Rules
from salescompass.events.validation import EventIn, hash_of, read_event
from salescompass.events.verdict import verdict_of
from salescompass.kit import clock, jobs, live
from salescompass.kit.database import fetch
from salescompass.kit.errors import FieldError, Invalid
from salescompass.kit.ids import new_id
from salescompass.vocabulary import Direction, Source, Topic, UnknownSubjects

OTHER_BODY = FieldError("this key was used for another event", pointer="/idempotency_key")


@dataclass(frozen=True)
class Outcome:
    """What became of one event of a batch."""

    status: Literal["created", "duplicate", "invalid"]
    id: UUID | None = None
    occurred_at: datetime | None = None
    errors: tuple[FieldError, ...] = ()
    row: staging.Row | None = None
    """What was written, of an event that was created."""


@dataclass(frozen=True)
class Recorded:
    """What became of a batch, one outcome per event, in order."""

    results: tuple[Outcome, ...]
    accounts_made: int = 0
    people_made: int = 0

    def count(self, status: str) -> int:
        """How many events came to this status."""
        return sum(outcome.status == status for outcome in self.results)

    @property
    def created(self) -> int:
        """Events written."""
        return self.count("created")

    @property
    def duplicates(self) -> int:
        """Events that were there already."""
        return self.count("duplicate")

    @property
    def invalid(self) -> int:
        """Events refused."""
        return self.count("invalid")


@dataclass(frozen=True)
class _Known:
    """The event a key stands for."""

    id: UUID
    occurred_at: datetime
    body_hash: bytes


def record_bodies(
    session: Session,
    bodies: Sequence[object],
    *,
    source: Source,
    unknown: UnknownSubjects = UnknownSubjects.CREATE,
    now: datetime | None = None,
) -> Recorded:
    """Read a batch of JSON bodies and record it, as `record_many` does.

    A body that was recorded under its key before is known by its hash and not read again, so sending a batch twice,
    to be sure, costs little.
    """
    now = now or clock.now()
    hashes = {place: found for place, body in enumerate(bodies) if (found := _hash_under_key(body))}
    known = _known(session, {key for key, _ in hashes.values()})
    kinds = types(session)
    items: list[EventIn | Invalid | Outcome] = []
    for place, body in enumerate(bodies):
        key, body_hash = hashes.get(place, (None, None))
        before = known.get(key) if key else None
        if before and before.body_hash == body_hash:
            items.append(Outcome("duplicate", before.id, before.occurred_at))
            continue
        try:
            items.append(read_event(body, now=now, body_hash=body_hash, types=kinds))
        except Invalid as refused:
            items.append(refused)
    return _record(session, items, known, source=source, unknown=unknown, now=now)


def record_many(
    session: Session,
    items: Sequence[EventIn | Invalid],
    *,
    source: Source,
    unknown: UnknownSubjects = UnknownSubjects.CREATE,
    now: datetime | None = None,
) -> Recorded:
    """Record a batch. A bad event never loses the others: it gets its reason, they get their ids.

    An event whose key is known, from before or from earlier in the batch, is a duplicate and answers with the first
    id; with another body it is invalid. What was refused at the door may be passed along to keep its place.
    """
    known = _known(session, {item.key for item in items if isinstance(item, EventIn) and item.key})
    return _record(session, items, known, source=source, unknown=unknown, now=now or clock.now())


def _hash_under_key(body: object) -> tuple[str, bytes] | None:
    """The key a body gives and the hash of what it says; None when it gives none, or none that could be one."""
    key = body.get("idempotency_key") if isinstance(body, dict) else None
    if not isinstance(key, str) or not 1 <= len(key) <= 255 or not key.isprintable():
        return None
    try:
        return key, hash_of(body)
    except RecursionError:
        return None


def _record(
    session: Session,
    items: Sequence[EventIn | Invalid | Outcome],
    known: dict[str, _Known],
    *,
    source: Source,
    unknown: UnknownSubjects,
    now: datetime,
) -> Recorded:
    events = {place: item for place, item in enumerate(items) if isinstance(item, EventIn)}
    firsts = _firsts(events, known)
    found = resolve_subjects(session, [event.subject for event in firsts.values()], unknown=unknown)
    rules = rules_in_force(session, holding=True)
    rows, results = _rows(firsts, found.subjects, rules, source=source, now=now)
    for place, original in near.originals(
        session, {place: (firsts[place].type, rows[place]) for place in rows}
    ).items():
        rows[place] = rows[place]._replace(duplicate_of=original, rule=None)
    lost = staging.store(session, list(rows.values())) if rows else set()
    written = {place: row for place, row in rows.items() if row.id not in lost}
    results |= {place: Outcome("created", row.id, row.occurred_at, row=row) for place, row in written.items()}
    for place, item in enumerate(items):
        if isinstance(item, Invalid):
            results[place] = Outcome("invalid", errors=item.errors)
        elif isinstance(item, Outcome):
            results[place] = item

    known |= {row.key: _Known(row.id, row.occurred_at, row.body_hash) for row in written.values() if row.key}
    known |= _known(session, {row.key for row in rows.values() if row.key and row.id in lost})
    refused_by_key = {firsts[place].key: outcome for place, outcome in results.items() if place in firsts}
    for place, event in events.items():
        if place not in results:
            results[place] = _repeated(event, known, refused_by_key.get(event.key))
    _tell(session, list(written.values()))
    return Recorded(tuple(results[place] for place in range(len(items))), found.accounts_made, found.people_made)


def record(session: Session, event: EventIn, *, source: Source) -> Outcome:
    """Record one event: a batch of one."""
    return record_many(session, [event], source=source).results[0]


def _known(session: Session, keys: Iterable[str]) -> dict[str, _Known]:
    wanted = list(keys)
    if not wanted:
        return {}
    query = "SELECT key, event_id, occurred_at, body_hash FROM event_key WHERE key = ANY(%s)"
    return {key: _Known(event_id, at, body_hash) for key, event_id, at, body_hash in fetch(session, query, (wanted,))}


def _firsts(events: dict[int, EventIn], known: dict[str, _Known]) -> dict[int, EventIn]:
    """The events to write: those whose key is new, and of several with one key the first."""
    seen: set[str] = set(known)
    firsts = {}
    for place, event in events.items():
        if event.key is None or event.key not in seen:
            firsts[place] = event
            seen |= {event.key} if event.key else set()
    return firsts


def _rows(
    events: dict[int, EventIn],
    subjects: Sequence[Subject | Unresolved],
    rules: Rules,
    *,
    source: Source,
    now: datetime,
) -> tuple[dict[int, staging.Row], dict[int, Outcome]]:
    """The rows to store, and the outcomes of events whose subject cannot be told."""
    rows, refused = {}, {}
    for (place, event), subject in zip(events.items(), subjects, strict=True):
        if isinstance(subject, Unresolved):
            refused[place] = Outcome("invalid", errors=(FieldError(subject.message, pointer=subject.pointer),))
        else:
            rows[place] = _row(event, subject, rules, source, now)
    return rows, refused


def _row(event: EventIn, subject: Subject, rules: Rules, source: Source, now: datetime) -> staging.Row:
    verdict, reasons = verdict_of(event.actor, type_key=event.type.key, properties=event.properties)
    # What we did, what a machine did, and what names nobody counts in no rule.
    counts = event.type.direction is Direction.IN and verdict.counts and (subject.person_id or subject.account_id)
    return staging.Row(
        id=new_id(),
        occurred_at=event.occurred_at,
        received_at=now,
        type=event.type.key,
        direction=event.type.direction.value,
        channel=event.type.channel,
        account_id=subject.account_id,
        person_id=subject.person_id,
        verdict=verdict.value,
        verdict_reasons=reasons,
        actor=event.actor.value if event.actor else None,
        source=source.value,
        properties=dict(event.properties),
        key=event.key,
        body_hash=event.body_hash,
        rule=rules.rule_of(event.type.key, event.properties) if counts else None,
    )


def _repeated(event: EventIn, known: dict[str, _Known], first: Outcome | None) -> Outcome:
    """The answer to an event whose key stands for another one, or whose first of the batch was refused."""
    before = known.get(event.key or "")
    if before is None:
        return Outcome("invalid", errors=first.errors if first else (OTHER_BODY,))
    if before.body_hash != event.body_hash:
        return Outcome("invalid", before.id, errors=(OTHER_BODY,))
    return Outcome("duplicate", before.id, before.occurred_at)


def _tell(session: Session, rows: Sequence[staging.Row]) -> None:
    jobs.put_many(session, Topic.EVENTS_RECORDED, batch.payloads([(row.id, row.occurred_at) for row in rows]))
    if rows:
        # The feed shows them at once; what they set off follows, and is told by the reaction.
        live.publish(session, Topic.EVENTS_STORED, [row.id for row in rows])
