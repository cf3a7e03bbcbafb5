"""Pipelines and stages as they are listed and edited. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from salescompass.crm import PipelineView, StageFields, StageView

KINDS = (("open", "Open"), ("won", "Won"), ("lost", "Lost"))
_TONES = {
    "won": "success",
    "lost": "danger",
}


@dataclass(frozen=True)
class StageRow:
    """A stage; one without an id is a new one. `others` are the stages that its deals can go to, as (id, name)."""

    id: str = ""
    pipeline: str = ""
    name: str = ""
    kind: str = "open"
    kind_word: str = "Open"
    tone: str = ""
    probability: str = "50"
    rot_days: str = ""
    rots: str = ""
    deals: str = "0"
    deals_word: str = ""
    first: bool = False
    last: bool = False
    others: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class PipelineRow:
    """A pipeline with its stages; one without an id is a new one."""

    id: str = ""
    name: str = ""
    usual: bool = False
    deals: str = "0"
    stages: list[StageRow] = field(default_factory=list)


def pipeline_rows(found: Sequence[PipelineView], use: Mapping[UUID, int]) -> list[PipelineRow]:
    """The pipelines in their order; the first is the usual one."""
    return [
        PipelineRow(
            id=str(one.id),
            name=one.name,
            usual=place == 0,
            deals=f"{sum(use.get(stage.id, 0) for stage in one.stages):,}",
            stages=[_stage_row(stage, one, use.get(stage.id, 0)) for stage in one.stages],
        )
        for place, one in enumerate(found)
    ]


def fields_of(stage: StageView) -> StageFields:
    """A stage as it would be saved unchanged."""
    return StageFields(stage.name, stage.probability, stage.rot_days, stage.kind, stage.id)


def _stage_row(stage: StageView, of: PipelineView, deals: int) -> StageRow:
    return StageRow(
        id=str(stage.id),
        pipeline=str(of.id),
        name=stage.name,
        kind=stage.kind,
        kind_word=dict(KINDS).get(stage.kind, stage.kind),
        tone=_TONES.get(stage.kind, ""),
        probability=str(stage.probability),
        rot_days=str(stage.rot_days or ""),
        rots=f"{stage.rot_days} days" if stage.rot_days else "never",
        deals=f"{deals:,}",
        deals_word="One deal is" if deals == 1 else f"{deals:,} deals are",
        first=stage is of.stages[0],
        last=stage is of.stages[-1],
        others=[(str(one.id), one.name) for one in of.stages if one.id != stage.id],
    )
