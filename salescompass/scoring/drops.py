"""Sharp drops: an account's score fell in a week as it seldom does, by its own last ninety days.

Read from the snapshots of days that ended. A drop begins on the first day that is sharp after one that was not, so each
is told once, however long the score goes on falling.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.scoring.past import VELOCITY_DAYS
from salescompass.vocabulary import SubjectKind

LEAST_FALL = 15.0
"""Points in a week."""
UNUSUAL = -2.0
"""Standard deviations from the usual change of a week."""
HISTORY_DAYS, LEAST_HISTORY_DAYS = 90, 28
_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class Drop:
    """An account that fell: its score a week before and at the end of the day, what a week usually changes, and the
    people who fell furthest, each with their change."""

    account_id: UUID
    owner_id: UUID
    name: str
    before: float
    after: float
    usual: float
    people: tuple[tuple[str, float], ...]


# Only those whose snapshots until that day are written. Each is looked up by the primary key.
_FALLEN = text(
    "SELECT a.id, a.owner_id, a.name FROM score s JOIN account a ON a.id = s.subject_id "
    "CROSS JOIN LATERAL (SELECT x.value FROM score_snapshot x WHERE x.subject_kind = 'account' "
    "  AND x.subject_id = s.subject_id AND x.day = :week_before OFFSET 0) was "
    "LEFT JOIN LATERAL (SELECT x.value FROM score_snapshot x WHERE x.subject_kind = 'account' "
    "  AND x.subject_id = s.subject_id AND x.day = :day OFFSET 0) ended ON true "
    "WHERE s.subject_kind = 'account' AND (s.stale_from IS NULL OR s.stale_from > :day) "
    "AND a.deleted_at IS NULL AND a.owner_id IS NOT NULL AND was.value - coalesce(ended.value, 0.0) >= :least"
)
_DAYS = text(
    "SELECT subject_id, day, value FROM score_snapshot "
    "WHERE subject_kind = :kind AND subject_id = ANY(:ids) AND day >= :first AND day <= :day"
)
# People whom the owner of the account sees for certain.
_CREW = text(
    "SELECT p.account_id, p.id, p.name FROM person p JOIN account a ON a.id = p.account_id "
    "WHERE p.account_id = ANY(:ids) AND p.deleted_at IS NULL AND (p.owner_id IS NULL OR p.owner_id = a.owner_id)"
)


def drops(session: Session, *, day: date) -> tuple[Drop, ...]:
    """The sharp drops that began at the end of this UTC day, of accounts that have an owner."""
    week_before = day - timedelta(days=VELOCITY_DAYS)
    fallen = session.connection().execute(_FALLEN, {"day": day, "week_before": week_before, "least": LEAST_FALL}).all()
    if not fallen:
        return ()
    first = day - timedelta(days=HISTORY_DAYS + VELOCITY_DAYS + 1)
    values = _values(session, SubjectKind.ACCOUNT, [row[0] for row in fallen], first, day)
    begun = []
    for account_id, owner_id, name in fallen:
        series = _series(values[account_id], day)
        if is_sharp(series) and not is_sharp(series[:-1]):
            usual = statistics.median(abs(change) for change in _changes(series)[:-1])
            begun.append((account_id, owner_id, name, series[-1 - VELOCITY_DAYS], series[-1], usual))
    people = _fallen_people(session, [one[0] for one in begun], week_before, day)
    return tuple(Drop(*one, people[one[0]]) for one in begun)


def is_sharp(series: Sequence[float]) -> bool:
    """Whether the last week of scores, one a day, fell far and unusually far for this series."""
    changes = _changes(series)
    if len(series) <= LEAST_HISTORY_DAYS or changes[-1] > -LEAST_FALL:
        return False
    past = changes[:-1][-HISTORY_DAYS:]
    usual, spread = statistics.fmean(past), statistics.pstdev(past)
    return (changes[-1] - usual) / spread < UNUSUAL if spread else changes[-1] < usual


def _changes(series: Sequence[float]) -> list[float]:
    return [after - before for before, after in zip(series, series[VELOCITY_DAYS:], strict=False)]


def _series(values: dict[date, float], day: date) -> list[float]:
    """The scores of every day since the first that is known; days without one are zero."""
    first = min(values, default=day)
    return [values.get(first + timedelta(days=n), 0.0) for n in range((day - first).days + 1)]


def _values(
    session: Session, kind: SubjectKind, ids: Sequence[UUID], first: date, day: date
) -> defaultdict[UUID, dict[date, float]]:
    given = {"kind": kind.value, "ids": list(ids), "first": first, "day": day}
    values: defaultdict[UUID, dict[date, float]] = defaultdict(dict)
    for subject_id, at, value in session.connection().execute(_DAYS, given):
        values[subject_id][at] = float(value)
    return values


def _fallen_people(
    session: Session, accounts: Sequence[UUID], week_before: date, day: date
) -> defaultdict[UUID, tuple[tuple[str, float], ...]]:
    """Who of these accounts fell furthest in the week, by account."""
    found: defaultdict[UUID, tuple[tuple[str, float], ...]] = defaultdict(tuple)
    if not accounts:
        return found
    crew: list[Any] = list(session.connection().execute(_CREW, {"ids": list(accounts)}))
    values = _values(session, SubjectKind.PERSON, [row[1] for row in crew], week_before, day)
    changes: defaultdict[UUID, list[tuple[float, str]]] = defaultdict(list)
    for account_id, person_id, name in crew:
        change = values[person_id].get(day, 0.0) - values[person_id].get(week_before, 0.0)
        if math.ceil(change) <= -1:
            changes[account_id].append((change, name))
    for account_id, fell in changes.items():
        found[account_id] = tuple((name, change) for change, name in sorted(fell)[:_PEOPLE])
    return found
