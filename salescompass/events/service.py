"""Recording events: idempotent, a batch at a time, with what follows from them in the same transaction's outbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlmodel import Session

from salescompass.crm import REPEATED, Subject, Unresolved, resolve_subjects
from salescompass.events import batch, near, staging
from salescompass.events.buckets import rules_in_force
from salescompass.events.registry import types
from salescompass.events.rules import Rules
from salescompass.events.validation import EventIn, hash_of, read_event
from salescompass.events.verdict import verdict_of
from salescompass.kit import clock, jobs, live
from salescompass.kit.database import array, fetch
from salescompass.kit.errors import FieldError, Invalid
from salescompass.kit.ids import new_ids
from salescompass.vocabulary import COUNTED_VERDICTS, Direction, Source, Topic, UnknownSubjects

OTHER_BODY = FieldError("this key was used for another event", pointer="/idempotency_key")


class Outcome(NamedTuple):
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


class _Known(NamedTuple):
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
    new = {place: event for place, event in events.items() if event.key is None or event.key not in known}
    found = resolve_subjects(
        session, [event.subject for event in new.values()], unknown=unknown, names=[event.key for event in new.values()]
    )
    rules = rules_in_force(session, holding=True)
    rows, results = _rows(new, found.subjects, rules, source=source, now=now)
    for place, original in near.originals(
        session, {place: (events[place].type, row) for place, row in rows.items()}
    ).items():
        rows[place] = rows[place]._replace(duplicate_of=original, rule=None)
    lost = staging.store(session, list(rows.values())) if rows else set()
    written = {place: row for place, row in rows.items() if row.id not in lost} if lost else rows
    for place, row in written.items():
        results[place] = Outcome("created", row.id, row.occurred_at, row=row)
        if row.key:
            known[row.key] = _Known(row.id, row.occurred_at, row.body_hash)
    known |= _known(session, {row.key for row in rows.values() if row.key and row.id in lost} if lost else ())
    for place, item in enumerate(items):
        if isinstance(item, Invalid):
            results[place] = Outcome("invalid", errors=item.errors)
        elif isinstance(item, Outcome):
            results[place] = item
        elif place not in results:
            results[place] = _repeated(item, known)
    _tell(session, list(written.values()))
    return Recorded(tuple([results[place] for place in range(len(items))]), found.accounts_made, found.people_made)


def record(session: Session, event: EventIn, *, source: Source) -> Outcome:
    """Record one event: a batch of one."""
    return record_many(session, [event], source=source).results[0]


def _known(session: Session, keys: Iterable[str]) -> dict[str, _Known]:
    wanted = list(keys)
    if not wanted:
        return {}
    query = "SELECT key, event_id, occurred_at, body_hash FROM event_key WHERE key = ANY(%s::text[])"
    return {key: _Known(*known) for key, *known in fetch(session, query, (array(wanted),))}


def _rows(
    events: dict[int, EventIn],
    subjects: Sequence[Subject | Unresolved],
    rules: Rules,
    *,
    source: Source,
    now: datetime,
) -> tuple[dict[int, staging.Row], dict[int, Outcome]]:
    """The rows to store, and the outcomes of events whose subject cannot be told; none where a key came before."""
    rows, refused = {}, {}
    ids = iter(new_ids(len(events)))
    for (place, event), subject in zip(events.items(), subjects, strict=True):
        if isinstance(subject, Subject):
            rows[place] = _row(next(ids), event, subject, rules, source, now)
        elif subject is not REPEATED:
            refused[place] = Outcome("invalid", errors=(FieldError(subject.message, pointer=subject.pointer),))
    return rows, refused


def _row(event_id: UUID, event: EventIn, subject: Subject, rules: Rules, source: Source, now: datetime) -> staging.Row:
    kind, actor = event.type, event.actor
    verdict, reasons = verdict_of(actor, type_key=kind.key, properties=event.properties)
    # What we did, what a machine did, and what names nobody counts in no rule.
    counts = (
        kind.direction is Direction.IN and verdict in COUNTED_VERDICTS and (subject.person_id or subject.account_id)
    )
    # By place: for thousands of rows, names cost as much as all the rest here.
    return staging.Row(
        event_id,
        event.occurred_at,
        now,
        kind.key,
        kind.direction,
        kind.channel,
        subject.account_id,
        subject.person_id,
        verdict,
        reasons,
        actor,
        source,
        event.properties,
        event.key,
        event.body_hash,
        None,
        rules.rule_of(kind.key, event.properties) if counts else None,
    )


def _repeated(event: EventIn, known: dict[str, _Known]) -> Outcome:
    """The answer to an event whose key stands for another one."""
    before = known.get(event.key or "")
    if before is None:
        return Outcome("invalid", errors=(OTHER_BODY,))
    if before.body_hash != event.body_hash:
        return Outcome("invalid", before.id, errors=(OTHER_BODY,))
    return Outcome("duplicate", before.id, before.occurred_at)


def _tell(session: Session, rows: Sequence[staging.Row]) -> None:
    jobs.put_many(session, Topic.EVENTS_RECORDED, batch.payloads([(row.id, row.occurred_at) for row in rows]))
    if rows:
        # The feed shows them at once; what they set off follows, and is told by the reaction.
        live.publish(session, Topic.EVENTS_STORED, [row.id for row in rows])
