"""The deals of a pipeline in the columns of its stages: how many, for how much, and the first cards of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, exists, func, literal, select
from sqlmodel import Session

from salescompass.crm.lists import Condition, list_records, matching
from salescompass.crm.pipelines import PipelineView, StageView
from salescompass.crm.views import RecordView
from salescompass.models import Opportunity
from salescompass.vocabulary import RecordKind

LONGEST_STANDING = "stage_entered_at"
_FIRST = 20
_DEAL: Any = Opportunity.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Total:
    """The amounts of a column in one currency, whole and by how likely they are."""

    currency: str
    amount_minor: int
    weighted_minor: int


@dataclass(frozen=True)
class BoardColumn:
    """A stage with its deals: how many there are in all, their totals (the largest first), and the first of them."""

    stage: StageView
    count: int
    totals: tuple[Total, ...]
    deals: tuple[RecordView, ...]


def deal_board(
    session: Session,
    *,
    pipeline: PipelineView,
    where: Condition | None = None,
    search: str = "",
    sort: str = f"-{LONGEST_STANDING}",
    sizes: Mapping[UUID, int] | None = None,
) -> list[BoardColumn]:
    """A pipeline's columns. `where`, `search` and `sort` are as in lists; `sizes` says how many cards of a column."""
    counts, totals = _sums(session, pipeline, where, search)
    columns = []
    for stage in pipeline.stages:
        here = _DEAL.c.stage_id == stage.id
        size = (sizes or {}).get(stage.id, _FIRST)
        found: tuple[RecordView, ...] = ()
        if counts.get(stage.id):
            narrowed = here if where is None else and_(where, here)
            found = list_records(
                session, RecordKind.OPPORTUNITIES, where=narrowed, search=search, sort=sort, limit=size
            ).items
        columns.append(BoardColumn(stage, counts.get(stage.id, 0), tuple(totals.get(stage.id, ())), found))
    return columns


def holds_deals(session: Session, *, ids: Collection[UUID]) -> bool:
    """Whether one of these ids is a deal's, also of one in the trash."""
    deals = exists(select(_DEAL.c.id).where(_DEAL.c.id == any_(literal(list(ids), ARRAY(Uuid())))))
    return bool(session.connection().execute(select(deals)).scalar())


def _sums(
    session: Session, pipeline: PipelineView, where: Condition | None, search: str
) -> tuple[dict[UUID, int], dict[UUID, list[Total]]]:
    deal = _DEAL.c
    amount = func.sum(deal.amount_minor)
    query = (
        matching(
            session, RecordKind.OPPORTUNITIES, deal.stage_id, deal.currency, func.count(), amount,
            func.sum(deal.amount_minor * deal.probability), where=where, search=search,
        )
        .where(deal.pipeline_id == pipeline.id)
        .group_by(deal.stage_id, deal.currency)
        .order_by(amount.desc())
    )  # fmt: skip
    counts: dict[UUID, int] = {}
    totals: dict[UUID, list[Total]] = {}
    for stage_id, currency, count, total, likely in session.connection().execute(query):
        counts[stage_id] = counts.get(stage_id, 0) + count
        if total is not None:
            totals.setdefault(stage_id, []).append(Total(str(currency or ""), int(total), round(int(likely) / 100)))
    return counts, totals
