"""Accounts by their stored score, page by page: those that scored first, then those that never did anything.

A stored score is within half a point of the true one, so no two that truly differ by more than one are misplaced.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import crm
from salescompass.kit import clock
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import parse_id
from salescompass.kit.pagination import Page

MOST_ACCOUNTS_COUNTED = 10_000
SPARK_DAYS = 14


@dataclass(frozen=True)
class RankedAccount:
    """An account in the order of scores. `trend` is its score at the end of each of the last days, oldest first."""

    id: UUID
    name: str
    domain: str | None
    owner_id: UUID | None
    owner_name: str | None
    score: float
    band: str
    as_of: datetime | None
    people: int
    trend: tuple[float, ...]
    last_at: datetime | None
    last_type: str | None
    last_person: str | None


@dataclass(frozen=True)
class AccountCounts:
    """How many accounts a list has and how many there are, both up to 10,000."""

    found: int
    whole: int


_FILTERS = (
    "account.deleted_at IS NULL AND (CAST(:seen AS uuid[]) IS NULL OR account.owner_id IS NULL "
    "OR account.owner_id = ANY(:seen)) AND "
    "(CAST(:owner AS uuid) IS NULL OR account.owner_id = :owner) "
    "AND (CAST(:prefix AS text) IS NULL OR account.name_norm LIKE :prefix)"
)
_SELECT = (
    "SELECT account.id, account.name, account.domain_norm, account.owner_id, membership.name, {score} "
    "FROM {source} LEFT JOIN membership ON membership.id = account.owner_id WHERE {filters} AND {place} "
    "ORDER BY {order} LIMIT :most"
)
_SCORED = text(
    _SELECT.format(
        filters=_FILTERS,
        score="score.value, score.band, score.as_of",
        source="score JOIN account ON account.id = score.subject_id AND score.subject_kind = 'account'",
        place="score.subject_kind = 'account' AND (CAST(:band AS text) IS NULL OR score.band = :band) "
        "AND (CAST(:value AS float8) IS NULL OR score.value < :value OR (score.value = :value "
        "AND score.subject_id > CAST(:after AS uuid)))",
        order="score.value DESC, score.subject_id",
    )
)
_UNSCORED = text(
    _SELECT.format(
        filters=_FILTERS,
        score="0.0::float8, 'cold', NULL",
        source="account",
        place="(CAST(:after AS uuid) IS NULL OR account.id < :after) AND NOT EXISTS (SELECT FROM score "
        "WHERE score.subject_kind = 'account' AND score.subject_id = account.id)",
        order="account.id DESC",
    )
)


def ranked_accounts(
    session: Session,
    *,
    cursor: str | None = None,
    limit: int = 50,
    prefix: str = "",
    owner_id: UUID | None = None,
    band: str = "",
    now: datetime | None = None,
) -> Page[RankedAccount]:
    """A page of accounts, the highest stored score first; a name may be given by its beginning."""
    value, after = _read(cursor)
    given: dict[str, Any] = {
        "owner": owner_id,
        "prefix": _pattern(prefix),
        "band": band or None,
        "seen": _seen(session),
    }
    rows: list[Any] = []
    if value is not None or after is None:
        found = {**given, "value": value, "after": after, "most": limit + 1}
        rows = list(session.connection().execute(_SCORED, found))
        after = None
    if len(rows) <= limit and band in ("", "cold"):
        found = {**given, "after": after, "most": limit + 1 - len(rows)}
        rows += session.connection().execute(_UNSCORED, found)
    shown = rows[:limit]
    more = _cursor(shown[-1]) if len(rows) > limit else None
    return Page(tuple(_with_life(session, shown, now or clock.now())), more)


def account_counts(
    session: Session, *, prefix: str = "", owner_id: UUID | None = None, band: str = ""
) -> AccountCounts:
    """How many accounts such a list has."""
    most = MOST_ACCOUNTS_COUNTED
    given: dict[str, Any] = {"owner": owner_id, "prefix": _pattern(prefix), "band": band or None, "most": most}
    given["seen"] = _seen(session)
    nothing = {**given, "owner": None, "prefix": None}
    in_band = (
        "(CAST(:band AS text) IS NULL OR coalesce((SELECT score.band FROM score WHERE score.subject_kind = 'account' "
        "AND score.subject_id = account.id), 'cold') = :band)"
    )
    whole = "SELECT count(*) FROM (SELECT FROM account {where} LIMIT :most) counted"
    narrowed = text(whole.format(where=f"WHERE {_FILTERS} AND {in_band}"))
    all_of_them = int(session.connection().execute(text(whole.format(where=f"WHERE {_FILTERS}")), nothing).scalar_one())
    if not (given["prefix"] or owner_id or band):
        return AccountCounts(all_of_them, all_of_them)
    return AccountCounts(int(session.connection().execute(narrowed, given).scalar_one()), all_of_them)


def _seen(session: Session) -> list[UUID] | None:
    """The members whose accounts the reader sees; None is everybody's."""
    owners = crm.Sight.of(session, "account").owners
    return None if owners is None else sorted(owners)


def _with_life(session: Session, rows: Sequence[Any], now: datetime) -> list[RankedAccount]:
    ids = [row[0] for row in rows]
    people, trends, lasts = _people(session, ids), _trends(session, ids, now), _last_signals(session, ids, now)
    found = []
    for row in rows:
        trend = (*trends.get(row[0], (0.0,) * SPARK_DAYS), float(row[5]))
        values: list[Any] = [*row[:8], people.get(row[0], 0), trend, *lasts.get(row[0], (None, None, None))]
        found.append(RankedAccount(*values))
    return found


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


def _pattern(prefix: str) -> str | None:
    """The beginning of a name as a pattern, its own signs taken literally."""
    wanted = crm.name_norm(prefix)
    return "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in wanted) + "%" if wanted else None


def _cursor(row: Any) -> str:
    place = [float(row[5]) if row[7] is not None else None, str(row[0])]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read(cursor: str | None) -> tuple[float | None, UUID | None]:
    if not cursor:
        return None, None
    try:
        value, text_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found = parse_id(text_id)
        if found is None:
            raise ValueError(cursor)
        return (None if value is None else float(value)), found
    except (ValueError, TypeError) as error:
        raise Invalid("This cursor is none of ours: start again without it", field="cursor") from error
