"""What every HTTP answer carries, and which writing requests are refused before anything reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from salescompass.kit import observability
from salescompass.kit.ids import new_id
from salescompass.ui.policy import content_security_policy

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_WRITING = {"POST", "PUT", "PATCH", "DELETE"}
_OWN_PAGE = {"same-origin", "none"}
_YEAR = 31536000
API_PATHS = ("/api/", "/auth/", "/health/", "/metrics", "/problems/", "/files/", "/calendar/")
# For whatever is no page: should a browser be brought to show it, it may load nothing.
_NOT_PAGES = (*API_PATHS, "/assets/", "/fonts/")
_NOTHING = b"default-src 'none'; frame-ancestors 'none'"
_REQUEST_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}\Z")


class SafeResponses:
    """Gives each request an id, refuses writes that another site started, and sets the headers of safety."""

    def __init__(self, app: App, *, hashes: list[str], origins: list[str], secure: bool) -> None:
        self._app = app
        self._origins = {origin.encode() for origin in origins}
        headers = {
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "x-frame-options": "DENY",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        }
        if secure:
            headers["strict-transport-security"] = f"max-age={_YEAR}; includeSubDomains"
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._policy = content_security_policy(hashes).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything that is no HTTP request passes through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = _request_id(headers)
        token = observability.request_id.set(request_id)
        try:
            if scope["method"] in _WRITING and self._from_elsewhere(headers):
                await _refuse(self._finished(scope, send, request_id))
                return
            await self._app(scope, receive, self._finished(scope, send, request_id))
        finally:
            observability.request_id.reset(token)

    def _from_elsewhere(self, headers: dict[bytes, bytes]) -> bool:
        """True when a browser says that another site's page sent this. Programs send neither header."""
        site = headers.get(b"sec-fetch-site")
        if site is not None and site.decode("latin-1") not in _OWN_PAGE:
            return True
        origin = headers.get(b"origin")
        return origin is not None and origin.lower() not in self._origins

    def _policy_of(self, path: str) -> bytes:
        """By path, not by content: a 304 has none, and its headers replace those the browser kept."""
        return _NOTHING if path.startswith(_NOT_PAGES) else self._policy

    def _finished(self, scope: Scope, send: Send, request_id: str) -> Send:
        async def finished(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", []))
                present = {name.lower() for name, _ in own}
                own += [pair for pair in self._headers if pair[0] not in present]
                if b"content-security-policy" not in present:
                    own.append((b"content-security-policy", self._policy_of(scope["path"])))
                if b"cache-control" not in present:
                    own.append((b"cache-control", _caching(scope["path"], message["status"])))
                own.append((b"x-request-id", request_id.encode()))
                message = {**message, "headers": own}
            await send(message)

        return finished


def script_hashes_of(web: Path) -> list[str]:
    """The hashes kept beside an instance's client."""
    hashes: list[str] = json.loads((web / "script-hashes.json").read_text())
    return hashes


def _request_id(headers: dict[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id", b"")
    return given.decode() if _REQUEST_ID.match(given) else str(new_id())


def _caching(path: str, status: int) -> bytes:
    """Hashed files never change; pages are asked for anew; everything else is kept nowhere."""
    if path.startswith("/assets/") and status == 200:
        return f"public, max-age={_YEAR}, immutable".encode()
    if path.startswith(("/fonts/", "/icons")) and status in (200, 304):
        return b"public, max-age=86400"
    if path.startswith(API_PATHS):
        return b"no-store"
    return b"no-cache"


async def _refuse(send: Send) -> None:
    body = json.dumps(
        {
            "type": "/problems/cross-site",
            "title": "Forbidden",
            "status": 403,
            "detail": "This request came from another site's page.",
        }
    ).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
