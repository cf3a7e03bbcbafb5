"""Actions in and out: `/api/v1/actions`, and what is done with one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from salescompass import actions
from salescompass.actions import Moved, NewAction, NextStep
from salescompass.api.action_shapes import (
    ActionChanges,
    ActionIn,
    ActionList,
    ActionOut,
    AssignIn,
    CompleteIn,
    DismissIn,
    SnoozeIn,
    out,
    out_of,
    pointed,
    read,
)
from salescompass.api.callers import Needs
from salescompass.api.event_shapes import in_openapi
from salescompass.api.writes import Body, IdempotencyKey, IfMatch, answer, answered_once, version_of
from salescompass.identity import Actor, Answer
from salescompass.kit.clock import parse_rfc3339
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Invalid
from salescompass.vocabulary import ActionState

router = APIRouter(prefix="/api/v1/actions", tags=["actions"])

Reader = Annotated[Actor, Depends(Needs("actions:read"))]
Writer = Annotated[Actor, Depends(Needs("actions:write"))]
Due = Annotated[str | None, Query(max_length=40, description="RFC 3339 with offset.")]


@router.get("", response_model=ActionList)
def list_actions(
    actor: Reader,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    state: Annotated[list[ActionState] | None, Query(description="One or several.")] = None,
    assignee_id: UUID | None = None,
    account_id: UUID | None = None,
    person_id: UUID | None = None,
    opportunity_id: UUID | None = None,
    due_after: Due = None,
    due_before: Due = None,
) -> dict[str, Any]:
    """Actions, the last made first; `next_cursor` leads to the next page and is null on the last."""
    with tenant_session(actor.tenant_id, reader=actor) as session:
        page = actions.list_actions(
            session, actor, states=state or (), assignee_id=assignee_id, account_id=account_id, person_id=person_id,
            opportunity_id=opportunity_id, due_after=_moment(due_after, "due_after"),
            due_before=_moment(due_before, "due_before"), cursor=cursor, limit=limit,
        )  # fmt: skip
    return {"items": [out(one) for one in page.items], "next_cursor": page.next_cursor}


def _moment(text: str | None, field: str) -> datetime | None:
    try:
        return parse_rfc3339(text) if text else None
    except ValueError as error:
        raise Invalid(str(error), field=field) from None


@router.get("/{action_id}", response_model=ActionOut)
def get_action(actor: Reader, action_id: UUID, response: Response) -> dict[str, Any]:
    """One action."""
    with tenant_session(actor.tenant_id, reader=actor) as session:
        view = actions.get(session, actor, action_id=action_id)
    response.headers["ETag"] = f'"{view.row_version}"'
    return out(view)


@router.post("", response_model=ActionOut, status_code=201, openapi_extra=in_openapi(ActionIn))
def post_action(actor: Writer, request: Request, body: Body, idempotency_key: IdempotencyKey = None) -> Response:
    """Make an action. Raises 409 when one with the same `dedupe_key` is open."""

    def act(session: Session) -> Answer:
        given = read(ActionIn, body)
        for name in ("reasons", "evidence"):
            given[name] = tuple(given.get(name, ()))
        moved = pointed(lambda: actions.create(session, actor, NewAction(**given)))
        place = f"/api/v1/actions/{moved.action.id}"
        return answer(201, out(moved.action), ETag=f'"{moved.action.row_version}"', Location=place)

    return answered_once(actor, request, idempotency_key, body, act)


_Step = Callable[[Session, Actor, UUID, dict[str, Any], int | None], Moved]


def _edit(session: Session, actor: Actor, action_id: UUID, given: dict[str, Any], version: int | None) -> Moved:
    return actions.edit(session, actor, action_id=action_id, changes=given, version=version)


def _complete(session: Session, actor: Actor, action_id: UUID, given: dict[str, Any], version: int | None) -> Moved:
    following = NextStep(**given.pop("next")) if given.get("next") else None
    given.pop("next", None)
    return actions.complete(session, actor, action_id=action_id, version=version, next=following, **given)


def _snooze(session: Session, actor: Actor, action_id: UUID, given: dict[str, Any], version: int | None) -> Moved:
    return actions.snooze(session, actor, action_id=action_id, version=version, **given)


def _dismiss(session: Session, actor: Actor, action_id: UUID, given: dict[str, Any], version: int | None) -> Moved:
    return actions.dismiss(session, actor, action_id=action_id, version=version, **given)


def _assign(session: Session, actor: Actor, action_id: UUID, given: dict[str, Any], version: int | None) -> Moved:
    return actions.assign(session, actor, action_id=action_id, version=version, **given)


def _add_step(method: str, path: str, name: str, shape: type[BaseModel], step: _Step, told: str) -> None:
    """Something is done with one action. An illegal move is a 409."""

    def do(
        actor: Writer,
        request: Request,
        action_id: UUID,
        body: Body,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response:
        def act(session: Session) -> Answer:
            given, version = read(shape, body), version_of(if_match)
            moved = pointed(lambda: step(session, actor, action_id, given, version))
            return answer(200, out_of(moved), ETag=f'"{moved.action.row_version}"')

        return answered_once(actor, request, idempotency_key, body, act)

    router.add_api_route(
        path, do, methods=[method], response_model=ActionOut, name=name, openapi_extra=in_openapi(shape),
        description=told,
    )  # fmt: skip


_ONE = "/{action_id}"
for _arguments in (
    ("PATCH", _ONE, "patch_action", ActionChanges, _edit, "Change what an action says and when it is due."),
    ("POST", f"{_ONE}/complete", "complete_action", CompleteIn, _complete, "Say that it is done and how it went."),
    ("POST", f"{_ONE}/snooze", "snooze_action", SnoozeIn, _snooze, "Put it off until a time, or until an event."),
    ("POST", f"{_ONE}/dismiss", "dismiss_action", DismissIn, _dismiss, "Say why it will not be done."),
    ("POST", f"{_ONE}/assign", "assign_action", AssignIn, _assign, "Give it to a member who sees its records."),
):
    _add_step(*_arguments)
