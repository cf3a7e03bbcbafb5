"""Accounts and contacts out, and their scores: `/api/v1/accounts`, `/api/v1/contacts`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel
from sqlmodel import Session

from salescompass import crm, scoring
from salescompass.api.bodies import storable
from salescompass.api.callers import Needs
from salescompass.crm import AccountView, PersonView
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.scoring import Contribution, ScoreView, Why
from salescompass.vocabulary import SubjectKind

router = APIRouter(prefix="/api/v1", tags=["accounts and contacts"])

Limit = Annotated[int, Query(ge=1, le=1000)]
Cursor = Annotated[str | None, Query(max_length=200)]
Key = Annotated[Annotated[str, AfterValidator(storable)] | None, Query(max_length=255)]
Reader = Annotated[Actor, Depends(Needs("crm:read"))]
ScoreReader = Annotated[Actor, Depends(Needs("scores:read"))]


class Scored(BaseModel):
    """The stored score: within half a point of the true one at any moment."""

    score: float
    band: str
    score_as_of: datetime | None


class AccountOut(Scored):
    """A company."""

    id: UUID
    name: str
    domain: str | None
    external_id: str | None
    owner_id: UUID | None
    created_at: datetime
    updated_at: datetime


class ContactOut(Scored):
    """A person."""

    id: UUID
    kind: str
    name: str
    email: str | None
    external_id: str | None
    account_id: UUID | None
    created_at: datetime
    updated_at: datetime


class AccountList(BaseModel):
    """A page of accounts, the last made first."""

    items: list[AccountOut]
    next_cursor: str | None


class ContactList(BaseModel):
    """A page of contacts, the last made first."""

    items: list[ContactOut]
    next_cursor: str | None


class ContributionOut(BaseModel):
    """What the events of one type on one day add. The row `rest` sums up those that are not listed."""

    rule: str
    type: str | None
    day: date | None
    count: int
    points: float
    remaining: float
    share: float
    person_id: UUID | None


class ScoreOut(BaseModel):
    """A score as of now, and what makes it: the shares add up to it."""

    score: float
    band: str
    velocity: float
    as_of: datetime
    configuration_version: int
    contributions: list[ContributionOut]


@router.get("/accounts", response_model=AccountList)
def list_accounts(
    actor: Reader, limit: Limit = 50, cursor: Cursor = None, domain: Key = None, external_id: Key = None
) -> dict[str, Any]:
    """Accounts, the last made first; `next_cursor` leads to the next page and is null on the last."""
    with tenant_session(actor.tenant_id) as session:
        page = crm.accounts(session, cursor=cursor, limit=limit, domain=domain, external_id=external_id)
        return {"items": _accounts(session, page.items), "next_cursor": page.next_cursor}


@router.get("/accounts/{account_id}", response_model=AccountOut)
def get_account(actor: Reader, account_id: UUID) -> dict[str, Any]:
    """One account."""
    with tenant_session(actor.tenant_id) as session:
        return _accounts(session, [crm.account(session, account_id)])[0]


@router.get("/accounts/{account_id}/score", response_model=ScoreOut)
def get_account_score(actor: ScoreReader, account_id: UUID) -> dict[str, Any]:
    """The account's score as of now, and the events that make it, each with the person whose they are."""
    with tenant_session(actor.tenant_id) as session:
        return _why(scoring.why(session, SubjectKind.ACCOUNT, account_id))


@router.get("/contacts", response_model=ContactList)
def list_contacts(
    actor: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    account_id: UUID | None = None,
    email: Key = None,
    external_id: Key = None,
) -> dict[str, Any]:
    """Contacts, the last made first; `next_cursor` leads to the next page and is null on the last."""
    with tenant_session(actor.tenant_id) as session:
        page = crm.people(
            session, cursor=cursor, limit=limit, account_id=account_id, email=email, external_id=external_id
        )
        return {"items": _contacts(session, page.items), "next_cursor": page.next_cursor}


@router.get("/contacts/{contact_id}", response_model=ContactOut)
def get_contact(actor: Reader, contact_id: UUID) -> dict[str, Any]:
    """One contact."""
    with tenant_session(actor.tenant_id) as session:
        return _contacts(session, [crm.person(session, contact_id)])[0]


@router.get("/contacts/{contact_id}/score", response_model=ScoreOut)
def get_contact_score(actor: ScoreReader, contact_id: UUID) -> dict[str, Any]:
    """The contact's score as of now, and the events that make it."""
    with tenant_session(actor.tenant_id) as session:
        return _why(scoring.why(session, SubjectKind.PERSON, contact_id))


def _accounts(session: Session, found: Sequence[AccountView]) -> list[dict[str, Any]]:
    scores = scoring.scores(session, SubjectKind.ACCOUNT, [one.id for one in found])
    return [
        {
            "id": one.id,
            "name": one.name,
            "domain": one.domain,
            "external_id": one.external_id,
            "owner_id": one.owner_id,
            "created_at": one.created_at,
            "updated_at": one.updated_at,
            **_scored(scores[one.id]),
        }
        for one in found
    ]


def _contacts(session: Session, found: Sequence[PersonView]) -> list[dict[str, Any]]:
    scores = scoring.scores(session, SubjectKind.PERSON, [one.id for one in found])
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "name": one.name,
            "email": one.email,
            "external_id": one.external_id,
            "account_id": one.account_id,
            "created_at": one.created_at,
            "updated_at": one.updated_at,
            **_scored(scores[one.id]),
        }
        for one in found
    ]


def _scored(found: ScoreView) -> dict[str, Any]:
    return {"score": found.score, "band": found.band, "score_as_of": found.as_of}


def _why(found: Why) -> dict[str, Any]:
    rows = (*found.contributions, found.rest) if found.rest else found.contributions
    return {
        "score": found.score,
        "band": found.band,
        "velocity": found.velocity,
        "as_of": found.as_of,
        "configuration_version": found.configuration_version,
        "contributions": [_contribution(one) for one in rows],
    }


def _contribution(one: Contribution) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "type": one.type,
        "day": one.day,
        "count": one.count,
        "points": one.points,
        "remaining": one.remaining,
        "share": one.share,
        "person_id": one.person_id,
    }
