"""A client of the socket that is no browser: it may say anything, as fast as it likes."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections import deque
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Message,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)

NAMESPACE = "/_event"
HYDRATE = "reflex___state____state.hydrate"


class Refused(Exception):
    """The handshake was not answered with a socket, or the namespace not with a welcome."""


class Closed(Exception):
    """The far end ended the socket."""


class Wire:
    """One socket: its handshake, events out, and everything that came in."""

    def __init__(
        self, url: str, *, cookie: str = "", origin: str | None = "own", token: str = "", headers: Any = ()
    ) -> None:
        self.token = token or str(uuid4())
        self.heard: list[str] = []
        sent = [*dict(headers).items()]
        if origin is not None:
            sent.append(("Origin", url if origin == "own" else origin))
        if cookie:
            sent.append(("Cookie", cookie))
        place = urlsplit(url)
        self._frames: deque[str] = deque()
        self._parts: list[str] = []
        self._open = False
        self._socket = socket.create_connection((place.hostname, place.port), timeout=15)
        self._protocol = WSConnection(ConnectionType.CLIENT)
        target = f"{NAMESPACE}/?token={quote(self.token)}&EIO=4&transport=websocket"
        self._write(
            Request(host=place.netloc, target=target, extra_headers=[(k.encode(), v.encode()) for k, v in sent])
        )
        while not self._open:
            self._read(15)
        self._until(lambda text: text.startswith("0"))
        self.say(f"40{NAMESPACE},{{}}")
        welcome = self._until(lambda text: text.startswith(("40", "44")))
        if not welcome.startswith("40"):
            self.close()
            raise Refused(welcome)

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the socket."""
        if self._open:
            with contextlib.suppress(OSError):
                self._write(CloseConnection(1000))
        self._open = False
        self._socket.close()

    def send(self, name: str, payload: dict[str, Any] | None = None, path: str = "/", **query: str) -> None:
        """Send an event of Reflex's protocol from a page."""
        place = {"pathname": path, "asPath": f"{path}?{urlencode(query)}" if query else path, "query": query}
        event = {"name": name, "payload": payload or {}, "router_data": place}
        self.say("42" + NAMESPACE + "," + json.dumps(["event", event]))

    def say(self, frame: str) -> None:
        """Send a raw frame."""
        self._write(TextMessage(frame))

    def listen(self, seconds: float) -> list[str]:
        """Everything that comes in within some seconds; pings are answered. Raises Closed at the end."""
        begin, first = time.monotonic(), len(self.heard)
        while (left := seconds - (time.monotonic() - begin)) > 0:
            self._next(left)
        return self.heard[first:]

    def wait_for(self, text: str, seconds: float = 15.0) -> str:
        """The first frame from now on that holds a text."""
        return self._until(lambda frame: text in frame, seconds)

    def is_closed_within(self, seconds: float) -> bool:
        """True when the far end ends the socket in time."""
        try:
            self.listen(seconds)
        except Closed:
            return True
        return False

    def _until(self, wanted: Any, seconds: float = 15.0) -> str:
        begin = time.monotonic()
        while (left := seconds - (time.monotonic() - begin)) > 0:
            frame = self._next(left)
            if frame is not None and wanted(frame):
                return frame
        raise AssertionError(f"nothing of what was waited for in {self.heard[-5:]}")

    def _next(self, seconds: float) -> str | None:
        if not self._frames:
            self._read(seconds)
        if not self._frames:
            return None
        text = self._frames.popleft()
        if text == "2":
            self.say("3")
            return None
        self.heard.append(text)
        return text

    def _write(self, event: Any) -> None:
        try:
            self._socket.sendall(self._protocol.send(event))
        except OSError as problem:
            raise Closed(str(problem)) from problem

    def _read(self, seconds: float) -> None:
        self._socket.settimeout(max(seconds, 0.01))
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return
        except OSError as problem:
            raise Closed(str(problem)) from problem
        self._protocol.receive_data(data or None)
        for event in self._protocol.events():
            self._take(event)

    def _take(self, event: Any) -> None:
        if isinstance(event, AcceptConnection):
            self._open = True
        elif isinstance(event, RejectConnection):
            self.close()
            raise Refused(f"HTTP {event.status_code}")
        elif isinstance(event, CloseConnection):
            self._open = False
            raise Closed(f"{event.code} {event.reason}")
        elif isinstance(event, Ping):
            self._write(event.response())
        elif isinstance(event, Message):
            self._parts.append(str(event.data))
            if event.message_finished:
                self._frames.append("".join(self._parts))
                self._parts.clear()
