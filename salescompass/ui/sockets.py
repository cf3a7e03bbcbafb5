"""The socket's door: who may open one, how many at once, and how large a frame may be.

This stands in front of the whole application and sees raw handshakes and frames; `namespace` sees the events in them.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections import Counter

from salescompass.identity import client_address
from salescompass.kit.settings import settings
from salescompass.ui.cookies import session_token
from salescompass.ui.limits import LONGEST_FRAME, MOST_PER_ADDRESS, MOST_PER_SESSION
from salescompass.ui.responses import App, Message, Receive, Scope, Send
from salescompass.ui.seers import who

log = logging.getLogger(__name__)

ENDING = "salescompass.end"
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
        frames = _Frames(receive)
        scope[ENDING] = frames.end
        try:
            await self._app(scope, frames.receive, send)
        finally:
            await frames.stop(send)
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


def end(scope: Scope) -> None:
    """End a socket from inside. Its page sees a lost connection, comes back, and learns what became of its session."""
    scope[ENDING](_POLICY)


class _Frames:
    """A socket's incoming frames: up to the cap, and until somebody ends the socket."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._code: int | None = None
        self._next: asyncio.Future[Message] | None = None

    def end(self, code: int) -> None:
        """Let the application see a disconnect instead of the next frame."""
        self._code = self._code or code
        if self._next is not None:
            self._next.cancel()

    async def receive(self) -> Message:
        """The next frame; a disconnect once the socket is ended or a frame is too large to be looked at."""
        if self._code is None:
            # A task, because the server cannot close a socket while somebody still waits for a frame of it.
            self._next = asyncio.ensure_future(self._receive())
            try:
                message = await self._next
            except asyncio.CancelledError:
                if self._code is None:
                    raise
            else:
                size = len(message.get("text") or "") or len(message.get("bytes") or b"")
                if self._code is None and size <= LONGEST_FRAME:
                    return message
                if self._code is None:
                    log.warning("a socket frame of %d bytes was refused", size)
                    self.end(_TOO_LARGE)
        return {"type": "websocket.disconnect", "code": self._code}

    async def stop(self, send: Send) -> None:
        """Close what was ended, and leave nothing waiting."""
        if self._next is not None:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
        if self._code is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(send({"type": "websocket.close", "code": self._code}), 5)
