"""The deals of an account, and those in which a person has a part: what pages beside a deal's own tell of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlmodel import Session

from salescompass.crm.seeing import Sight
from salescompass.models import Opportunity, OpportunityPerson, Stage

_MOST = 200
MOST_BESIDE = 100
"""How many deals are told beside another record."""
_DEALS: Any = Opportunity.__table__  # type: ignore[attr-defined]
_PARTS: Any = OpportunityPerson.__table__  # type: ignore[attr-defined]
_STAGES: Any = Stage.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class DealBeside:
    """A deal in short. `parts` are the people in it and their roles; `rot_days` is how long deals should stay there."""

    id: UUID
    name: str
    state: str
    stage: str
    stage_entered_at: datetime
    rot_days: int | None
    amount_minor: int | None
    currency: str | None
    close_date: date | None
    closed_at: datetime | None
    parts: tuple[tuple[UUID, str], ...] = ()


def deals_of(
    session: Session, *, account_id: UUID | None = None, person_id: UUID | None = None, limit: int = MOST_BESIDE
) -> list[DealBeside]:
    """The deals of an account, or those a person takes part in: open ones first, by the day they should close."""
    if (account_id is None) == (person_id is None):
        raise ValueError("give an account or a person")
    if account_id is not None:
        whose = _DEALS.c.account_id == account_id
    else:
        whose = _DEALS.c.id.in_(select(_PARTS.c.opportunity_id).where(_PARTS.c.person_id == person_id))
    columns = ("id", "name", "state")
    query = (
        select(
            *(_DEALS.c[name] for name in columns),
            _STAGES.c.name,
            _DEALS.c.stage_entered_at,
            _STAGES.c.rot_days,
            *(_DEALS.c[name] for name in ("amount_minor", "currency", "close_date", "closed_at")),
        )
        .join(_STAGES, _STAGES.c.id == _DEALS.c.stage_id)
        .where(whose, _DEALS.c.deleted_at.is_(None), Sight.of(session, "opportunity").condition())
        .order_by(
            (_DEALS.c.state == "open").desc(),
            _DEALS.c.close_date.asc().nulls_last(),
            _DEALS.c.closed_at.desc(),
            _DEALS.c.id,
        )
        .limit(max(1, min(limit, _MOST)))
    )
    rows = session.connection().execute(query).all()
    parts = _parts(session, [row[0] for row in rows])
    return [replace(DealBeside(*row), parts=tuple(parts.get(row[0], ()))) for row in rows]


def _parts(session: Session, deals: list[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    if not deals:
        return {}
    query = (
        select(_PARTS.c.opportunity_id, _PARTS.c.person_id, _PARTS.c.role)
        .where(_PARTS.c.opportunity_id == any_(literal(deals, ARRAY(Uuid()))))
        .order_by(_PARTS.c.created_at, _PARTS.c.person_id)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for deal, person, role in session.connection().execute(query):
        found[deal].append((person, role))
    return found
