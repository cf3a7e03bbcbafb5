"""Events in and out: `/api/v1/events`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from pydantic import AfterValidator
from sqlmodel import Session

from salescompass import events
from salescompass.api.bodies import json_body, parse, read_body, storable
from salescompass.api.callers import NO_KEY, Busy, Needs, gone, too_many
from salescompass.api.event_shapes import (
    MOST_IN_BULK,
    BulkPost,
    BulkRecorded,
    EventList,
    EventOut,
    EventPost,
    EventRecorded,
    in_openapi,
)
from salescompass.api.writes import IdempotencyKey, answered_once
from salescompass.events import FeedEntry, Outcome, Recorded
from salescompass.identity import Actor, Answer
from salescompass.kit.clock import rfc3339
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import FieldError, Invalid, TooLarge, Unauthenticated
from salescompass.kit.gathering import Gathering
from salescompass.vocabulary import Source, UnknownSubjects

LARGEST_EVENT = 128 * 1024
LARGEST_BULK = 16 * 1024 * 1024
JSON = "application/json"

router = APIRouter(prefix="/api/v1/events", tags=["events"])


_POSTER, _WRITER = Busy("events:write"), Needs("events:write")
_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


@router.post(
    "",
    status_code=201,
    response_model=EventRecorded,
    responses={200: {"model": EventRecorded, "description": "The key was used before for this same event"}},
    openapi_extra={**in_openapi(EventPost), "security": [{"HTTPBearer": []}], "parameters": [_KEY_HEADER]},
)
async def post_event(request: Request) -> Response:
    """Record an event. The same idempotency key, in the body or as a header, never records a second one."""
    # Called once for each event of a busy application: what the framework would look up each time stands here, and
    # `Direct` calls it past the framework.
    actor = await _POSTER(request)
    body, unknown = _parted(parse(await read_body(request, LARGEST_EVENT)))
    body = _with_key(body, request.headers.get("idempotency-key"))
    entry, repeated = await _POSTS.ask((actor.tenant_id, unknown), (actor, body))
    told = json.dumps({**_out(entry), "duplicate": repeated}, ensure_ascii=False, default=_in_json)
    return Response(told, status_code=200 if repeated else 201, media_type=JSON)


def _in_json(value: UUID | datetime) -> str:
    return rfc3339(value) if isinstance(value, datetime) else str(value)


def _record(line: tuple[UUID, UnknownSubjects], calls: Sequence[tuple[Actor, Any]]) -> list[_Posted | Exception]:
    """Record single events of a tenant that come at once, in one transaction; each with whether it was there."""
    tenant_id, unknown = line
    answers: list[_Posted | Exception | None] = [*too_many([actor for actor, _ in calls])]
    with tenant_session(tenant_id) as session:
        revoked = gone(session, [actor for actor, _ in calls])
        for place, (actor, _) in enumerate(calls):
            if actor.key_id in revoked:
                answers[place] = Unauthenticated(NO_KEY)
        bodies = [body for (_, body), refused in zip(calls, answers, strict=True) if refused is None]
        outcomes = events.record_bodies(session, bodies, source=Source.API, unknown=unknown).results if bodies else ()
        known = [(one.id, one.occurred_at) for one in outcomes if one.id and one.occurred_at and not one.row]
        told = events.events_at(session, known)
    told |= {one.row.id: events.entry_of(one.row) for one in outcomes if one.row}
    recorded = iter(outcomes)
    return [_posted(next(recorded), told) if refused is None else refused for refused in answers]


def _posted(outcome: Outcome, told: Mapping[UUID, FeedEntry]) -> _Posted | Exception:
    if outcome.id and outcome.status != "invalid":
        return told[outcome.id], outcome.status == "duplicate"
    return Invalid(outcome.errors[0].message, errors=outcome.errors)


_Posted = tuple[FeedEntry, bool]
_POSTS: Gathering[tuple[UUID, UnknownSubjects], tuple[Actor, Any], _Posted] = Gathering(_record)


@router.post("/bulk", response_model=BulkRecorded, response_model_exclude_none=True, openapi_extra=in_openapi(BulkPost))
def post_events(
    actor: Annotated[Actor, Depends(_WRITER)],
    request: Request,
    body: Annotated[Any, Depends(json_body(LARGEST_BULK))],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Record up to 5,000 events. One bad event never loses the others."""

    def act(session: Session) -> Answer:
        given, unknown = _bulk(body)
        return _told(events.record_bodies(session, given, source=Source.API, unknown=unknown))

    return answered_once(actor, request, idempotency_key, body, act)


