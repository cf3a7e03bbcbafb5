"""Closed deals like another, of companies of its industry and size: how they ended, and those nearest to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, any_, case, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE
from sqlmodel import Session, col

from salescompass.crm.lists import get_record
from salescompass.crm.seeing import Sight
from salescompass.models import Account, Opportunity, Stage, StageHistory
from salescompass.vocabulary import RecordKind

SIZES = (50, 250, 1000)
"""The edges of the bands of size, in employees."""
_DAY = 86400.0


@dataclass(frozen=True)
class SimilarDeal:
    """A deal that was won or lost. `days` are those from its beginning to its end, `stages` those in each stage."""

    id: UUID
    name: str
    account: str
    state: str
    amount_minor: int | None
    currency: str | None
    closed_at: datetime
    days: int | None
    stages: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Similar:
    """Deals like another, and by what they are alike; without an industry and a size nothing is.

    `won_days` is the median of the days that those took which were won.
    """

    industry: str = ""
    sizes: str = ""
    won: int = 0
    lost: int = 0
    won_days: int | None = None
    deals: list[SimilarDeal] = field(default_factory=list)


def similar_deals(session: Session, *, opportunity_id: UUID, of_each: int = 3) -> Similar:
    """How closed deals like this one ended, as far as one sees them, and the nearest of those won and of those lost.

    Raises NotFound for one out of reach.
    """
    deal = get_record(session, RecordKind.OPPORTUNITIES, opportunity_id)
    seen = Sight.of(session, "account").condition()
    about = select(col(Account.industry), col(Account.industry_norm), col(Account.size))
    account = session.connection().execute(about.where(col(Account.id) == deal["account_id"], seen)).first()
    if account is None or account.industry_norm is None or account.size is None:
        return Similar()
    low, high = _band(account.size)
    like = _like(session, deal.id, account.industry_norm, low, high)
    ended = {row.state: row for row in session.connection().execute(_ends(like))}
    rows = session.connection().execute(_nearest(like, deal["amount_minor"], of_each)).all()
    stays = _stays(session, [row.id for row in rows])
    won, lost = ended.get("won"), ended.get("lost")
    return Similar(
        account.industry, _words(low, high),
        won.n if won else 0, lost.n if lost else 0, _whole(won.days) if won else None,
        [
            SimilarDeal(
                row.id, row.name, row.account, row.state, row.amount_minor, row.currency, row.closed_at,
                _whole(row.days), stays.get(row.id, []),
            )
            for row in rows
        ],
    )  # fmt: skip


def _whole(days: Any) -> int | None:
    return None if days is None else round(days)


def _like(session: Session, deal_id: UUID, industry: str, low: int, high: int | None) -> Any:
    """Closed deals of companies of this industry and size, and how many days each took."""
    days = func.extract("epoch", col(Opportunity.closed_at) - _begun()) / _DAY
    return (
        select(
            col(Opportunity.id), col(Opportunity.name), col(Account.name).label("account"), col(Opportunity.state),
            col(Opportunity.amount_minor), col(Opportunity.currency), col(Opportunity.closed_at),
            case((days >= 0, days)).label("days"),
        )
        .join(Account, _beside(Account, col(Opportunity.tenant_id), col(Opportunity.account_id)))
        .where(
            col(Account.industry_norm) == industry,
            col(Account.size) >= low, *([col(Account.size) < high] if high is not None else []),
            col(Account.deleted_at).is_(None), col(Opportunity.deleted_at).is_(None),
            col(Opportunity.state).in_(("won", "lost")), col(Opportunity.closed_at).is_not(None),
            col(Opportunity.id) != deal_id,
            Sight.of(session, "opportunity").condition(), Sight.of(session, "account").condition(),
        )
        .cte("alike")
    )  # fmt: skip


def _ends(like: Any) -> Any:
    median = func.percentile_cont(0.5).within_group(like.c.days)
    return select(like.c.state, func.count().label("n"), median.label("days")).group_by(like.c.state)


def _nearest(like: Any, amount: int | None, of_each: int) -> Any:
    far = func.abs(func.ln(like.c.amount_minor / float(amount))) if amount else literal(0)
    nearness = case((like.c.amount_minor > 0, far), else_=None).asc().nulls_last()
    order = (nearness, like.c.closed_at.desc(), like.c.id)
    place = func.row_number().over(partition_by=like.c.state, order_by=order).label("place")
    ranked = select(like, place).subquery()
    return select(ranked).where(ranked.c.place <= of_each).order_by(ranked.c.state.desc(), ranked.c.place)


def _beside(table: Any, tenant: Any, key: Any) -> Any:
    return and_(col(table.tenant_id) == tenant, col(table.id) == key)


def _begun() -> Any:
    """When a deal began: the day it was opened, else when it came here."""
    return func.coalesce(col(Opportunity.opened_on), col(Opportunity.created_at))


def _stays(session: Session, ids: list[UUID]) -> dict[UUID, list[tuple[str, int]]]:
    """How many days each deal was in each stage that it has left, in the order of the stages."""
    if not ids:
        return {}
    spent = func.sum(func.extract("epoch", col(StageHistory.left_at) - col(StageHistory.entered_at))) / _DAY
    query = (
        select(col(StageHistory.opportunity_id), col(Stage.name), spent)
        .join(Stage, _beside(Stage, col(StageHistory.tenant_id), col(StageHistory.stage_id)))
        .where(col(StageHistory.opportunity_id) == any_(literal(ids, ARRAY(UUID_TYPE()))))
        .where(col(StageHistory.left_at).is_not(None))
        .group_by(col(StageHistory.opportunity_id), col(Stage.name), col(Stage.position))
        .order_by(col(Stage.position))
    )  # fmt: skip
    found: dict[UUID, list[tuple[str, int]]] = {}
    for deal, stage, days in session.connection().execute(query):
        found.setdefault(deal, []).append((stage, round(days)))
    return found


def _band(size: int) -> tuple[int, int | None]:
    edges = (0, *SIZES)
    place = max(n for n, edge in enumerate(edges) if size >= edge)
    return edges[place], edges[place + 1] if place + 1 < len(edges) else None


def _words(low: int, high: int | None) -> str:
    return f"{low:,} and more employees" if high is None else f"{low:,} to {high - 1:,} employees"
