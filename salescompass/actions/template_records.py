"""What texts of actions may say of records: names for variables; whose the records are, and what is at stake."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

_ACCOUNT = "a.id AS account_id, a.name AS account_name, a.industry, a.city, s.value AS score, s.band"
_SCORE = "LEFT JOIN score s ON s.subject_kind = 'account' AND s.subject_id = a.id"
_STAKE = (
    "(SELECT sum(d.amount_minor) FROM opportunity d WHERE d.account_id = a.id AND d.state = 'open' "
    "AND d.deleted_at IS NULL AND coalesce(d.currency, :currency) = :currency)::bigint AS stake"
)
_FROM = {
    "account": (
        f"SELECT a.id AS subject_id, a.owner_id, a.name AS record_name, {_STAKE}, {_ACCOUNT} "  # noqa: S608 - constants
        f"FROM account a {_SCORE} WHERE a.id = ANY(:ids) AND a.deleted_at IS NULL"
    ),
    "person": (
        f"SELECT p.id AS subject_id, coalesce(p.owner_id, a.owner_id) AS owner_id, p.name AS record_name, {_STAKE}, "  # noqa: S608 - constants
        f"{_ACCOUNT}, p.id AS person_id, p.name AS person_name, p.first_name, p.title AS person_title "
        f"FROM person p LEFT JOIN account a ON a.id = p.account_id AND a.deleted_at IS NULL {_SCORE} "
        "WHERE p.id = ANY(:ids) AND p.deleted_at IS NULL"
    ),
    "opportunity": (
        "SELECT o.id AS subject_id, coalesce(o.owner_id, a.owner_id) AS owner_id, o.name AS record_name, "  # noqa: S608 - constants
        "CASE WHEN coalesce(o.currency, :currency) = :currency THEN o.amount_minor END AS stake, "
        f"{_ACCOUNT}, o.id AS opportunity_id, o.name AS deal_name, o.amount_minor, o.currency, o.close_date, "
        "o.stage_entered_at, st.name AS stage_name "
        f"FROM opportunity o JOIN stage st ON st.id = o.stage_id "
        f"LEFT JOIN account a ON a.id = o.account_id AND a.deleted_at IS NULL {_SCORE} "
        "WHERE o.id = ANY(:ids) AND o.deleted_at IS NULL"
    ),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A record that an action is about, with the records that belong to it."""

    id: UUID
    name: str
    owner_id: UUID | None
    account_id: UUID | None
    person_id: UUID | None
    opportunity_id: UUID | None
    stake: int | None
    values: Mapping[str, str]


def subjects(session: Session, kind: str, ids: Collection[UUID], *, currency: str, at: datetime) -> dict[UUID, Subject]:
    """These records as far as they are there, in one statement."""
    if not ids:
        return {}
    found = session.connection().execute(text(_FROM[kind]), {"ids": list(ids), "currency": currency}).mappings()
    return {row["subject_id"]: _subject(row, currency, at) for row in map(dict, found)}


def _subject(row: Mapping[str, Any], currency: str, at: datetime) -> Subject:
    return Subject(
        id=row["subject_id"],
        name=row["record_name"],
        owner_id=row["owner_id"],
        account_id=row["account_id"],
        person_id=row.get("person_id"),
        opportunity_id=row.get("opportunity_id"),
        stake=row["stake"],
        values={key: value for key, value in _values(row, currency, at).items() if value},
    )


def _values(row: Mapping[str, Any], currency: str, at: datetime) -> dict[str, str]:
    """What texts may say, by the names of variables; what is not known has no value."""
    name = row.get("person_name") or ""
    entered, amount = row.get("stage_entered_at"), row.get("amount_minor")
    return {
        "account.name": row["account_name"] or "",
        "account.industry": row["industry"] or "",
        "account.city": row["city"] or "",
        "account.score": f"{row['score'] or 0:.0f}",
        "account.band": row["band"] or "cold",
        "person.name": name,
        "person.first_name": row.get("first_name") or name.split(" ")[0],
        "person.title": row.get("person_title") or "",
        "deal.name": row.get("deal_name") or "",
        "deal.amount": "" if amount is None else f"{row['currency'] or currency} {amount / 100:,.0f}",
        "deal.stage": row.get("stage_name") or "",
        "deal.days_in_stage": "" if entered is None else str(max(0, (at - entered).days)),
        "deal.close_date": "" if row.get("close_date") is None else row["close_date"].isoformat(),
    }
