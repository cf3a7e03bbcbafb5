"""Saying afterwards what an event is: a machine's, a repetition, the same as another. All of it can be taken back.

What the event counts in is made anew at once; scores follow by the outbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import identity
from salescompass.events.buckets import Cell, cell_of, recount_cells
from salescompass.events.queries import FeedEntry, event
from salescompass.identity import Actor
from salescompass.kit import clock, jobs
from salescompass.kit.errors import Conflict, Invalid, NotFound
from salescompass.models import EventMerge
from salescompass.vocabulary import SubjectKind, Topic, Verdict

_MOST_CELLS = 500


def set_verdict(
    session: Session, actor: Actor, *, event_id: UUID, occurred_at: datetime, verdict: str, reason: str = ""
) -> FeedEntry:
    """Say whether a person or a machine is behind an event. Raises NotFound, Invalid."""
    found = event(session, event_id, occurred_at)
    try:
        wanted = Verdict(verdict)
    except ValueError:
        raise Invalid(f"choose from {', '.join(Verdict)}", field="verdict") from None
    said = " ".join(reason.split())[:200] or "said by hand"
    _update(session, found, "verdict = :verdict, verdict_reasons = jsonb_build_array(CAST(:reason AS text))",
            {"verdict": wanted.value, "reason": said})  # fmt: skip
    _audit(session, actor, "event.judged", found, {"from": found.verdict, "to": wanted.value})
    return event(session, event_id, occurred_at)


def release(session: Session, actor: Actor, *, event_id: UUID, occurred_at: datetime) -> FeedEntry:
    """Say that a folded event is none that was told twice: it counts. Raises Conflict when it is not folded."""
    found = event(session, event_id, occurred_at)
    if found.duplicate_of is None:
        raise Conflict("this event is not folded")
    _update(session, found, "duplicate_of = NULL", {})
    _audit(session, actor, "event.released", found, {"duplicate_of": str(found.duplicate_of)})
    return event(session, event_id, occurred_at)


def merge(
    session: Session, actor: Actor, *, survivor_id: UUID, survivor_at: datetime, merged_id: UUID, merged_at: datetime
) -> UUID:
    """Say that two events are one: the survivor keeps its id and counts, the other points to it. Returns the merge."""
    # The row lock makes two merges of one event one after the other.
    _hold(session, [(survivor_id, survivor_at), (merged_id, merged_at)])
    survivor, merged = event(session, survivor_id, survivor_at), event(session, merged_id, merged_at)
    if survivor_id == merged_id:
        raise Invalid("an event cannot be merged with itself", field="merged_id")
    if survivor.merged_into or merged.merged_into:
        raise Conflict("one of them is merged already")
    if _has_merged(session, merged_id):
        raise Conflict("others were merged into this one: take that back first")
    if (survivor.type, survivor.person_id, survivor.account_id) != (merged.type, merged.person_id, merged.account_id):
        raise Invalid("only events of one type and one subject can be merged", field="merged_id")
    if _counts(merged) and not _counts(survivor):
        raise Conflict("the one to be kept counts nowhere and the other does: keep the other")
    row = EventMerge(
        survivor_id=survivor_id, survivor_at=survivor_at, merged_id=merged_id, merged_at=merged_at,
        done_by=actor.member_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _update(session, merged, "merged_into = :survivor", {"survivor": survivor_id})
    _audit(session, actor, "event.merged", merged, {"into": str(survivor_id)})
    return row.id


def unmerge(session: Session, actor: Actor, *, event_id: UUID, occurred_at: datetime) -> FeedEntry:
    """Take a merge back. Raises Conflict when the event is not merged."""
    _hold(session, [(event_id, occurred_at)])
    found = event(session, event_id, occurred_at)
    if found.merged_into is None:
        raise Conflict("this event is not merged")
    session.connection().execute(
        text("UPDATE event_merge SET undone_at = :now WHERE merged_id = :id AND undone_at IS NULL"),
        {"now": clock.now(), "id": event_id},
    )
    _update(session, found, "merged_into = NULL", {})
    _audit(session, actor, "event.unmerged", found, {"from": str(found.merged_into)})
    return event(session, event_id, occurred_at)


def tell_changed(session: Session, cells: Iterable[Cell]) -> None:
    """Make these days' buckets anew, and have their scores follow."""
    changed = sorted(set(cells))
    recount_cells(session, changed)
    for start in range(0, len(changed), _MOST_CELLS):
        told = [[c.kind.value, str(c.subject_id), c.day.isoformat()] for c in changed[start : start + _MOST_CELLS]]
        jobs.put(session, Topic.EVENTS_CHANGED, {"cells": told})


def changed_cells(payloads: Iterable[Mapping[str, Any]]) -> list[Cell]:
    """The days that outbox rows tell of."""
    return [
        Cell(SubjectKind(kind), UUID(subject_id), date.fromisoformat(day))
        for payload in payloads
        for kind, subject_id, day in payload["cells"]
    ]


def _update(session: Session, found: FeedEntry, change: str, values: dict[str, Any]) -> None:
    session.connection().execute(
        text(f"UPDATE event SET {change} WHERE occurred_at = :at AND id = :id"),  # noqa: S608 - constants
        {**values, "at": found.occurred_at, "id": found.id},
    )
    cell = cell_of(found.person_id, found.account_id, found.occurred_at)
    if cell:
        tell_changed(session, [cell])


def _hold(session: Session, places: Iterable[tuple[UUID, datetime]]) -> None:
    for event_id, at in sorted(places):
        held = session.connection().execute(
            text("SELECT 1 FROM event WHERE occurred_at = :at AND id = :id FOR UPDATE"), {"at": at, "id": event_id}
        )
        if held.first() is None:
            raise NotFound("no such event")


def _counts(found: FeedEntry) -> bool:
    return found.duplicate_of is None and Verdict(found.verdict).counts


def _has_merged(session: Session, event_id: UUID) -> bool:
    found = session.connection().execute(
        text("SELECT 1 FROM event_merge WHERE survivor_id = :id AND undone_at IS NULL"), {"id": event_id}
    )
    return found.first() is not None


def _audit(session: Session, actor: Actor, action: str, found: FeedEntry, detail: dict[str, str]) -> None:
    at = found.occurred_at.astimezone(UTC).isoformat()
    identity.audit.record(session, actor, action, object_type="event", object_id=found.id, detail={"at": at, **detail})
