"""What the page of pipelines knows and does."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import crm
from salescompass.crm import USUAL_STAGES, PipelineView, StageFields
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.kit.errors import NotFound
from salescompass.ui import routes
from salescompass.ui.admin_pipelines.rows import PipelineRow, StageRow, fields_of, pipeline_rows
from salescompass.ui.arguments import Id, Name, Number
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen


class PipelineForm(TypedDict):
    """What a pipeline is called; without an id it is a new one."""

    pipeline: Id | None
    name: Name


class StageForm(TypedDict):
    """A stage; without an id it is a new one of the pipeline."""

    pipeline: Id
    stage: Id | None
    stage_name: Name
    kind: Literal["open", "won", "lost"]
    probability: Annotated[int, Number(0, 100)]
    rot_days: Annotated[int, Number(1, 3650)] | None


class RemoveForm(TypedDict):
    """A stage that goes, and where its deals go."""

    stage: Id
    into: Id | None


def overview(session: Session) -> list[PipelineRow]:
    """The pipelines, with how many deals are in each stage."""
    return pipeline_rows(crm.pipelines(session), crm.stage_use(session))


def save_pipeline(session: Session, actor: Actor, *, form: PipelineForm) -> PipelineView:
    """Give a pipeline a name; a new one begins with the usual stages."""
    wanted = UUID(form["pipeline"]) if form["pipeline"] else None
    stages = USUAL_STAGES
    if wanted is not None:
        known = next((one for one in crm.pipelines(session) if one.id == wanted), None)
        if known is None:
            raise NotFound("There is no such pipeline")
        stages = tuple(fields_of(stage) for stage in known.stages)
    return crm.save_pipeline(session, actor, pipeline_id=wanted, name=form["name"], stages=stages)


def save_stage(session: Session, actor: Actor, *, form: StageForm) -> PipelineView:
    """Make or change a stage as the form says."""
    stage = StageFields(
        form["stage_name"],
        form["probability"],
        form["rot_days"] if form["kind"] == "open" else None,
        form["kind"],
        UUID(form["stage"]) if form["stage"] else None,
    )
    return crm.save_stage(session, actor, pipeline_id=UUID(form["pipeline"]), stage=stage)


def move_stage(session: Session, actor: Actor, *, pipeline_id: UUID, stage_id: UUID, by: int) -> None:
    """Put a stage one place up or down."""
    for pipeline in crm.pipelines(session):
        ids = [one.id for one in pipeline.stages]
        if pipeline.id == pipeline_id and stage_id in ids:
            place = ids.index(stage_id)
            ids.insert(min(max(place + by, 0), len(ids) - 1), ids.pop(place))
            crm.order_stages(session, actor, pipeline_id=pipeline_id, stage_ids=ids)


class PipelinesState(Screen, rx.State):
    """Pipelines. The address names the pipeline and the stage that a dialog is about."""

    rows: list[PipelineRow] = []
    picked: PipelineRow = PipelineRow()
    stage: StageRow = StageRow()
    loaded: bool = False

    @guarded("records.manage", track=False)
    async def load(self) -> None:
        """Read the pipelines, and what the address names."""
        await self._read()

    @guarded("records.manage", form="pipeline")
    async def save(self, form: PipelineForm) -> Any:
        """Make a pipeline, or give one another name."""
        doing = self._do("records.manage", save_pipeline, form=form)
        return await self._after("pipeline", doing, f"The pipeline {form['name'].strip()} is saved")

    @guarded("records.manage", form="stage")
    async def save_stage(self, form: StageForm) -> Any:
        """Make a stage, or change one; its deals follow."""
        doing = self._do("records.manage", save_stage, form=form)
        return await self._after("stage", doing, f"The stage {form['stage_name'].strip()} is saved")

    @guarded("records.manage")
    async def move(self, pipeline: Id, stage: Id, up: bool) -> None:
        """Put a stage one place up or down."""
        by = -1 if up else 1
        await self._do("records.manage", move_stage, pipeline_id=UUID(pipeline), stage_id=UUID(stage), by=by)
        await self._read()

    @guarded("records.manage", form="remove-stage")
    async def remove_stage(self, form: RemoveForm) -> Any:
        """Take a stage away; its deals go to another one first."""
        into = UUID(form["into"]) if form["into"] else None
        doing = self._do("records.manage", crm.remove_stage, stage_id=UUID(form["stage"]), into=into, now=now())
        return await self._after("remove-stage", doing, "The stage is gone")

    @guarded("records.manage")
    async def make_usual(self, pipeline: Id) -> Any:
        """Let deals that name no pipeline begin in this one."""
        view = await self._do("records.manage", crm.set_usual_pipeline, pipeline_id=UUID(pipeline))
        await self._read()
        return done(f"New deals begin in {view.name}")

    @guarded("records.manage")
    async def delete(self, pipeline: Id) -> Any:
        """Take away a pipeline without deals."""
        await self._do("records.manage", crm.delete_pipeline, pipeline_id=UUID(pipeline))
        await self._read()
        return [rx.redirect(routes.PIPELINES, replace=True), done("The pipeline is gone")]

    async def _after(self, form: str, doing: Any, text: str) -> Any:
        result, answer = await form_outcome(form, doing)
        if result is None:
            return answer
        await self._read()
        return [answer, rx.redirect(routes.PIPELINES, replace=True), done(text)]

    async def _read(self) -> None:
        self.rows = await self._do("records.manage", overview)
        wanted = self.router.url.query_parameters
        self.picked = next((row for row in self.rows if row.id == wanted.get("pipeline")), PipelineRow())
        self.stage = next((one for one in self.picked.stages if one.id == wanted.get("stage")), StageRow())
        self.loaded = True
