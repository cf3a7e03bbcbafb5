"""Rows of events, read from the ledger: what customers and we did, told once and by no machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.events import Condition
from salescompass.rules.patterns import Beat

COLUMN = {"account": "account_id", "person": "person_id", "opportunity": "opportunity_id"}
COUNTS = "e.verdict IN ('human', 'unknown') AND e.duplicate_of IS NULL AND e.merged_into IS NULL"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events a row is made of, and whose rows."""

    subject: str
    types: Collection[str]
    where: tuple[Condition, ...] = ()
    ids: Collection[UUID] | None = None
    """None is everybody's."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as rules see it."""

    id: UUID
    at: datetime
    type: str
    account_id: UUID | None
    person_id: UUID | None
    opportunity_id: UUID | None
    properties: dict[str, Any]

    def subject(self, kind: str) -> UUID | None:
        """The record of a kind that it is about."""
        found: UUID | None = getattr(self, COLUMN[kind])
        return found


def rows_of(session: Session, wanted: Wanted, *, since: datetime | None, until: datetime) -> dict[UUID, list[Beat]]:
    """Each record's events of a time, the oldest first. `since` is left out, `until` belongs to it."""
    if wanted.ids is not None and not wanted.ids:
        return {}
    column = f"e.{COLUMN[wanted.subject]}"
    whose = f"{column} = ANY(:ids)" if wanted.ids is not None else f"{column} IS NOT NULL"
    after = "AND e.occurred_at > :since" if since else ""
    properties = ", e.properties" if wanted.where else ""
    found = session.connection().execute(
        text(
            f"SELECT {column}, e.occurred_at, e.id{properties} FROM event e WHERE {whose} "  # noqa: S608 - constants
            f"AND e.type = ANY(:types) AND e.occurred_at <= :until {after} AND {COUNTS} ORDER BY e.occurred_at, e.id"
        ),
        {
            "types": list(wanted.types), "until": until,
            **({"ids": list(wanted.ids)} if wanted.ids is not None else {}), **({"since": since} if since else {}),
        },
    )  # fmt: skip
    rows: dict[UUID, list[Beat]] = defaultdict(list)
    for subject_id, at, event_id, *rest in found:
        if not wanted.where or all(one.holds(rest[0]) for one in wanted.where):
            rows[subject_id].append(Beat(at, event_id))
    return dict(rows)


def told(
    session: Session, types: Collection[str], *, ids: Iterable[UUID] | None, since: datetime, until: datetime
) -> list[Told]:
    """Events of these types of a time, or those of these ids among them, the oldest first."""
    named = "" if ids is None else "AND e.id = ANY(:ids)"
    found = session.connection().execute(
        text(
            "SELECT e.id, e.occurred_at, e.type, e.account_id, e.person_id, e.opportunity_id, e.properties "  # noqa: S608 - constants
            f"FROM event e WHERE e.type = ANY(:types) AND e.occurred_at > :since AND e.occurred_at <= :until {named} "
            f"AND {COUNTS} ORDER BY e.occurred_at, e.id"
        ),
        {"types": list(types), "since": since, "until": until, **({} if ids is None else {"ids": list(ids)})},
    )
    return [Told(*row) for row in found]


def newest_of(session: Session, subject: str, ids: Collection[UUID], *, until: datetime) -> dict[UUID, list[UUID]]:
    """The newest five events of each record, the last one first: what a rule without events can point at.

    For a deal those of its account, but for what is about another deal.
    """
    if not ids:
        return {}
    found = session.connection().execute(
        text(
            f"SELECT s.id, e.id FROM {_WHOSE[subject]} CROSS JOIN LATERAL ("  # noqa: S608 - constants
            f"  SELECT e.id, e.occurred_at FROM event e WHERE {_THEIRS[subject]} AND e.occurred_at <= :until "
            f"  AND e.direction <> 'own' AND {COUNTS} ORDER BY e.occurred_at DESC, e.id DESC LIMIT 5) e"
        ),
        {"ids": list(ids), "until": until},
    )
    newest: dict[UUID, list[UUID]] = defaultdict(list)
    for subject_id, event_id in found:
        newest[subject_id].append(event_id)
    return dict(newest)


_GIVEN = "unnest(CAST(:ids AS uuid[])) AS s (id)"
_WHOSE = {"account": _GIVEN, "person": _GIVEN, "opportunity": f"{_GIVEN} JOIN opportunity o ON o.id = s.id"}
_THEIRS = {
    "account": "e.account_id = s.id",
    "person": "e.person_id = s.id",
    "opportunity": "e.account_id = o.account_id AND (e.opportunity_id IS NULL OR e.opportunity_id = o.id)",
}
