"""Counting events anew because rules look at other properties than before: some subjects at a time.

The rules are put in force at once, so what is recorded from then on counts by them; what was there before is counted
anew step by step, each a transaction of its own, so that who records events never waits for longer than one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.events.buckets import LOCK, SUBJECT, count_under, rules_in_force
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
