"""The HTTP API: routes, errors, and the OpenAPI document that describes them."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from salescompass import __version__
from salescompass.api import (
    action_shapes,
    actions,
    auth,
    calendar,
    event_shapes,
    events,
    files,
    health,
    problems,
    record_pages,
    records,
    scores,
)
from salescompass.api.described import with_problems
from salescompass.api.direct import Direct, Endpoint
from salescompass.api.heads import Heads
from salescompass.api.pages import docs_page
from salescompass.kit.errors import NotFound
from salescompass.kit.metrics import REQUEST_SECONDS, REQUESTS

DESCRIPTION = """Send what your customers do, read what it means. Every request carries an API key:
`Authorization: Bearer sc_...`. Errors are RFC 9457 problem details; docs/api.md lists them."""


def build_app() -> FastAPI:
    """The application that answers /api, /auth, /health, /metrics and /problems."""
    app = FastAPI(
        title="SalesCompass",
        version=__version__,
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        redirect_slashes=False,
    )
    problems.install(app)
    app.include_router(events.router)
    app.include_router(records.router)
    app.include_router(actions.router)
    app.include_router(scores.router)
    app.include_router(auth.router)
    app.include_router(files.router)
    app.include_router(calendar.router)
    app.include_router(health.router)
    app.add_api_route("/problems/{name}", _problem, methods=["GET"], include_in_schema=False)
    app.add_api_route("/api/docs", lambda: HTMLResponse(docs_page(app.openapi())), include_in_schema=False)
    app.add_middleware(Direct, endpoints=_direct_endpoints())
    app.add_middleware(Counted)
    app.add_middleware(Heads)
    described = app.openapi

    def openapi() -> dict[str, Any]:
        document = described()
        document["components"]["schemas"].update({**event_shapes.body_schemas(), **action_shapes.body_schemas()})
        return with_problems(document)

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def _direct_endpoints() -> dict[tuple[str, str], tuple[Endpoint, Any]]:
    """The endpoints that `Direct` calls, each with its route, by whose name requests are counted."""
    routes = {
        (method, route.path): route
        for router in (events.router, records.router)
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    return {place: (endpoint, routes[place]) for place, endpoint in (events.DIRECT | record_pages.DIRECT).items()}


def _problem(name: str) -> JSONResponse:
    """What a problem's `type` leads to."""
    if name not in problems.PROBLEMS:
        raise NotFound("No such problem")
    status, title = problems.PROBLEMS[name]
    return JSONResponse({"type": f"/problems/{name}", "title": title, "status": status})


class Counted:
    """Counts requests by route and how long they took."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route: Any = getattr(scope.get("route"), "path", "unknown")
            requests, seconds = _counters(scope["method"], route, status)
            requests.inc()
            seconds.observe(time.perf_counter() - began)


@cache
def _counters(method: str, route: str, status: int) -> tuple[Any, Any]:
    """The counters of a route, looked up once: routes and methods are few."""
    return REQUESTS.labels(method, route, str(status)), REQUEST_SECONDS.labels(route)
