"""What sets rules off: events, crossings, the hour of the day, silence. The same for the engine and the dry run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from salescompass import scoring
from salescompass.events import BUILT_IN
from salescompass.rules.deciding import Candidate
from salescompass.rules.definition import AbsenceTrigger, CrossingTrigger, Definition, EventTrigger
from salescompass.rules.ledger import Told, Wanted, newest_of, rows_of
from salescompass.rules.patterns import RHYTHM_DAYS, USUAL_DAYS, Beat, Pattern, counted, silent

Rows = Mapping[UUID, Sequence[Beat]]
_NAMED_VALUES = ("score", "rating", "value")


def reaches_back(trigger: EventTrigger) -> timedelta | None:
    """How far before an event its row is needed; None is all of it; nothing for a trigger of one event."""
    if trigger.first:
        return None
    usual = timedelta(days=USUAL_DAYS) if trigger.times_usual is not None else timedelta()
    return timedelta(hours=trigger.within_hours) + usual


def is_single(trigger: EventTrigger) -> bool:
    """Whether one event is enough, whatever came before."""
    return trigger.at_least == 1 and not trigger.first and trigger.times_usual is None


def from_events(
    definition: Definition,
    found: Iterable[Told],
    rows: Rows,
    *,
    at: datetime | None = None,
    made_by: Mapping[UUID, tuple[int, bool]] | None = None,
) -> list[Candidate]:
    """Candidates of these events, in their order. `at` is when they are decided; without it, when each happened.

    `made_by` tells of events that actions brought about: how deep they are, and whether by this rule.
    """
    trigger = definition.trigger
    assert isinstance(trigger, EventTrigger)
    candidates = []
    for one in found:
        subject_id = one.subject(definition.subject)
        if subject_id is None or one.type not in trigger.types:
            continue
        if not all(condition.holds(one.properties) for condition in trigger.where):
            continue
        beat = Beat(one.at, one.id)
        pattern = Pattern((one.id,), 1) if is_single(trigger) else counted(rows.get(subject_id, ()), beat, trigger)
        if pattern is not None:
            depth, own = (made_by or {}).get(one.id, (0, False))
            said = _said_of(one, pattern, trigger)
            candidates.append(Candidate(at or one.at, subject_id, pattern, said, depth, own))
    return candidates


def newest_by_subject(definition: Definition, found: Iterable[Told]) -> list[Told]:
    """Of each record's events in a batch the newest that the trigger is about: one batch sets a rule off once."""
    trigger = definition.trigger
    assert isinstance(trigger, EventTrigger)
    kept: dict[UUID, Told] = {}
    for one in found:
        subject_id = one.subject(definition.subject)
        if subject_id is None or one.type not in trigger.types or (trigger.first and subject_id in kept):
            continue
        if all(condition.holds(one.properties) for condition in trigger.where):
            kept[subject_id] = one
    return sorted(kept.values(), key=lambda one: (one.at, one.id))


def from_crossings(definition: Definition, crossings: Sequence[scoring.CrossingView]) -> list[Candidate]:
    """Candidates of bands that were left."""
    trigger = definition.trigger
    assert isinstance(trigger, CrossingTrigger)
    bands = [band.value for band in scoring.BANDS]
    candidates = []
    for one in sorted(crossings, key=lambda one: (one.at, one.id)):
        up = bands.index(one.to_band) > bands.index(one.from_band)
        meant = one.kind.value == definition.subject and one.to_band in trigger.to and one.cause != "configuration"
        if meant and up is (trigger.direction == "up"):
            said = (("trigger.from_band", one.from_band), ("trigger.to_band", one.to_band))
            candidates.append(Candidate(one.at, one.subject_id, Pattern(()), said))
    return candidates


def from_silence(definition: Definition, rows: Rows, at: datetime) -> list[Candidate]:
    """Candidates whose row has ended: those who were heard last come first."""
    trigger = definition.trigger
    assert isinstance(trigger, AbsenceTrigger)
    found = [(one, pattern) for one, row in rows.items() if (pattern := silent(row, at, trigger)) is not None]
    found.sort(key=lambda pair: (pair[1].days, pair[0]))
    return [
        Candidate(
            at, one, pattern,
            (("trigger.days", str(pattern.days)), ("trigger.usual_days", str(pattern.usual_days or pattern.days))),
        )
        for one, pattern in found
    ]  # fmt: skip


def silence_rows(
    session: Session, definition: Definition, *, first: datetime, last: datetime, ids: Collection[UUID] | None = None
) -> dict[UUID, list[Beat]]:
    """The rows that silence is looked for in, for every moment between two."""
    trigger = definition.trigger
    assert isinstance(trigger, AbsenceTrigger)
    back = trigger.until_days + (RHYTHM_DAYS if trigger.rhythm else 0)
    wanted = Wanted(definition.subject, trigger.types, ids=ids)
    return rows_of(session, wanted, since=first - timedelta(days=back + 1), until=last)


def with_evidence(session: Session, kind: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates of one moment; those that no event set off point at the newest ones before it."""
    bare = [one.subject_id for one in candidates if not one.pattern.evidence]
    newest = newest_of(session, kind, bare, until=candidates[0].at) if bare else {}
    return [
        replace(one, pattern=replace(one.pattern, evidence=tuple(newest.get(one.subject_id, one.pattern.evidence))))
        for one in candidates
    ]


def due_at(hour: int, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The moment of today's pass, once it has come."""
    moment = at_hour(now.astimezone(zone).date(), hour, zone)
    return moment if moment <= now else None


def at_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """An hour of a day in a zone."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def _said_of(one: Told, pattern: Pattern, trigger: EventTrigger) -> tuple[tuple[str, str], ...]:
    known = BUILT_IN.get(one.type)
    label = known.label if known else one.type.replace("_", " ").capitalize()
    given = next((one.properties[name] for name in _NAMED_VALUES if name in one.properties), None)
    value = (("trigger.value", str(given)),) if isinstance(given, int | float) else ()
    return (
        ("trigger.event", label), ("trigger.count", str(pattern.count)), ("trigger.hours", str(trigger.within_hours)),
        *value,
    )  # fmt: skip
