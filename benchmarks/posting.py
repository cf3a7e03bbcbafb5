"""Many clients that each send one request after the other on a connection of their own, as cheaply as Python can."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Sent:
    """How a run went: requests a second, each one's seconds, and how many answers were not what they should be."""

    a_second: float
    seconds: list[float]
    refused: int

    def percentile(self, share: float) -> float:
        """The seconds that this share of the requests did not exceed."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * share))]


def request(address: str, path: str, body: bytes, *, method: str = "POST", **headers: str) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(address).netloc}", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: application/json", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def send(address: str, requests: list[bytes], *, clients: int, expected: int = 201) -> Sent:
    """Send all requests from so many clients at once; an answer that is not the expected one counts as refused."""
    return asyncio.run(_send(address, requests, clients, expected))


def _itself(one: _Client) -> _Client:
    """A protocol that was made before its connection."""
    return one


async def _send(address: str, requests: list[bytes], clients: int, expected: int) -> Sent:
    place, loop = urlsplit(address), asyncio.get_running_loop()
    waiting = iter(requests)
    made = [_Client(waiting, loop.create_future(), expected) for _ in range(clients)]
    for one in made:
        await loop.create_connection(partial(_itself, one), place.hostname or "", place.port or 80)
    began = time.perf_counter()
    for one in made:
        one.next()
    await asyncio.gather(*(one.done for one in made))
    took = time.perf_counter() - began
    return Sent(len(requests) / took, [s for one in made for s in one.seconds], sum(one.refused for one in made))


class _Client(asyncio.Protocol):
    def __init__(self, waiting: object, done: asyncio.Future[None], expected: int) -> None:
        self._waiting, self.done, self._expected = waiting, done, f"HTTP/1.1 {expected}".encode()
        self.seconds: list[float] = []
        self.refused = 0
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def next(self) -> None:
        following = next(self._waiting, None)  # type: ignore[call-overload]
        if following is None:
            self._transport.close()
            self.done.set_result(None)
            return
        self._began = time.perf_counter()
        self._transport.write(following)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        at = head.lower().index(b"content-length:") + 15
        if len(body) < int(head[at:].split(b"\r\n", 1)[0]):
            return
        self._buffer = b""
        self.seconds.append(time.perf_counter() - self._began)
        self.refused += not head.startswith(self._expected)
        self.next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))
