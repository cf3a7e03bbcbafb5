"""Actions as the API gives and takes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from salescompass.actions import ActionView, Moved
from salescompass.api.bodies import storable
from salescompass.events import pointer
from salescompass.kit.clock import parse_rfc3339
from salescompass.kit.errors import FieldError, Invalid
from salescompass.vocabulary import ActionKind, ActionState, DismissReason, Outcome

Shape = TypeVar("Shape", bound=BaseModel)


def _moment(text: str) -> str:
    parse_rfc3339(text)
    return text


Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(storable)]
Moment = Annotated[str, Field(examples=["2026-11-20T16:00:00+01:00"]), AfterValidator(_moment)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ActionIn(_Body):
    """An action to be made. Without `assignee_id` it is nobody's yet."""

    title: Text
    kind: ActionKind = ActionKind.TASK
    detail: Text = ""
    message: Text = ""
    account_id: UUID | None = None
    person_id: UUID | None = None
    opportunity_id: UUID | None = None
    assignee_id: UUID | None = None
    due_from: Moment | None = None
    due_to: Moment | None = None
    expires_at: Moment | None = None
    effort_minutes: int = 10
    value_minor: int | None = None
    chance: float | None = None
    reasons: list[Text] = Field(default_factory=list, max_length=20)
    evidence: list[UUID] = Field(default_factory=list, max_length=50)
    dedupe_key: Text | None = Field(None, description="Of several with one key one is open at a time.")


class ActionChanges(_Body):
    """What is changed; fields that are left out stay."""

    title: Text = ""
    kind: ActionKind = ActionKind.TASK
    detail: Text = ""
    message: Text = ""
    due_from: Moment | None = None
    due_to: Moment | None = None
    expires_at: Moment | None = None
    effort_minutes: int = 10
    value_minor: int | None = None
    chance: float | None = None


class NextIn(_Body):
    """The action that is made with a completion, on the same records."""

    title: Text
    kind: ActionKind = ActionKind.TASK
    detail: Text = ""
    due_from: Moment | None = None
    due_to: Moment | None = None
    assignee_id: UUID | None = None


class CompleteIn(_Body):
    """How it went. One event is recorded."""

    outcome: Outcome
    note: Text = ""
    next: NextIn | None = None


class SnoozeIn(_Body):
    """Until when, or until which type of event comes from its person or account (30 days at most)."""

    until: Moment | None = None
    until_event: Text = ""


class DismissIn(_Body):
    """Why it is not done."""

    reason: DismissReason
    note: Text = ""


class AssignIn(_Body):
    """Whose it becomes; null makes it nobody's."""

    member_id: UUID | None


class ActionOut(BaseModel):
    """Something to do. `rule` and `rule_version` name what made it, `evidence` the events that show why."""

    id: UUID
    state: ActionState
    rule: UUID | None
    rule_version: int | None
    kind: str
    title: str
    detail: str
    message: str
    reasons: list[str]
    evidence: list[UUID]
    account_id: UUID | None
    person_id: UUID | None
    opportunity_id: UUID | None
    assignee_id: UUID | None
    due_from: datetime | None
    due_to: datetime | None
    expires_at: datetime | None
    priority: float = Field(description="What a minute spent on it is expected to bring: lists go by it.")
    effort_minutes: int
    value_minor: int | None
    chance: float | None
    source: str
    snoozed_until: datetime | None
    snoozed_for: str
    outcome: str | None
    success: bool | None
    dismissed_for: str | None
    note: str
    parent_id: UUID | None
    next_id: UUID | None = Field(None, description="The action that was made with this completion.")
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    row_version: int


class ActionList(BaseModel):
    """A page of actions, the last made first."""

    items: list[ActionOut]
    next_cursor: str | None


def out(view: ActionView, next_id: UUID | None = None) -> dict[str, Any]:
    """An action as the API gives it."""
    beside = {
        "rule": view.rule_id, "note": view.closing_note, "next_id": next_id, "outcome": view.outcome or None,
        "dismissed_for": view.dismissed_for or None,
    }  # fmt: skip
    told = {name: beside[name] if name in beside else getattr(view, name) for name in ActionOut.model_fields}
    return ActionOut.model_validate(told).model_dump(mode="json")


def out_of(moved: Moved) -> dict[str, Any]:
    """What a step has made of an action."""
    return out(moved.action, moved.next_id)


def read(shape: type[Shape], body: Any) -> dict[str, Any]:
    """The fields that a body gives, moments as such. Raises Invalid, with a pointer to each that is wrong."""
    try:
        found = shape.model_validate(body)
    except ValidationError as error:
        errors = tuple(FieldError(str(one["msg"]), pointer=pointer(one["loc"])) for one in error.errors())
        raise Invalid("; ".join(one.message for one in errors[:3]), errors=errors) from None
    given = found.model_dump(exclude_unset=True)
    return _with_moments(given)


def _with_moments(given: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {name: _with_moments(one) if isinstance(one, dict) else one for name, one in given.items()}
    for name in ("due_from", "due_to", "expires_at", "until"):
        if told.get(name):
            told[name] = parse_rfc3339(told[name])
    return told


def pointed(act: Callable[[], Any]) -> Any:
    """What `act` gives; what it finds wrong in a field of the body is told with a pointer."""
    try:
        return act()
    except Invalid as error:
        errors = tuple(
            FieldError(one.message, pointer=f"/{one.field}") if one.pointer is None else one for one in error.errors
        )
        raise Invalid(error.message, errors=errors, **error.extra) from None


def body_schemas() -> dict[str, Any]:
    """The parts that the bodies' schemas refer to."""
    parts: dict[str, Any] = {}
    for shape in (ActionIn, ActionChanges, CompleteIn, SnoozeIn, DismissIn, AssignIn):
        parts |= shape.model_json_schema(ref_template="#/components/schemas/{model}").get("$defs", {})
    return parts
