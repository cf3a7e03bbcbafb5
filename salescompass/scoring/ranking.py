"""What a list of accounts tells of each beside its own fields: its score and where that goes, who is there, what came.

A stored score is within half a point of the true one, so no two that truly differ by more than one are misplaced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlmodel import Session

from salescompass import crm
from salescompass.kit import clock
from salescompass.models import Score
from salescompass.vocabulary import Band, RecordKind, SubjectKind

SPARK_DAYS = 14
_SCORES: Any = Score.__table__  # type: ignore[attr-defined]
_SUBJECTS = {
    RecordKind.ACCOUNTS: SubjectKind.ACCOUNT,
    RecordKind.CONTACTS: SubjectKind.PERSON,
    RecordKind.LEADS: SubjectKind.PERSON,
}
RANKINGS: Mapping[RecordKind, Mapping[str, crm.Ranking]] = {
    kind: {"score": crm.Ranking(_SCORES.c.value, _SCORES.c.subject_id, _SCORES.c.subject_kind == subject.value)}
    for kind, subject in _SUBJECTS.items()
}
"""The orders of `crm.list_records` that scores give: who never did anything has the lowest."""


@dataclass(frozen=True)
class AccountLife:
    """How warm an account is. `trend` is its score at the end of each of the last days, oldest first, then now.

    `last_*` is the last thing that one of its people did.
    """

    score: float = 0.0
    band: str = Band.COLD.value
    people: int = 0
    trend: tuple[float, ...] = (0.0,) * (SPARK_DAYS + 1)
    last_at: datetime | None = None
    last_type: str | None = None
    last_person: str | None = None


def account_lives(session: Session, ids: Sequence[UUID], *, now: datetime | None = None) -> dict[UUID, AccountLife]:
    """The life of each of these accounts that is in reach."""
    now = now or clock.now()
    hidden = crm.Sight.of(session, "account").hidden(session, ids)
    ids = [one for one in ids if one not in hidden]
    scores, people = _scores(session, ids), _people(session, ids)
    trends, lasts = _trends(session, ids, now), _last_signals(session, ids, now)
    found = {}
    for one in ids:
        score, band = scores.get(one, (0.0, Band.COLD.value))
        trend = (*trends.get(one, (0.0,) * SPARK_DAYS), score)
        found[one] = AccountLife(score, band, people.get(one, 0), trend, *lasts.get(one, (None, None, None)))
    return found


def in_band(kind: SubjectKind, record_id: Any, band: str) -> ColumnElement[bool]:
    """Which records are in a band, by the column of their ids: who never did anything is cold."""
    rows = _SCORES.alias()
    found = select(rows.c.subject_id).where(rows.c.subject_kind == kind.value)
    if band == Band.COLD:
        return ~found.where(rows.c.band != band, rows.c.subject_id == record_id).exists()
    return record_id.in_(found.where(rows.c.band == band))


def _scores(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[float, str]]:
    found = session.connection().execute(
        text("SELECT subject_id, value, band FROM score WHERE subject_kind = 'account' AND subject_id = ANY(:ids)"),
        {"ids": list(ids)},
    )
    return {one: (float(value), band) for one, value, band in found}


def _people(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    found = session.connection().execute(
        text(
            "SELECT account_id, count(*) FROM person WHERE account_id = ANY(:ids) AND deleted_at IS NULL "
            "GROUP BY account_id"
        ),
        {"ids": list(ids)},
    )
    return {account_id: int(n) for account_id, n in found}


def _trends(session: Session, ids: Sequence[UUID], now: datetime) -> dict[UUID, tuple[float, ...]]:
    first = now.astimezone(UTC).date() - timedelta(days=SPARK_DAYS)
    found = session.connection().execute(
        text(
            "SELECT subject_id, day, value FROM score_snapshot WHERE subject_kind = 'account' "
            "AND subject_id = ANY(:ids) AND day >= :first"
        ),
        {"ids": list(ids), "first": first},
    )
    values: dict[UUID, dict[date, float]] = {}
    for subject_id, day, value in found:
        values.setdefault(subject_id, {})[day] = float(value)
    days = [first + timedelta(days=n) for n in range(SPARK_DAYS)]
    return {one: tuple(known.get(day, 0.0) for day in days) for one, known in values.items()}


def _last_signals(session: Session, ids: Sequence[UUID], now: datetime) -> dict[UUID, tuple[Any, ...]]:
    """The last thing that each account's people did; found by the index, one look an account."""
    found = session.connection().execute(
        text(
            "SELECT a.id, last.occurred_at, last.type, person.name FROM unnest(CAST(:ids AS uuid[])) AS a (id) "
            "CROSS JOIN LATERAL (SELECT event.occurred_at, event.type, event.person_id FROM event "
            "  WHERE event.account_id = a.id AND event.occurred_at <= :soon AND event.direction = 'in' "
            "  AND event.verdict IN ('human', 'unknown') ORDER BY event.occurred_at DESC LIMIT 1) last "
            "LEFT JOIN person ON person.id = last.person_id AND (CAST(:seen AS uuid[]) IS NULL "
            "OR person.owner_id IS NULL OR person.owner_id = ANY(:seen))"
        ),
        {"ids": list(ids), "soon": now + timedelta(days=1), "seen": _seen(session)},
    )
    return {row[0]: tuple(row[1:]) for row in found}


def _seen(session: Session) -> list[UUID] | None:
    """The members whose accounts the reader sees; None is everybody's."""
    owners = crm.Sight.of(session, "account").owners
    return None if owners is None else sorted(owners)
