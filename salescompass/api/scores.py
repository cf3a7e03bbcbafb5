"""Scores out: `/api/v1/accounts/{account_id}/score`, `/api/v1/contacts/{contact_id}/score`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from salescompass import crm, scoring
from salescompass.api.callers import Needs
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.scoring import Contribution, Why
from salescompass.vocabulary import RecordKind, SubjectKind

router = APIRouter(prefix="/api/v1", tags=["scores"])

ScoreReader = Annotated[Actor, Depends(Needs("scores:read"))]


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


@router.get("/accounts/{account_id}/score", response_model=ScoreOut)
def get_account_score(actor: ScoreReader, account_id: UUID) -> dict[str, Any]:
    """The account's score as of now, and the events that make it, each with the person whose they are."""
    with tenant_session(actor.tenant_id, reader=actor) as session:
        crm.get_record(session, RecordKind.ACCOUNTS, account_id)
        return _why(scoring.why(session, SubjectKind.ACCOUNT, account_id))


@router.get("/contacts/{contact_id}/score", response_model=ScoreOut)
def get_contact_score(actor: ScoreReader, contact_id: UUID) -> dict[str, Any]:
    """The contact's score as of now, and the events that make it; a lead's as well."""
    with tenant_session(actor.tenant_id, reader=actor) as session:
        crm.get_record(session, RecordKind.CONTACTS, contact_id)
        return _why(scoring.why(session, SubjectKind.PERSON, contact_id))


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
