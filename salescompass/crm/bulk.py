"""Accounts and people that come with their ids, many at a time. Who is there already, by domain or address, stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.names import domain_norm, email_norm, name_norm
from salescompass.crm.storing import index
from salescompass.vocabulary import Lifecycle, PersonKind


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account to be there."""

    id: UUID
    name: str
    domain: str
    owner_id: UUID | None
    created_at: datetime
    industry: str | None = None
    size: int | None = None
    country: str | None = None
    lifecycle: Lifecycle | None = None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person to be there; `account_id` is the one given with them."""

    id: UUID
    kind: PersonKind
    account_id: UUID
    name: str
    email: str
    created_at: datetime
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """Which record stands for each that was given, and how many were made."""

    ids: dict[UUID, UUID]
    accounts_made: int
    people_made: int


def ensure_records(session: Session, accounts: Sequence[AccountRecord], people: Sequence[PersonRecord]) -> Present:
    """Make what is not there. An account is known by its domain, a person by their address."""
    made = session.connection().execute(
        _ACCOUNTS,
        {
            "ids": [one.id for one in accounts],
            "names": [one.name for one in accounts],
            "norms": [name_norm(one.name) for one in accounts],
            "domains": [_domain(one) for one in accounts],
            "owners": [one.owner_id for one in accounts],
            "times": [one.created_at for one in accounts],
            **_compared("industry", [one.industry for one in accounts]),
            **_compared("country", [one.country for one in accounts]),
            "sizes": [one.size for one in accounts],
            "lifecycles": [one.lifecycle for one in accounts],
        },
    ).rowcount  # fmt: skip
    ids = _standing(session, "account", "domain_norm", {_domain(one): one.id for one in accounts})
    met = session.connection().execute(
        _PEOPLE,
        {
            "ids": [one.id for one in people],
            "kinds": [one.kind.value for one in people],
            "accounts": [ids[one.account_id] for one in people],
            "names": [one.name for one in people],
            "norms": [name_norm(one.name) for one in people],
            "emails": [one.email for one in people],
            "email_norms": [_email(one) for one in people],
            "times": [one.created_at for one in people],
            **_compared("title", [one.title for one in people]),
        },
    ).rowcount  # fmt: skip
    ids |= _standing(session, "person", "email_norm", {_email(one): one.id for one in people})
    _index(session, ids, accounts, people)
    return Present(ids, made, met)


def _index(
    session: Session, ids: dict[UUID, UUID], accounts: Sequence[AccountRecord], people: Sequence[PersonRecord]
) -> None:
    """Let them be found by the words of their names, addresses and titles."""
    named = {ids[one.id]: {"name_norm": name_norm(one.name), "domain_norm": _domain(one)} for one in accounts}
    index(session, "account", named)
    known = {
        ids[one.id]: {
            "name_norm": name_norm(one.name),
            "email_norm": _email(one),
            "title_norm": name_norm(one.title or ""),
        }
        for one in people
    }
    index(session, "person", known)


def _compared(name: str, values: Sequence[str | None]) -> dict[str, list[str | None]]:
    """The values of a column, and their compared form."""
    return {name: list(values), f"{name}_norm": [name_norm(one) if one else None for one in values]}


def _domain(one: AccountRecord) -> str:
    found = domain_norm(one.domain)
    if found is None:
        raise ValueError(f"{one.domain} is no domain")
    return found


def _email(one: PersonRecord) -> str:
    found = email_norm(one.email)
    if found is None:
        raise ValueError(f"{one.email} is no address")
    return found


def _standing(session: Session, table: str, column: str, given: dict[str, UUID]) -> dict[UUID, UUID]:
    found = session.connection().execute(
        text(f"SELECT {column}, id FROM {table} WHERE deleted_at IS NULL AND {column} = ANY(:values)"),  # noqa: S608 - both are constants
        {"values": list(given)},
    )
    return {given[value]: record_id for value, record_id in found}


# Sorted, so that two that make the same ones wait for each other in one order and never in a circle.
_ACCOUNTS = text(
    "INSERT INTO account (id, name, name_norm, domain_norm, owner_id, created_at, updated_at, industry, "
    "industry_norm, country, country_norm, size, lifecycle) "
    "SELECT id, name, norm, domain, owner, at, at, industry, industry_norm, country, country_norm, size, lifecycle "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:norms AS text[]), CAST(:domains AS text[]), "
    "CAST(:owners AS uuid[]), CAST(:times AS timestamptz[]), CAST(:industry AS text[]), "
    "CAST(:industry_norm AS text[]), CAST(:country AS text[]), CAST(:country_norm AS text[]), "
    "CAST(:sizes AS bigint[]), CAST(:lifecycles AS text[])) AS t (id, name, norm, domain, owner, at, industry, "
    "industry_norm, country, country_norm, size, lifecycle) ORDER BY domain ON CONFLICT DO NOTHING"
)
_PEOPLE = text(
    "INSERT INTO person (id, kind, account_id, name, name_norm, email, email_norm, created_at, updated_at, title, "
    "title_norm) SELECT id, kind, account, name, norm, email, email_norm, at, at, title, title_norm "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:kinds AS text[]), CAST(:accounts AS uuid[]), CAST(:names AS text[]), "
    "CAST(:norms AS text[]), CAST(:emails AS text[]), CAST(:email_norms AS text[]), CAST(:times AS timestamptz[]), "
    "CAST(:title AS text[]), CAST(:title_norm AS text[])) "
    "AS t (id, kind, account, name, norm, email, email_norm, at, title, title_norm) "
    "ORDER BY email_norm ON CONFLICT DO NOTHING"
)
