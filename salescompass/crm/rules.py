"""What each kind of record adds to a change: names that are made, stages that decide the state of a deal. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from salescompass.crm.drafts import Draft, Given, RowRefused
from salescompass.crm.record_fields import RecordField
from salescompass.vocabulary import PersonStatus, StageKind


@dataclass(frozen=True)
class StageFacts:
    """What a stage decides about a deal in it."""

    id: UUID
    pipeline_id: UUID
    name: str
    kind: str
    probability: int
    live: bool = True


@dataclass(frozen=True)
class Surroundings:
    """What a batch looks at beside its records: whose ids are known, and the pipelines in their order."""

    now: datetime
    known: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    stages: tuple[StageFacts, ...] = ()
    currency: str = "USD"

    def stage(self, stage_id: UUID | None) -> StageFacts | None:
        """The stage with this id."""
        return next((one for one in self.stages if one.id == stage_id), None)

    def first_of(self, pipeline_id: UUID | None) -> StageFacts | None:
        """The first stage of a pipeline, or of the usual one."""
        return next((one for one in self.stages if one.live and pipeline_id in (None, one.pipeline_id)), None)


def finish(draft: Draft, given: Given, around: Surroundings, *, exactly: bool = False) -> None:
    """Bring a record in order after a row has changed it. Raises RowRefused; `exactly` is for the way back."""
    fields = draft.of.fields
    for name in given.values:
        if fields[name].refers_to:
            _refer(draft, fields[name], around)
    if exactly:
        _as_the_stage_says(draft, around.stage(draft.now.get("stage_id")))
        return
    _FINISH.get(draft.of.object_type, _finish_plain)(draft, given, around)
    for one in draft.of.needed:
        if not draft.get(one.key):
            raise RowRefused(f"{one.label} is missing", one.key)
    money = next((name for name in ("revenue_minor", "amount_minor", "price_minor") if name in fields), None)
    if money and draft.get(money) is not None and draft.get("currency") is None:
        draft.set("currency", around.currency)


def _refer(draft: Draft, one: RecordField, around: Surroundings) -> None:
    value = draft.get(one.key)
    if value is None or value == draft.before.get(one.shown):
        return
    if value not in around.known.get(one.refers_to, frozenset()):
        raise RowRefused(f"{one.label}: there is no such {_CALLED.get(one.refers_to, one.refers_to)}", one.key)
    if value == draft.id:
        raise RowRefused(f"{one.label}: a record cannot stand above itself", one.key)


_CALLED = {"membership": "member"}


def _finish_plain(draft: Draft, given: Given, around: Surroundings) -> None:
    if "active" in draft.of.fields and draft.get("active") is None:
        draft.set("active", True)


def _finish_person(draft: Draft, given: Given, around: Surroundings) -> None:
    if draft.get("status") is None:
        draft.set("status", PersonStatus.ACTIVE.value)
    parts = [draft.get("first_name"), draft.get("last_name")]
    renamed = "name" not in given.values and ("first_name" in given.values or "last_name" in given.values)
    if any(parts) and (renamed or not draft.get("name")):
        draft.set("name", " ".join(part for part in parts if part)[:200])
    if not draft.get("name"):
        external = draft.get("external_id")
        kind = draft.of.one.capitalize()
        draft.set("name", draft.get("email") or (f"{kind} {external}" if external else None))
    if not draft.get("name"):
        raise RowRefused("Give a name, an email address or an external id", "name")


def _finish_deal(draft: Draft, given: Given, around: Surroundings) -> None:
    if not draft.get("name"):
        external = draft.get("external_id")
        draft.set("name", f"Deal {external}" if external else None)
    _place(draft, given, around)
    stage = around.stage(draft.get("stage_id"))
    if stage is None or not draft.moved:
        return
    _as_the_stage_says(draft, stage)
    if stage.kind == StageKind.OPEN:
        draft.set("closed_at", None)
    elif draft.new or draft.before.get("state") == StageKind.OPEN or not draft.get("closed_at"):
        _close(draft, given, around.now)
    draft.now["stage_entered_at"] = _entered(draft, around.now)


def _as_the_stage_says(draft: Draft, stage: StageFacts | None) -> None:
    if stage is not None:
        draft.now |= {"state": stage.kind, "probability": stage.probability}


def _place(draft: Draft, given: Given, around: Surroundings) -> None:
    """Stage and pipeline agree: a stage names its pipeline; a pipeline alone means its first stage."""
    named, pipeline = given.values.get("stage_id"), given.values.get("pipeline_id")
    stage = around.stage(named or draft.get("stage_id"))
    if named is None and (stage is None or (pipeline and stage.pipeline_id != pipeline)):
        stage = around.first_of(pipeline)
    if stage is None:
        raise RowRefused("There is no pipeline with stages: make one first", "stage_id")
    if pipeline and stage.pipeline_id != pipeline:
        raise RowRefused(f"The stage {stage.name} is of another pipeline", "stage_id")
    draft.set("stage_id", stage.id)
    draft.set("pipeline_id", stage.pipeline_id)


def _close(draft: Draft, given: Given, now: datetime) -> None:
    """A deal is closed when it is said to be, else on the day given for it if that is past, else now."""
    day = draft.get("close_date")
    closed = given.values.get("closed_at")
    if closed is None and day is not None and "close_date" in given.values and day <= now.date():
        closed = datetime.combine(day, time(), UTC)
    draft.set("closed_at", closed or now)
    if day is None or (not draft.new and "close_date" not in given.values):
        draft.set("close_date", (closed or now).date())


def _entered(draft: Draft, now: datetime) -> datetime:
    """Since when a deal is in its stage: one that comes from elsewhere brings its days along."""
    if not draft.new:
        return now
    opened = draft.get("opened_on")
    begun: datetime = draft.get("created_at") or now
    if opened is not None:
        begun = datetime.combine(opened, time(), UTC)
    closed: datetime | None = draft.get("closed_at")
    return min(closed or begun, now)


_FINISH: dict[str, Callable[[Draft, Given, Surroundings], Any]] = {
    "person": _finish_person,
    "opportunity": _finish_deal,
}
