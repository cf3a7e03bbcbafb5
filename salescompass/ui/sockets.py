"""The socket's door: who may open one, how many at once, and how large a frame may be.

This stands in front of the whole application and sees raw handshakes and frames; `namespace` sees the events in them.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter

from salescompass.identity import client_address
from salescompass.kit.settings import settings
from salescompass.ui.cookies import session_token
from salescompass.ui.limits import LONGEST_FRAME, MOST_PER_ADDRESS, MOST_PER_SESSION
from salescompass.ui.responses import App, Message, Receive, Scope, Send
from salescompass.ui.session import who

log = logging.getLogger(__name__)

_POLICY, _TOO_LARGE = 1008, 1009


class SafeSockets:
    """Refuses sockets from foreign pages and from nowhere, counts those open, and ends those with huge frames."""

    def __init__(self, app: App, *, origins: list[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket; HTTP requests pass through."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        most = _counted_as(scope, headers)
        crowded = any(self._open[key] >= number for key, number in most.items())
        if crowded or not await self._welcome(headers):
            log.info("a socket was refused: %s", "too many are open" if crowded else "not from a page of ours")
            await receive()
            await send({"type": "websocket.close", "code": _POLICY})
            return
        self._open.update(most.keys())
        try:
            await self._app(scope, _bounded(receive, send), send)
        finally:
            self._open.subtract(most.keys())
            self._open += Counter()  # forgets the keys that stand at zero

    async def _welcome(self, headers: dict[str, str]) -> bool:
        """A page of ours, or a program that brings a session."""
        origin = headers.get("origin")
        if origin is not None:
            return origin.lower() in self._origins
        return await who(headers.get("cookie", "")) is not None


def _counted_as(scope: Scope, headers: dict[str, str]) -> dict[str, int]:
    """What an open socket counts against, and how many each of those may have."""
    peer = (scope.get("client") or ("", 0))[0]
    address = client_address(peer, headers.get("x-forwarded-for"), settings().trusted_proxies)
    counted = {f"address {address}": MOST_PER_ADDRESS}
    token = session_token(headers.get("cookie", ""))
    if token is not None:
        counted[f"session {hashlib.sha256(token.encode()).hexdigest()}"] = MOST_PER_SESSION
    return counted


def _bounded(receive: Receive, send: Send) -> Receive:
    """Receives frames up to the cap; a larger one ends the socket before anything parses it."""

    async def bounded() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive":
            size = len(message.get("text") or "") or len(message.get("bytes") or b"")
            if size > LONGEST_FRAME:
                log.warning("a socket frame of %d bytes was refused", size)
                await send({"type": "websocket.close", "code": _TOO_LARGE})
                return {"type": "websocket.disconnect", "code": _TOO_LARGE}
        return message

    return bounded
