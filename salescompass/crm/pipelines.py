"""Pipelines and their stages: what there is, and changes to it. A tenant without any gets the usual one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass import identity
from salescompass.crm.names import name_norm, tidy
from salescompass.crm.rules import StageFacts
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import hold, session_tenant
from salescompass.kit.errors import Conflict, Exists, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import Opportunity, Pipeline, Stage
from salescompass.vocabulary import StageKind


@dataclass(frozen=True)
class StageView:
    """A stage: how likely its deals are won, and after how many days in it one rots."""

    id: UUID
    pipeline_id: UUID
    name: str
    position: int
    probability: int
    rot_days: int | None
    kind: str


@dataclass(frozen=True)
class PipelineView:
    """A pipeline with its stages in order."""

    id: UUID
    name: str
    position: int
    stages: tuple[StageView, ...]


@dataclass(frozen=True)
class StageFields:
    """A stage as it shall be; without an id it is a new one."""

    name: str
    probability: int = 0
    rot_days: int | None = None
    kind: str = StageKind.OPEN.value
    id: UUID | None = None


USUAL_STAGES = (
    StageFields("Prospecting", 10, 14),
    StageFields("Qualification", 25, 14),
    StageFields("Proposal", 50, 21),
    StageFields("Negotiation", 75, 14),
    StageFields("Won", 100, None, StageKind.WON.value),
    StageFields("Lost", 0, None, StageKind.LOST.value),
)
"""With which a tenant, and every new pipeline, begins."""


def pipelines(session: Session) -> list[PipelineView]:
    """The pipelines in their order; the first is the usual one."""
    _ensure(session)
    stages: dict[UUID, list[StageView]] = {}
    for row in session.exec(select(Stage).where(col(Stage.deleted_at).is_(None)).order_by(col(Stage.position))):
        stages.setdefault(row.pipeline_id, []).append(_stage_view(row))
    query = (
        select(Pipeline).where(col(Pipeline.deleted_at).is_(None)).order_by(col(Pipeline.position), col(Pipeline.id))
    )
    return [PipelineView(row.id, row.name, row.position, tuple(stages.get(row.id, ()))) for row in session.exec(query)]


def stage_facts(session: Session) -> tuple[StageFacts, ...]:
    """Every stage there is or was, in the order of pipelines and stages."""
    _ensure(session)
    rows = session.connection().execute(
        text(
            "SELECT stage.id, stage.pipeline_id, stage.name, stage.kind, stage.probability, "
            "stage.deleted_at IS NULL AND pipeline.deleted_at IS NULL FROM stage "
            "JOIN pipeline ON pipeline.id = stage.pipeline_id ORDER BY pipeline.position, pipeline.id, stage.position"
        )
    )
    return tuple(StageFacts(*row) for row in rows)


def _ensure(session: Session) -> None:
    there = text("SELECT EXISTS (SELECT FROM pipeline WHERE deleted_at IS NULL)")
    if session.connection().execute(there).scalar():
        return
    hold(session, "pipelines")
    if session.connection().execute(there).scalar():
        return
    tenant_id = session_tenant(session)
    row = Pipeline(tenant_id=tenant_id, id=new_id(), name="Sales", name_norm="sales", position=1)
    session.add(row)
    session.flush()
    for place, one in enumerate(USUAL_STAGES, start=1):
        session.add(
            Stage(
                tenant_id=tenant_id, id=new_id(), pipeline_id=row.id, name=one.name, name_norm=name_norm(one.name),
                position=place, probability=one.probability, rot_days=one.rot_days, kind=one.kind,
            )
        )  # fmt: skip
    session.flush()


def save_pipeline(
    session: Session, actor: Actor, *, pipeline_id: UUID | None, name: str, stages: Sequence[StageFields]
) -> PipelineView:
    """A new pipeline (`pipeline_id` None) or a changed one: its stages are these, in this order.

    A stage that is left out must hold no deals. One open, one won and one lost stage there must be.
    """
    _check(stages)
    hold(session, "pipelines")
    known = pipelines(session)
    clean = _free_name(name, known, pipeline_id)
    row = _new_pipeline(session, known) if pipeline_id is None else _pipeline(session, pipeline_id)
    before = next((_told(one) for one in known if one.id == pipeline_id), None)
    row.name, row.name_norm = clean, name_norm(clean)
    row.row_version += 1
    session.add(row)
    session.flush()
    _save_stages(session, row.id, stages)
    after = next(one for one in pipelines(session) if one.id == row.id)
    action = "pipeline.created" if pipeline_id is None else "pipeline.changed"
    detail = {"before": before, "after": _told(after)}
    identity.audit.record(session, actor, action, object_type="pipeline", object_id=row.id, detail=detail)
    return after


def delete_pipeline(session: Session, actor: Actor, *, pipeline_id: UUID) -> None:
    """Take away a pipeline without deals. The last one stays."""
    hold(session, "pipelines")
    row = _pipeline(session, pipeline_id)
    if len(pipelines(session)) == 1:
        raise Conflict("This is the only pipeline: make another first")
    if session.exec(select(Opportunity.id).where(Opportunity.pipeline_id == row.id).limit(1)).first():
        raise Conflict(f"{row.name} has deals: move them to another pipeline first")
    row.deleted_at = clock.now()
    session.add(row)
    session.flush()
    detail = {"name": row.name}
    identity.audit.record(session, actor, "pipeline.deleted", object_type="pipeline", object_id=row.id, detail=detail)


def _save_stages(session: Session, pipeline_id: UUID, wanted: Sequence[StageFields]) -> None:
    there = {
        row.id: row
        for row in session.exec(select(Stage).where(Stage.pipeline_id == pipeline_id, col(Stage.deleted_at).is_(None)))
    }
    kept = {one.id for one in wanted if one.id}
    if kept - set(there):
        raise NotFound("There is no such stage in this pipeline", field="stages")
    for gone in set(there) - kept:
        if session.exec(select(Opportunity.id).where(Opportunity.stage_id == gone).limit(1)).first():
            raise Conflict(f"{there[gone].name} has deals: move them to another stage first", field="stages")
        there[gone].deleted_at = clock.now()
        session.add(there[gone])
    for row in there.values():  # two stages may swap names
        row.name_norm = f"{row.id}"
        session.add(row)
    session.flush()
    changed: list[Stage] = []
    for place, one in enumerate(wanted, start=1):
        known = there.get(one.id) if one.id else None
        row = known or Stage(
            tenant_id=session_tenant(session), id=new_id(), pipeline_id=pipeline_id, name="", name_norm=""
        )
        if row.kind != one.kind or row.probability != one.probability:
            changed.append(row)
        row.name, row.name_norm, row.position = tidy(one.name), name_norm(one.name), place
        row.probability, row.rot_days, row.kind = one.probability, one.rot_days, one.kind
        session.add(row)
    session.flush()
    _carry(session, changed)


def _carry(session: Session, stages: Sequence[Stage]) -> None:
    """Deals carry what their stage decides."""
    session.connection().execute(
        text(
            "UPDATE opportunity SET state = stage.kind, probability = stage.probability FROM stage "
            "WHERE stage.id = opportunity.stage_id AND stage.id = ANY(:ids)"
        ),
        {"ids": [one.id for one in stages]},
    )


def _check(stages: Sequence[StageFields]) -> None:
    if not 3 <= len(stages) <= 30:
        raise Invalid("A pipeline has 3 to 30 stages", field="stages")
    for one in stages:
        _check_stage(one)
    if len({name_norm(one.name) for one in stages}) < len(stages):
        raise Invalid("Each stage needs a name of its own", field="stage_name")
    if {one.kind for one in stages} != {kind.value for kind in StageKind}:
        raise Invalid("A pipeline needs an open, a won and a lost stage", field="stages")


def _check_stage(one: StageFields) -> None:
    if not name_norm(one.name) or len(tidy(one.name)) > 60:
        raise Invalid("Give each stage a name of at most 60 characters", field="stage_name")
    if one.kind not in tuple(StageKind):
        raise Invalid("A stage is open, won or lost", field="kind")
    if not 0 <= one.probability <= 100:
        raise Invalid("A probability is from 0 to 100", field="probability")
    if one.rot_days is not None and not 1 <= one.rot_days <= 3650:
        raise Invalid("A deal rots after 1 to 3,650 days", field="rot_days")


def _free_name(name: str, known: Sequence[PipelineView], pipeline_id: UUID | None) -> str:
    clean = tidy(name)
    if not clean or len(clean) > 60:
        raise Invalid("Enter a name of at most 60 characters", field="name")
    if any(name_norm(one.name) == name_norm(clean) and one.id != pipeline_id for one in known):
        raise Exists(f"There is a pipeline {clean} already", field="name")
    return clean


def _new_pipeline(session: Session, known: Sequence[PipelineView]) -> Pipeline:
    place = max((one.position for one in known), default=0) + 1
    return Pipeline(
        tenant_id=session_tenant(session), id=new_id(), name="", name_norm="", position=place, row_version=0
    )


def _pipeline(session: Session, pipeline_id: UUID) -> Pipeline:
    row = session.exec(select(Pipeline).where(Pipeline.id == pipeline_id, col(Pipeline.deleted_at).is_(None))).first()
    if row is None:
        raise NotFound("There is no such pipeline")
    return row


def _stage_view(row: Stage) -> StageView:
    return StageView(row.id, row.pipeline_id, row.name, row.position, row.probability, row.rot_days, row.kind)


def _told(view: PipelineView) -> dict[str, Any]:
    stages = [[one.name, one.probability, one.rot_days, one.kind] for one in view.stages]
    return {"name": view.name, "stages": stages}
