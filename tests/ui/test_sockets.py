"""The door for sockets: how many may be open at once, and how large a frame may be."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from salescompass import identity
from salescompass.ui import sockets
from salescompass.ui.limits import LONGEST_FRAME, MOST_PER_SESSION
from salescompass.ui.sockets import SafeSockets

ORIGIN = "http://127.0.0.1:8000"


class Door:
    """The door, with an application behind it that holds every socket open until told to let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.inside = 0
        self.door = SafeSockets(self._hold, origins=[ORIGIN])

    async def _hold(self, scope: Any, receive: Any, send: Any) -> None:
        self.inside += 1
        await self.let_go.wait()
        self.inside -= 1

    def knock(self, *, cookie: str = "", origin: str = ORIGIN, peer: str = "192.0.2.1") -> asyncio.Task[None]:
        """A browser that wants a socket."""

        async def receive() -> Any:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            return None

        headers = [(b"origin", origin.encode()), (b"cookie", cookie.encode())]
        return asyncio.ensure_future(
            self.door({"type": "websocket", "headers": headers, "client": (peer, 1)}, receive, send)
        )


def test_one_session_has_so_many_sockets_and_no_more(servers: dict[str, str]) -> None:
    async def story() -> None:
        door = Door()
        mine, other = (f"{identity.session_cookie()}={letter * 43}" for letter in "ab")
        visits = [door.knock(cookie=mine) for _ in range(MOST_PER_SESSION + 5)]
        visits.append(door.knock(cookie=other))
        await asyncio.sleep(0)
        assert door.inside == MOST_PER_SESSION + 1
        door.let_go.set()
        await asyncio.gather(*visits)
        assert door.inside == 0
        again = door.knock(cookie=mine)
        await again
        assert door.door._open == {}

    asyncio.run(story())


def test_one_address_has_so_many_sockets_and_no_more(servers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MOST_PER_ADDRESS", 3)

    async def story() -> None:
        door = Door()
        visits = [door.knock() for _ in range(5)] + [door.knock(peer="192.0.2.2")]
        await asyncio.sleep(0)
        assert door.inside == 4
        door.let_go.set()
        await asyncio.gather(*visits)

    asyncio.run(story())


def test_a_frame_over_the_cap_never_reaches_the_application() -> None:
    sizes = [LONGEST_FRAME, LONGEST_FRAME + 1]
    reached: list[str] = []
    sent: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            reached.append(message["text"])

    async def receive() -> Any:
        return {"type": "websocket.receive", "text": "x" * sizes.pop(0)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "headers": [(b"origin", ORIGIN.encode())], "client": ("192.0.2.1", 1)}
    asyncio.run(SafeSockets(application, origins=[ORIGIN])(scope, receive, send))
    assert [len(text) for text in reached] == [LONGEST_FRAME]
    assert sent == [{"type": "websocket.close", "code": 1009}]
