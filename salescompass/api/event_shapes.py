"""Events as the API takes and gives them: what the OpenAPI document says of their bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from salescompass.events import EventBody
from salescompass.vocabulary import UnknownSubjects

MOST_IN_BULK = 5000


class EventPost(EventBody):
    """An event to record."""

    unknown_subjects: UnknownSubjects = Field(
        UnknownSubjects.CREATE, description="`reject`: refuse events about accounts and contacts not known yet."
    )


class BulkPost(BaseModel):
    """Up to 5,000 events to record."""

    model_config = ConfigDict(extra="forbid")

    events: list[EventBody] = Field(max_length=MOST_IN_BULK)
    unknown_subjects: UnknownSubjects = UnknownSubjects.CREATE


class EventOut(BaseModel):
    """An event as it was recorded."""

    id: UUID
    type: str
    occurred_at: datetime
    received_at: datetime
    account_id: UUID | None
    contact_id: UUID | None
    opportunity_id: UUID | None
    direction: str
    channel: str
    verdict: str
    properties: dict[str, Any]
    duplicate_of: UUID | None
    actor: str | None


class EventRecorded(EventOut):
    """An event, and whether it was there before."""

    duplicate: bool


class EventList(BaseModel):
    """A page of events, newest first."""

    items: list[EventOut]
    next_cursor: str | None


class BulkError(BaseModel):
    """Why an event was refused."""

    pointer: str
    message: str


class BulkResult(BaseModel):
    """What became of one event."""

    index: int
    status: str
    id: UUID | None = None
    error: BulkError | None = None


class BulkRecorded(BaseModel):
    """What became of a bulk: every event is accounted for."""

    created: int
    duplicates: int
    invalid: int
    results: list[BulkResult]


def in_openapi(model: type[BaseModel]) -> dict[str, Any]:
    """The body in the OpenAPI document; it is read by `json_body`, after the key was checked."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def body_schemas() -> dict[str, Any]:
    """The parts that the bodies' schemas refer to."""
    parts: dict[str, Any] = {}
    for model in (EventPost, BulkPost):
        parts |= model.model_json_schema(ref_template="#/components/schemas/{model}").get("$defs", {})
    return parts