def _bulk(body: Any) -> tuple[list[Any], UnknownSubjects]:
    """The events of a bulk, not yet read, and what it says of unknown subjects."""
    body, unknown = _parted(body)
    given = body.get("events") if isinstance(body, dict) else None
    if not isinstance(given, list):
        raise Invalid("Give the events as a list", pointer="/events")
    if strange := tuple(
        FieldError("no such field", pointer=events.pointer([name])) for name in body if name != "events"
    ):
        raise Invalid("The body has fields that nobody knows", errors=strange)
    if len(given) > MOST_IN_BULK:
        raise TooLarge(f"At most {MOST_IN_BULK} events in one request", pointer="/events", limit=MOST_IN_BULK)
    return given, unknown


def _told(recorded: Recorded) -> Answer:
    """A BulkRecorded, written out here: models of 5,000 results take as long as storing some of them."""
    counts = f'"created":{recorded.created},"duplicates":{recorded.duplicates},"invalid":{recorded.invalid}'
    results = ",".join(
        [
            f'{{"index":{index},"status":"{one.status}","id":"{one.id}"}}'
            if one.status != "invalid"
            else f'{{"index":{index},"status":"invalid","error":{_error(index, one)}}}'
            for index, one in enumerate(recorded.results)
        ]
    )
    return Answer(200, f'{{{counts},"results":[{results}]}}', {})


@router.get("/bulk", include_in_schema=False)
def no_bulk() -> None:
    """A bulk is only sent: it is no event whose id is "bulk"."""
    raise HTTPException(405, "Method Not Allowed")


@router.get("", response_model=EventList)
def list_events(
    actor: Annotated[Actor, Depends(Needs("events:read"))],
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    type: Annotated[Annotated[str, AfterValidator(storable)] | None, Query(max_length=255)] = None,
    account_id: UUID | None = None,
    contact_id: UUID | None = None,
) -> dict[str, Any]:
    """Events, newest first; `next_cursor` leads to the next page and is null on the last."""
    with tenant_session(actor.tenant_id, reader=actor) as session:
        page = events.feed(session, cursor=cursor, limit=limit, type=type, account_id=account_id, person_id=contact_id)
    return {"items": [_out(entry) for entry in page.items], "next_cursor": page.next_cursor}


@router.get("/{event_id}", response_model=EventOut)
def get_event(actor: Annotated[Actor, Depends(Needs("events:read"))], event_id: UUID) -> dict[str, Any]:
    """One event."""
    with tenant_session(actor.tenant_id, reader=actor) as session:
        return _out(events.event_by_id(session, event_id))


def _parted(body: Any) -> tuple[Any, UnknownSubjects]:
    """The body without `unknown_subjects`, and what that says."""
    if not isinstance(body, dict) or "unknown_subjects" not in body:
        return body, UnknownSubjects.CREATE
    try:
        unknown = UnknownSubjects(body["unknown_subjects"])
    except ValueError:
        raise Invalid("create or reject", pointer="/unknown_subjects") from None
    return {name: value for name, value in body.items() if name != "unknown_subjects"}, unknown


def _with_key(body: Any, header: str | None) -> Any:
    """The body with the key of the header, which may say the same but nothing else."""
    if header is None or not isinstance(body, dict):
        return body
    if not 1 <= len(header) <= 255:
        raise Invalid("1 to 255 characters", errors=(FieldError("1 to 255 characters", field="Idempotency-Key"),))
    if body.get("idempotency_key") not in (None, header):
        raise Invalid("the Idempotency-Key header says another key", pointer="/idempotency_key")
    return {**body, "idempotency_key": header}


def _error(index: int, outcome: Outcome) -> str:
    """A BulkError; halves of letters that it repeats are escaped."""
    first = outcome.errors[0] if outcome.errors else FieldError("refused")
    return json.dumps({"pointer": f"/events/{index}{first.pointer or ''}", "message": first.message})


def _out(entry: FeedEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "type": entry.type,
        "occurred_at": entry.occurred_at,
        "received_at": entry.received_at,
        "account_id": entry.account_id,
        "contact_id": entry.person_id,
        "opportunity_id": entry.opportunity_id,
        "direction": entry.direction,
        "channel": entry.channel,
        "verdict": entry.verdict,
        "properties": entry.properties,
        "duplicate_of": entry.duplicate_of,
        "actor": entry.actor,
    }


DIRECT = {("POST", router.prefix): post_event}
"""Endpoints that are called directly, by method and path."""
