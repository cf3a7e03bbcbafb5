"""Pipelines and stages as files name them. What is not there is made: the file says that deals go through it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import crm
from salescompass.imports.batches import beside_id
from salescompass.imports.kinds import Run
from salescompass.imports.typed_rows import TypedRow
from salescompass.kit.ids import new_id
from salescompass.models import Opportunity, Pipeline, RecordChange, Stage, StageHistory
from salescompass.vocabulary import StageKind

_USUAL_CHANCE = {StageKind.OPEN: 50, StageKind.WON: 100, StageKind.LOST: 0}
_CLOSED = {
    StageKind.WON: frozenset({"won", "closed won", "closedwon", "closed (won)", "gewonnen"}),
    StageKind.LOST: frozenset({"lost", "closed lost", "closedlost", "closed (lost)", "verloren"}),
}


@dataclass(frozen=True)
class Place:
    """Where a deal stands; without a stage the pipeline's first one is meant."""

    pipeline_id: UUID
    stage_id: UUID | None = None


def places(session: Session, rows: Sequence[TypedRow], run: Run, made: Counter[str]) -> dict[int, Place]:
    """The place of each row that names a pipeline or a stage, by its number."""
    named = {
        row.number: (crm.tidy(row.values.get("pipeline", "")), crm.tidy(row.values.get("stage", "")))
        for row in rows
        if "pipeline" in row.values or "stage" in row.values
    }
    known = {pair: _place(session, run, *pair, made) for pair in dict.fromkeys(named.values())}
    return {number: known[pair] for number, pair in named.items()}


def _place(session: Session, run: Run, pipeline: str, stage: str, made: Counter[str]) -> Place:
    known = crm.pipelines(session)
    norm = crm.name_norm(pipeline)
    at = next((one for one in known if crm.name_norm(one.name) == norm), None) if norm else known[0]
    if at is None:
        pipeline_id = _new_pipeline(session, run, pipeline, len(known) + 1)
        made["pipelines"] += 1
    else:
        pipeline_id = at.id
    if not stage:
        return Place(pipeline_id)
    live = select(Stage).where(Stage.pipeline_id == pipeline_id, col(Stage.deleted_at).is_(None))
    stages = session.exec(live.order_by(col(Stage.position), col(Stage.id))).all()
    norm = crm.name_norm(stage)
    kind = next((kind for kind, words in _CLOSED.items() if norm in words), StageKind.OPEN)
    found = next((one for one in stages if one.name_norm == norm), None)
    if found is None and kind is not StageKind.OPEN:
        found = next((one for one in stages if one.kind == kind), None)
    if found is None:
        found = _new_stage(session, run, pipeline_id, stage, kind, stages)
        made["stages"] += 1
    return Place(pipeline_id, found.id)


def _new_pipeline(session: Session, run: Run, name: str, position: int) -> UUID:
    shown = name[:120]
    row = Pipeline(id=new_id(), name=shown, name_norm=crm.name_norm(shown), position=position)
    session.add(row)
    session.flush()
    _note(session, run, "pipeline", row.id)
    for kind in (StageKind.WON, StageKind.LOST):
        _new_stage(session, run, row.id, kind.value.capitalize(), kind, ())
    return row.id


def _new_stage(
    session: Session, run: Run, pipeline_id: UUID, name: str, kind: StageKind, stages: Sequence[Stage]
) -> Stage:
    """A stage behind those of its kind: deals that are open come before those that are not."""
    open_ones = [one.position for one in stages if one.kind == StageKind.OPEN]
    if kind is StageKind.OPEN:
        position = max(open_ones, default=0) + 1
        if any(one.position == position for one in stages):
            for one in stages:
                if one.position >= position:
                    _note(session, run, "stage", one.id, {"position": [one.position, one.position + 1]})
                    one.position += 1
                    session.add(one)
    else:
        position = max((one.position for one in stages), default=100) + 1
    row = Stage(
        id=new_id(), pipeline_id=pipeline_id, name=name[:120], name_norm=crm.name_norm(name[:120]), kind=kind.value,
        position=position, probability=_USUAL_CHANCE[kind],
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, run, "stage", row.id)
    return row


def _note(
    session: Session, run: Run, object_type: str, object_id: UUID, changes: dict[str, list[int]] | None = None
) -> None:
    """What an import did to pipelines and stages, so that it can be taken back."""
    row = RecordChange(
        id=new_id(), object_type=object_type, object_id=object_id, act="changed" if changes else "created",
        changes=changes or {}, actor_kind=run.actor.kind, actor_id=run.actor.actor_id,
        actor_name=run.actor.name[:200], at=run.now, batch_id=beside_id(run.batch_id) if run.batch_id else None,
    )  # fmt: skip
    session.add(row)
    session.flush()


def take_back_stages(session: Session, batch_id: UUID) -> tuple[int, int]:
    """Delete the stages and pipelines that an import made and no deal is in: how many are gone, how many are kept."""
    rows = session.exec(
        select(RecordChange)
        .where(RecordChange.batch_id == batch_id, col(RecordChange.object_type).in_(("stage", "pipeline")))
        .order_by(col(RecordChange.id).desc())
    ).all()
    undone = kept = 0
    for row in rows:
        row.batch_id = None
        session.add(row)
        found: Stage | Pipeline | None
        if row.object_type == "stage":
            found = session.exec(select(Stage).where(Stage.id == row.object_id)).first()
        else:
            found = session.exec(select(Pipeline).where(Pipeline.id == row.object_id)).first()
        if found is None:
            continue
        if isinstance(found, Stage) and row.act == "changed":
            before, after = row.changes["position"]
            if found.position == after and not kept:
                found.position = before
                session.add(found)
        elif _in_use(session, row.object_type, row.object_id):
            kept += 1
        else:
            session.delete(found)
            undone += 1
        session.flush()
    return undone, kept


def _in_use(session: Session, object_type: str, object_id: UUID) -> bool:
    column = Opportunity.stage_id if object_type == "stage" else Opportunity.pipeline_id
    if session.exec(select(Opportunity.id).where(column == object_id).limit(1)).first() is not None:
        return True
    if object_type == "pipeline":
        return session.exec(select(Stage.id).where(Stage.pipeline_id == object_id).limit(1)).first() is not None
    stayed = select(StageHistory.id).where(StageHistory.stage_id == object_id).limit(1)
    return session.exec(stayed).first() is not None
