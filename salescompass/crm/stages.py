"""Changes to one pipeline at a time: a stage more, a stage that is called otherwise, one that goes, another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import identity
from salescompass.crm.editing import edit_records
from salescompass.crm.pipelines import PipelineView, StageFields, StageView, pipelines, save_pipeline
from salescompass.crm.seeing import Sight
from salescompass.crm.upserts import MOST_ROWS
from salescompass.identity import Actor
from salescompass.kit.database import hold
from salescompass.kit.errors import Conflict, Invalid, NotFound
from salescompass.vocabulary import RecordKind


def save_stage(session: Session, actor: Actor, *, pipeline_id: UUID, stage: StageFields) -> PipelineView:
    """Change a stage of a pipeline; one without an id is new, and stands after the last of its kind."""
    hold(session, "pipelines")
    found = _pipeline(session, pipeline_id)
    stages = [_fields(one) for one in found.stages]
    if stage.id is None:
        before = [n for n, one in enumerate(stages, start=1) if one.kind == stage.kind]
        stages.insert(before[-1] if before else len(stages), stage)
    else:
        _stage(found, stage.id)
        stages = [stage if one.id == stage.id else one for one in stages]
    return save_pipeline(session, actor, pipeline_id=pipeline_id, name=found.name, stages=stages)


def order_stages(session: Session, actor: Actor, *, pipeline_id: UUID, stage_ids: Sequence[UUID]) -> PipelineView:
    """Put the stages of a pipeline into this order."""
    hold(session, "pipelines")
    found = _pipeline(session, pipeline_id)
    if sorted(stage_ids) != sorted(one.id for one in found.stages):
        raise Invalid("The stages have changed meanwhile: look again", field="stages")
    stages = [_fields(_stage(found, one)) for one in stage_ids]
    return save_pipeline(session, actor, pipeline_id=pipeline_id, name=found.name, stages=stages)


def remove_stage(
    session: Session, actor: Actor, *, stage_id: UUID, into: UUID | None = None, now: datetime | None = None
) -> int:
    """Take a stage out of its pipeline; its deals go `into` another one. Returns how many deals were moved.

    Raises Conflict when there are deals in it and no other stage is named, or deals that the actor does not see.
    """
    hold(session, "pipelines")
    found = next((one for one in pipelines(session) if any(stage.id == stage_id for stage in one.stages)), None)
    if found is None:
        raise NotFound("There is no such stage", field="stage")
    gone = _stage(found, stage_id)
    if into is not None:
        target = _stage(found, into)
        if target.id == gone.id:
            raise Invalid("Choose another stage for its deals", field="into")
    rest = [_fields(one) for one in found.stages if one.id != gone.id]
    if not any(one.kind == gone.kind for one in rest):
        raise Conflict(f"{gone.name} is the only {gone.kind} stage: add another first", field="into")
    if into is None and stage_use(session).get(gone.id):
        raise Conflict(f"{gone.name} has deals: choose the stage they go to", field="into")
    moved = _move_deals(session, actor, gone, into, now) if into else 0
    save_pipeline(session, actor, pipeline_id=found.id, name=found.name, stages=rest)
    return moved


def set_usual_pipeline(session: Session, actor: Actor, *, pipeline_id: UUID) -> PipelineView:
    """Make a pipeline the usual one: where deals begin that name none."""
    hold(session, "pipelines")
    chosen = _pipeline(session, pipeline_id)
    order = [chosen.id, *(one.id for one in pipelines(session) if one.id != chosen.id)]
    session.connection().execute(
        text(
            "UPDATE pipeline SET position = place, row_version = row_version + 1 "
            "FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS t (id, place) WHERE pipeline.id = t.id"
        ),
        {"ids": order},
    )
    session.expire_all()
    identity.audit.record(
        session, actor, "pipeline.made_usual", object_type="pipeline", object_id=chosen.id,
        detail={"name": chosen.name},
    )  # fmt: skip
    return replace(chosen, position=1)


def stage_use(session: Session) -> dict[UUID, int]:
    """How many deals are in each stage; those in the trash count, since they can come back."""
    rows = session.connection().execute(text("SELECT stage_id, count(*) FROM opportunity GROUP BY stage_id"))
    return {row[0]: row[1] for row in rows}


def _move_deals(session: Session, actor: Actor, gone: StageView, into: UUID, now: datetime | None) -> int:
    query = text("SELECT id, deleted_at IS NULL FROM opportunity WHERE stage_id = :stage ORDER BY id")
    rows = session.connection().execute(query, {"stage": gone.id}).all()
    live, trashed = [row[0] for row in rows if row[1]], [row[0] for row in rows if not row[1]]
    hidden = Sight.of(session, "opportunity", actor).hidden(session, live)
    if hidden:
        raise Conflict(f"{gone.name} has {len(hidden)} deals that you do not see: ask who sees them", field="into")
    for start in range(0, len(live), MOST_ROWS):
        ids = live[start : start + MOST_ROWS]
        done = edit_records(session, actor, RecordKind.OPPORTUNITIES, ids, {"stage_id": into}, now=now)
        failed = next((one for one in done if one.status == "failed"), None)
        if failed is not None:
            raise Conflict(f"A deal could not be moved: {failed.reason}", field="into")
    session.connection().execute(  # those in the trash come back where the others went
        text(
            "UPDATE opportunity SET stage_id = stage.id, state = stage.kind, probability = stage.probability "
            "FROM stage WHERE stage.id = :into AND opportunity.id = ANY(:ids)"
        ),
        {"into": into, "ids": trashed},
    )
    return len(rows)


def _fields(one: StageView) -> StageFields:
    return StageFields(one.name, one.probability, one.rot_days, one.kind, one.id)


def _pipeline(session: Session, pipeline_id: UUID) -> PipelineView:
    found = next((one for one in pipelines(session) if one.id == pipeline_id), None)
    if found is None:
        raise NotFound("There is no such pipeline", field="pipeline")
    return found


def _stage(of: PipelineView, stage_id: UUID) -> StageView:
    found = next((one for one in of.stages if one.id == stage_id), None)
    if found is None:
        raise NotFound("There is no such stage in this pipeline", field="stage")
    return found
