"""Writes by programs: done once for each Idempotency-Key, and only on the version that If-Match names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from sqlmodel import Session

from salescompass import identity
from salescompass.api import problems
from salescompass.api.bodies import json_body
from salescompass.api.callers import Needs
from salescompass.identity import Actor, Answer
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict, Denied, FieldError, Invalid, NotFound, SalesCompassError

LARGEST = 256 * 1024
_LASTING = (NotFound, Conflict, Invalid)
"""Refusals that a repetition gets again: of what was sent and of what there was, not of the caller or the moment."""

Writer = Annotated[Actor, Depends(Needs("crm:write"))]
Body = Annotated[Any, Depends(json_body(LARGEST))]
IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=255, description="The same request with the same key within 24 h is done once."),
]
IfMatch = Annotated[
    str | None, Header(max_length=100, description="The ETag that was read: refused when it was changed since.")
]


def fields_of(body: Any) -> dict[str, Any]:
    """The body, which must be an object."""
    if not isinstance(body, dict):
        raise Invalid("Give the fields as an object", errors=(FieldError("give an object", pointer=""),))
    return body


def version_of(if_match: str | None) -> int | None:
    """The version that an If-Match names; None when any will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    plain = if_match.strip().removeprefix("W/").strip('"')
    if not plain.isdecimal() or len(plain) > 18:
        raise Invalid('If-Match takes an ETag as it was given, such as "3"', field="If-Match")
    return int(plain)


def answered_once(
    actor: Actor, request: Request, key: str | None, body: Any, act: Callable[[Session], Answer]
) -> Response:
    """The answer of `act`, done in one transaction; with a key, the answer that the first such request got."""
    if key is None:
        with tenant_session(actor.tenant_id, reader=actor) as session:
            return _response(act(session))
    if "\0" in key:
        raise Invalid("An Idempotency-Key holds no NUL", field="Idempotency-Key")
    if actor.key_id is None:
        raise Denied("Only API keys may write here")
    told = json.dumps([request.method, request.url.path, request.headers.get("if-match"), body], sort_keys=True)
    digest = hashlib.sha256(told.encode(errors="replace")).hexdigest()
    sent: dict[str, Any] = {"api_key_id": actor.key_id, "key": key, "request_hash": digest, "now": clock.now()}
    try:
        with tenant_session(actor.tenant_id, reader=actor) as session:
            before = identity.remembered_answer(session, **sent)
            if before is not None:
                return _response(before, replayed=True)
            answer = act(session)
            identity.remember_answer(session, answer=answer, **sent)
            return _response(answer)
    except _LASTING as refused:
        if getattr(refused, "field", None) == "Idempotency-Key":
            raise
        return _refusal(actor, refused, sent)


def _refusal(actor: Actor, refused: SalesCompassError, sent: dict[str, Any]) -> Response:
    shown = problems.problem(refused)
    answer = Answer(shown.status_code, bytes(shown.body).decode(), {"Content-Type": shown.media_type or ""})
    with tenant_session(actor.tenant_id) as session:
        if identity.remembered_answer(session, **sent) is None:
            identity.remember_answer(session, answer=answer, **sent)
    return shown


def answer(status: int, body: Any, **headers: str) -> Answer:
    """An answer with a JSON body."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, text, {"Content-Type": "application/json", **named})


def _response(given: Answer, *, replayed: bool = False) -> Response:
    headers = {**given.headers, **({"Idempotency-Replayed": "true"} if replayed else {})}
    kind = headers.pop("Content-Type", "application/json")
    return Response(given.body, status_code=given.status, headers=headers, media_type=kind)
