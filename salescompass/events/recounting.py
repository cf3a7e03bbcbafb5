"""Counting events anew: some subjects at a time because rules look at other properties than before, or everything.

The rules are put in force at once, so what is recorded from then on counts by them; what was there before is counted
anew step by step, each a transaction of its own, so that who records events never waits for longer than one step.

Everything is counted by whoever doubts the buckets: beside them, month by month (no day is in two), and then only what
differs is written, so that a ledger that is right is not rewritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.events.buckets import COUNTS, LOCK, SUBJECT, add_narrowed, count_under, rules_in_force
from salescompass.events.rules import NarrowRule, Rules
from salescompass.kit.database import hold
from salescompass.vocabulary import SubjectKind

MOST_SUBJECTS = 500
"""Subjects a step."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The subject up to which types have been counted anew, in the order of the buckets."""

    kind: SubjectKind
    subject_id: UUID


def set_rules(session: Session, rules: Sequence[NarrowRule]) -> frozenset[str]:
    """Put rules in force. Returns the types whose rules are others than before: they are to be counted anew."""
    hold(session, LOCK)
    before, after = rules_in_force(session), Rules(rules)
    changed = before.changed_types(after)
    if changed:
        types = {"types": sorted(changed)}
        session.connection().execute(text("DELETE FROM event_rule WHERE type = ANY(:types)"), types)
        session.connection().execute(
            text(
                "INSERT INTO event_rule (key, type, place, conditions) SELECT r.key, r.type, r.place, r.conditions "
                "FROM jsonb_to_recordset(CAST(:rules AS jsonb)) "
                "AS r (key text, type text, place bigint, conditions jsonb)"
            ),
            {"rules": after.to_json(changed)},
        )
    return changed


def recount_types(session: Session, types: Sequence[str], *, after: Reached | None = None) -> Reached | None:
    """Count these types anew for the next subjects. Returns where to go on; None when all are done.

    Who counts in no bucket yet needs no step: all their events were recorded by the new rules.
    """
    subjects = _next(session, types, after)
    if not subjects:
        return None
    hold(session, LOCK)
    rules = rules_in_force(session)
    for kind in SubjectKind:
        ids = [one.subject_id for one in subjects if one.kind is kind]
        if ids:
            _recount(session, rules, kind, {"ids": ids, "types": sorted(types)})
    return subjects[-1]


def _next(session: Session, types: Sequence[str], after: Reached | None) -> list[Reached]:
    """The next subjects with buckets of these types."""
    beyond = "AND (subject_kind, subject_id) > (CAST(:kind AS text), CAST(:id AS uuid)) " if after else ""
    given = {"kind": after.kind.value, "id": after.subject_id} if after else {}
    found = session.connection().execute(
        text(
            "SELECT subject_kind, subject_id FROM event_bucket "  # noqa: S608 - constants
            f"WHERE split_part(rule, ':', 1) = ANY(:types) {beyond}"
            "GROUP BY subject_kind, subject_id ORDER BY subject_kind, subject_id LIMIT :most"
        ),
        {"types": list(types), "most": MOST_SUBJECTS, **given},
    )
    return [Reached(SubjectKind(kind), subject_id) for kind, subject_id in found]


def _recount(session: Session, rules: Rules, kind: SubjectKind, given: dict[str, Any]) -> None:
    gone = session.connection().execute(
        text(
            "DELETE FROM event_bucket WHERE subject_kind = :kind AND subject_id = ANY(:ids) "
            "AND split_part(rule, ':', 1) = ANY(:types) RETURNING day"
        ),
        {"kind": kind.value, **given},
    )
    # Every event that counts lies in a bucket: none is older than the oldest of them.
    first = min(gone.scalars(), default=date.max)
    if first < date.max:
        where = f"WHERE {SUBJECT[kind]} = ANY(:ids) AND event.type = ANY(:types) AND event.occurred_at >= :low"
        count_under(session, rules, kind, where, {**given, "low": datetime.combine(first, time(), UTC)})


_COUNTED = (
    "CREATE TEMPORARY TABLE bucket_counted (subject_kind text, subject_id uuid, rule text, day date, n bigint, "
    "last_at timestamptz) ON COMMIT DROP"
)
_COUNT_MONTH = text(
    "INSERT INTO bucket_counted SELECT CASE WHEN event.person_id IS NULL THEN 'account' ELSE 'person' END, "  # noqa: S608
    "  coalesce(event.person_id, event.account_id) AS subject, event.type, "
    "  (event.occurred_at AT TIME ZONE 'UTC')::date AS day, count(*), max(event.occurred_at) "
    "FROM event WHERE event.occurred_at >= :low AND event.occurred_at < :high AND event.type <> ALL(:narrowed) "
    f"AND coalesce(event.person_id, event.account_id) IS NOT NULL AND {COUNTS} "
    "GROUP BY event.person_id IS NULL, subject, event.type, day"
)
_SAME = "b.subject_kind = c.subject_kind AND b.subject_id = c.subject_id AND b.rule = c.rule AND b.day = c.day"
_DROP_OTHERS = text(
    "DELETE FROM event_bucket b WHERE NOT EXISTS (SELECT FROM bucket_counted c "  # noqa: S608 - constants
    f"WHERE {_SAME} AND b.n = c.n AND b.last_at = c.last_at)"
)
# A subject's buckets are read together, so they are written together.
_ADD_MISSING = text(
    "INSERT INTO event_bucket (subject_kind, subject_id, rule, day, n, last_at) "  # noqa: S608 - constants
    f"SELECT c.* FROM bucket_counted c WHERE NOT EXISTS (SELECT FROM event_bucket b WHERE {_SAME}) "
    "ORDER BY c.subject_kind, c.subject_id"
)


@dataclass(frozen=True, slots=True)
class Recounted:
    """How many buckets the ledger makes, and how many were missing or others."""

    buckets: int
    wrong: int


def recount_all(session: Session) -> Recounted:
    """Make every bucket anew from the ledger; write those that differ."""
    hold(session, LOCK)
    rules = rules_in_force(session)
    # Room to count a month and to compare everything in memory; and to compare by hashing, whatever the planner knows.
    session.connection().execute(text("SET LOCAL work_mem = '256MB'"))
    session.connection().execute(text("SET LOCAL enable_nestloop = off"))
    session.connection().execute(text(_COUNTED))
    narrowed, made = sorted(rules.narrowed_types), 0
    for low, high in _months(session):
        given = {"low": low, "high": high, "narrowed": narrowed}
        made += session.connection().execute(_COUNT_MONTH, given).rowcount
        if narrowed:
            where = "WHERE event.occurred_at >= :low AND event.occurred_at < :high"
            made += sum(add_narrowed(session, rules, kind, where, given, "bucket_counted") for kind in SubjectKind)
    session.connection().execute(text("ANALYZE bucket_counted"))
    dropped = session.connection().execute(_DROP_OTHERS).rowcount
    missing = session.connection().execute(_ADD_MISSING).rowcount
    session.connection().execute(text("DROP TABLE bucket_counted"))
    session.connection().execute(text("SET LOCAL enable_nestloop = on"))
    return Recounted(made, max(dropped, missing))


def _months(session: Session) -> Iterator[tuple[datetime, datetime]]:
    """The UTC months from the first event to the last."""
    first, last = session.connection().execute(text("SELECT min(occurred_at), max(occurred_at) FROM event")).one()
    if first is None:
        return
    low = first.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while low <= last:
        high = (low + timedelta(days=32)).replace(day=1)
        yield low, high
        low = high
