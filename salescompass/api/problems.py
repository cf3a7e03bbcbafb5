"""Errors as RFC 9457 problem details: one renderer for every route of the API."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from salescompass.events import pointer
from salescompass.kit import observability
from salescompass.kit.errors import FieldError, SalesCompassError, TooMany, Unavailable
from salescompass.kit.jobs import is_passing

PROBLEMS: dict[str, tuple[int, str]] = {
    "unauthenticated": (401, "No key, or not a valid one"),
    "denied": (403, "Not allowed for this caller"),
    "not_found": (404, "Unknown here"),
    "not_allowed": (405, "This method is not offered here"),
    "conflict": (409, "The state does not allow it"),
    "exists": (409, "There is one with this key already"),
    "changed": (412, "It was changed since it was read"),
    "too_large": (413, "Larger than accepted"),
    "invalid": (422, "The request cannot be understood as it is"),
    "too_many": (429, "Too many requests"),
    "unavailable": (503, "A server is away for a moment"),
    "error": (500, "Something went wrong here"),
}
"""The names of problems: `type` is `/problems/NAME`."""


class ProblemResponse(JSONResponse):
    """A problem; what it repeats of a request may hold halves of letters, which go out as question marks."""

    media_type = "application/problem+json"

    def render(self, content: Any) -> bytes:
        """The problem as JSON."""
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(errors="replace")


def install(app: FastAPI) -> None:
    """Have every error of this app rendered as a problem."""
    app.add_exception_handler(SalesCompassError, _known)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _parameters)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _routing)  # type: ignore[arg-type]
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PoolTimeout, _database)
    app.add_exception_handler(Exception, _unexpected)


def answer_to(request: Request, error: Exception) -> JSONResponse:
    """The answer to whatever an endpoint raised."""
    return problem(error) if isinstance(error, SalesCompassError) else _database(request, error)


def problem(error: SalesCompassError) -> JSONResponse:
    """The answer to an error of ours."""
    title = PROBLEMS.get(error.code, (error.status, "It was refused"))[1]
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": title,
        "status": error.status,
        "detail": error.message,
        **{name: value for name, value in error.extra.items() if isinstance(value, str | int | bool | list)},
    }
    if error.errors:
        body["errors"] = [_told(one) for one in error.errors]
    return _answer(body, error.status, _headers(error))


def _told(one: FieldError) -> dict[str, str]:
    place = {"pointer": one.pointer} if one.pointer is not None else {"parameter": one.field or ""}
    if one.pointer is not None and one.field == "filter":
        place["parameter"] = one.field  # the pointer leads into this parameter, not into a body
    return {**place, "message": one.message}


def _headers(error: SalesCompassError) -> dict[str, str]:
    if error.status == 401:
        return {"WWW-Authenticate": 'Bearer realm="SalesCompass"'}
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after)}
    return {"Retry-After": "2"} if error.status == 503 else {}


def _answer(body: dict[str, Any], status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return ProblemResponse(body, status_code=status, headers=headers)


def _known(request: Request, error: SalesCompassError) -> JSONResponse:
    return problem(error)


def _parameters(request: Request, error: RequestValidationError) -> JSONResponse:
    errors = []
    for one in error.errors():
        where, *path = one["loc"]
        place = {"pointer": pointer(path)} if where == "body" else {"parameter": ".".join(str(part) for part in path)}
        errors.append({**place, "message": one["msg"]})
    body = {"type": "/problems/invalid", "title": PROBLEMS["invalid"][1], "status": 422, "errors": errors}
    return _answer({**body, "detail": "; ".join(one["message"] for one in errors[:3])}, 422)


def _routing(request: Request, error: HTTPException) -> JSONResponse:
    name = {404: "not_found", 405: "not_allowed", 413: "too_large"}.get(error.status_code, "error")
    title = PROBLEMS[name][1] if name != "error" else str(error.detail)
    body = {"type": f"/problems/{name}", "title": title, "status": error.status_code}
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods_at(request)) or headers.get("Allow", "")
    return _answer({**body, "detail": str(error.detail)}, error.status_code, headers)


def _methods_at(request: Request) -> list[str]:
    """Every method that is offered at this path, by whichever of its routes; one that is meant by its very name is no
    id of another."""
    paths, offered = request.app.openapi()["paths"], set[str]()
    named = {request.url.path: paths[request.url.path]} if request.url.path in paths else paths
    for template, operations in named.items():
        if compile_path(template)[0].match(request.url.path):
            offered |= {method.upper() for method in operations}
    return sorted(offered | ({"HEAD"} if "GET" in offered else set()))


def _database(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, PoolTimeout) or (isinstance(error, DBAPIError) and is_passing(error)):
        return problem(Unavailable("The database is away for a moment; send the request again"))
    return _unexpected(request, error)


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    actor = getattr(request.state, "actor", None)
    route = request.scope.get("route")
    where = f"{request.method} {getattr(route, 'path', 'unknown route')}"
    reference = observability.record_error(error, where=where, tenant_id=actor.tenant_id if actor else None)
    detail = "This is our fault, and noted. Quote the reference when you ask about it"
    body = {"type": "/problems/error", "title": PROBLEMS["error"][1], "status": 500, "detail": detail}
    return _answer({**body, "reference": reference}, 500)
