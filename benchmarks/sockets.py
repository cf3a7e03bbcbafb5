"""A page's socket without a browser: lean, so that hundreds of them leave the machine to what is measured."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

ROOT_STATE = "reflex___state____state"
LOAD_PAGE = f"{ROOT_STATE}.{ROOT_STATE.replace('____state', '____on_load_internal_state')}.on_load_internal"
HYDRATED = b'"is_hydrated_rx_state_":true'
_NAMESPACE = "/_event"


@dataclass(frozen=True)
class Act:
    """Something a person does: the frame that their page sends, and what stands in the answer that ends it."""

    frame: str
    ends: bytes


def act(name: str, ends: bytes, path: str = "/", query: dict[str, str] | None = None, **payload: Any) -> Act:
    """A handler called from a page."""
    router = {"pathname": path, "asPath": f"{path}?{urlencode(query)}" if query else path, "query": query or {}}
    event = {"name": name, "payload": payload, "router_data": router}
    return Act("42" + _NAMESPACE + "," + json.dumps(["event", event]), ends)


def visit(path: str, **query: str) -> Act:
    """A page is opened, or its address changes."""
    return act(LOAD_PAGE, HYDRATED, path, query)


class Client:
    """One socket of Reflex's protocol."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connect(cls, url: str, *, cookie: str = "") -> Client:
        """Open a socket and join the namespace."""
        place = urlsplit(url)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        key = base64.b64encode(os.urandom(16)).decode()
        cookies = f"Cookie: {cookie}\r\n" if cookie else ""
        writer.write(
            f"GET {_NAMESPACE}/?token={uuid4()}&EIO=4&transport=websocket HTTP/1.1\r\nHost: {place.netloc}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: {url}\r\n{cookies}\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionRefusedError(head.decode())
        client = cls(reader, writer)
        client.say(f"40{_NAMESPACE},{{}}")
        await client.until(b"40" + _NAMESPACE.encode())
        return client

    async def do(self, what: Act) -> float:
        """Do it; the seconds until its answer was there."""
        begun = time.perf_counter()
        self.say(what.frame)
        await self.until(what.ends)
        return time.perf_counter() - begun

    def say(self, text: str) -> None:
        """Send a text frame; its mask is zero, which leaves it as it is."""
        data = text.encode()
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        self._writer.write(b"\x81" + size + b"\0\0\0\0" + data)

    async def until(self, wanted: bytes, seconds: float = 60) -> bytes:
        """The next message that holds this."""
        async with asyncio.timeout(seconds):
            while wanted not in (message := await self._message()):
                pass
            return message

    async def listen(self) -> None:
        """Take what comes, for as long as the socket lives."""
        while True:
            await self._message()

    def close(self) -> None:
        """End the socket."""
        self._writer.close()

    async def _message(self) -> bytes:
        parts = b""
        while True:
            first, size = await self._reader.readexactly(2)
            if size == 126:
                size = struct.unpack(">H", await self._reader.readexactly(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", await self._reader.readexactly(8))[0]
            data = await self._reader.readexactly(size)
            if first & 0x0F == 8:
                raise ConnectionResetError(data)
            parts += data
            if first & 0x80:
                break
        if parts == b"2":
            self.say("3")
        return parts


async def crowd(url: str, n: int, *, cookies: Sequence[str] = ("",), opened: Act | None = None) -> list[Client]:
    """Clients connected one after the other in small groups, each with the page open."""
    found: list[Client] = []

    async def one(number: int) -> Client:
        client = await Client.connect(url, cookie=cookies[number % len(cookies)])
        if opened is not None:
            await client.do(Act(opened.frame, opened.ends))
        return client

    for first in range(0, n, 10):
        found += await asyncio.gather(*(one(number) for number in range(first, min(n, first + 10))))
    return found
