"""Reading accounts and people: newest first, page by page, by position and never by offset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_
from sqlmodel import Session, col, select

from salescompass.crm.names import domain_norm, email_norm
from salescompass.crm.seeing import Sight
from salescompass.kit.errors import NotFound
from salescompass.kit.pagination import Page, Position, position
from salescompass.models import Account, Person


@dataclass(frozen=True)
class AccountView:
    """A company."""

    id: UUID
    name: str
    domain: str | None
    external_id: str | None
    owner_id: UUID | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class PersonView:
    """A person: a lead or a contact."""

    id: UUID
    kind: str
    name: str
    email: str | None
    external_id: str | None
    account_id: UUID | None
    account_name: str | None
    created_at: datetime
    updated_at: datetime


def accounts(
    session: Session,
    *,
    cursor: str | None = None,
    limit: int = 50,
    domain: str | None = None,
    external_id: str | None = None,
    owner_id: UUID | None = None,
) -> Page[AccountView]:
    """A page of accounts, the last made first."""
    query = _accounts(session)
    if domain is not None:
        query = query.where(col(Account.domain_norm) == (domain_norm(domain) or ""))
    if external_id is not None:
        query = query.where(col(Account.external_id) == external_id)
    if owner_id is not None:
        query = query.where(col(Account.owner_id) == owner_id)
    return _page(session, query, Account, AccountView, cursor, limit)


def account(session: Session, account_id: UUID) -> AccountView:
    """An account. Raises NotFound, also for another tenant's."""
    row = session.connection().execute(_accounts(session).where(col(Account.id) == account_id)).first()
    if row is None:
        raise NotFound("no such account")
    return AccountView(*row)


def people(
    session: Session,
    *,
    cursor: str | None = None,
    limit: int = 50,
    account_id: UUID | None = None,
    email: str | None = None,
    external_id: str | None = None,
) -> Page[PersonView]:
    """A page of people, the last made first."""
    query = _people(session)
    if account_id is not None:
        query = query.where(col(Person.account_id) == account_id)
    if email is not None:
        query = query.where(col(Person.email_norm) == (email_norm(email) or ""))
    if external_id is not None:
        query = query.where(col(Person.external_id) == external_id)
    return _page(session, query, Person, PersonView, cursor, limit)


def person(session: Session, person_id: UUID) -> PersonView:
    """A person. Raises NotFound, also for another tenant's."""
    row = session.connection().execute(_people(session).where(col(Person.id) == person_id)).first()
    if row is None:
        raise NotFound("no such contact")
    return PersonView(*row)


_ACCOUNT = (
    Account.id, Account.name, Account.domain_norm, Account.external_id, Account.owner_id, Account.created_at,
    Account.updated_at,
)  # fmt: skip
_PERSON = (
    Person.id, Person.kind, Person.name, Person.email, Person.external_id, Person.account_id, Account.name,
    Person.created_at, Person.updated_at,
)  # fmt: skip


def _accounts(session: Session) -> Select[Any]:
    found: Select[Any] = select(*_ACCOUNT)  # type: ignore[call-overload]
    return found.where(col(Account.deleted_at).is_(None), Sight.of(session, "account").condition())


def _people(session: Session) -> Select[Any]:
    """People, with the name of their account where that is in reach."""
    at = and_(
        col(Account.id) == col(Person.account_id),
        col(Account.deleted_at).is_(None),
        Sight.of(session, "account").condition(),
    )
    joined: Select[Any] = select(*_PERSON).select_from(Person).outerjoin(Account, at)  # type: ignore[call-overload]
    return joined.where(col(Person.deleted_at).is_(None), Sight.of(session, "person").condition())


def _page(session: Session, query: Select[Any], table: Any, view: Any, cursor: str | None, limit: int) -> Page[Any]:
    """Ids are made in the order of time, so the primary key, read backwards, is the order of the list."""
    after = position(cursor)
    if after:
        query = query.where(col(table.id) < after.id)
    limit = max(1, min(limit, 1000))
    rows = session.connection().execute(query.order_by(col(table.id).desc()).limit(limit + 1)).all()
    found = tuple(view(*row) for row in rows[:limit])
    return Page(found, Position(found[-1].created_at, found[-1].id).cursor() if len(rows) > limit else None)
