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
from salescompass.vocabulary import PersonKind


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account to be there."""

    id: UUID
    name: str
    domain: str
    owner_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person to be there; `account_id` is the one given with them."""

    id: UUID
    kind: PersonKind
    account_id: UUID
    name: str
    email: str
    created_at: datetime


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
        },
    ).rowcount  # fmt: skip
    ids |= _standing(session, "person", "email_norm", {_email(one): one.id for one in people})
    named = {ids[one.id]: {"name_norm": name_norm(one.name), "domain_norm": _domain(one)} for one in accounts}
    index(session, "account", named, new=True)
    named = {ids[one.id]: {"name_norm": name_norm(one.name), "email_norm": _email(one)} for one in people}
    index(session, "person", named, new=True)
    return Present(ids, made, met)


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
    "INSERT INTO account (id, name, name_norm, domain_norm, owner_id, created_at, updated_at) "
    "SELECT id, name, norm, domain, owner, at, at FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), "
    "CAST(:norms AS text[]), CAST(:domains AS text[]), CAST(:owners AS uuid[]), CAST(:times AS timestamptz[])) "
    "AS t (id, name, norm, domain, owner, at) ORDER BY domain ON CONFLICT DO NOTHING"
)
_PEOPLE = text(
    "INSERT INTO person (id, kind, account_id, name, name_norm, email, email_norm, created_at, updated_at) "
    "SELECT id, kind, account, name, norm, email, email_norm, at, at FROM unnest(CAST(:ids AS uuid[]), "
    "CAST(:kinds AS text[]), CAST(:accounts AS uuid[]), CAST(:names AS text[]), CAST(:norms AS text[]), "
    "CAST(:emails AS text[]), CAST(:email_norms AS text[]), CAST(:times AS timestamptz[])) "
    "AS t (id, kind, account, name, norm, email, email_norm, at) ORDER BY email_norm ON CONFLICT DO NOTHING"
)
