"""Past the framework, for the few routes that busy applications call all the time.

The framework finds a route, its dependencies and its response model anew for each request, which takes as long as
recording an event with others, or as reading a page. The routes stay in the application: it documents them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from salescompass.api import problems

Endpoint = Callable[[Request], Awaitable[Response | None]]


class Direct:
    """Calls an endpoint that takes nothing but the request; everything else goes through the application.

    So does what the endpoint answers with None, before it has read anything of the body.
    """

    def __init__(self, app: ASGIApp, endpoints: Mapping[tuple[str, str], tuple[Endpoint, Any]]) -> None:
        self._app, self._endpoints = app, endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = self._endpoints.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        endpoint, scope["route"] = found
        request = Request(scope, receive, send)
        response: Response | None
        try:
            response = await endpoint(request)
        except Exception as error:
            response = problems.answer_to(request, error)
        if response is None:
            del scope["route"]
            await self._app(scope, receive, send)
            return
        await response(scope, receive, send)
