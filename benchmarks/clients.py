"""Many people at once: how much they can do together, what each of them weighs, and what a flood does to them.

What an active person does, in turns: filters the feed, opens an event, looks for a name, holds the feed still and lets
it go on. Each of those is one event that their page sends, and is counted as one when its answer is whole, with the
rows of the page. Beside it a blank Reflex application whose counter is clicked by as many: one event a click.

Both keep their states in memory and are asked by the same clients. The blank application is one process, as Reflex
runs it; ours are the two that `compass run` starts, with PostgreSQL, Redis and a worker on the same cores. It takes 200
people also when it is quick: fewer meet the budget of a single socket, 30 events a second, before the server's limit.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import blank_app
from benchmarks.figure import Figure, p95
from benchmarks.house import House, furnished
from benchmarks.sockets import ROOT_STATE, Act, Client, act, crowd, visit

_FEED = f"{ROOT_STATE}.salescompass___ui___feed___state____feed_state"
COUNT = act(f"{ROOT_STATE}.blank___blank____state.add", b"count_rx_state_")
BLANK, OPEN = visit("/"), visit("/feed")
_SESSIONS = 20
_CHANNELS = ("email", "web", "document", "meeting")


def measure(*, quick: bool) -> list[Figure]:
    """Events a second of 200 clients, and how long other clients wait while one floods."""
    people, seconds, times = (200, 4.0, 1) if quick else (200, 10.0, 3)
    blank_app.build()
    with (
        tempfile.TemporaryDirectory() as folder,
        blank_app.serving() as (blank, _),
        furnished(
            Path(folder), accounts=50 if quick else 200, events=2_000 if quick else 20_000,
            SALESCOMPASS_TRUSTED_PROXIES="127.0.0.1",
        ) as house,
    ):  # fmt: skip
        script = _script(house)
        cookies = [house.cookie() for _ in range(_SESSIONS)]
        limits, ours, alone, flooded, besieged = [], [], [], [], []
        for _ in range(times):
            limits.append(asyncio.run(_busy(blank, people, seconds, [COUNT], [""], BLANK)))
            ours.append(asyncio.run(_busy(house.url, people, seconds, script, cookies, OPEN)))
            alone.append(asyncio.run(_others(house, script, cookies, seconds, _nothing)))
            flooded.append(asyncio.run(_others(house, script, cookies, seconds, _flood)))
            besieged.append(asyncio.run(_others(house, script, cookies, seconds, _sign_in_flood)))
    rate, limit_rate = (statistics.median(one[0] for one in found) for found in (ours, limits))
    wait, limit_wait = (statistics.median(one[1] for one in found) for found in (ours, limits))
    calm = statistics.median(alone)
    return [
        Figure("16", f"{people} clients, mixed script", limit_rate, rate, "events/s", 0.5, at_least=True,
               floor="at least 900 events/s"),
        Figure("16", f"{people} clients, p95", limit_wait, wait, "ms", 3.0),
        Figure("S6", "others' p95 while one sends 3,000 events/s", calm, statistics.median(flooded), "ms", 2.0),
        Figure("S13", "feed p95 while sign-in is flooded", calm, statistics.median(besieged), "ms", 2.0),
    ]  # fmt: skip


def _script(house: House) -> list[Act]:
    events = [one["id"] for one in house.get("/api/v1/events?limit=20")["items"]]
    found = []
    for number, event in enumerate(events):
        channel = _CHANNELS[number % len(_CHANNELS)]
        found += [
            visit("/feed", channel=channel),
            act(f"{_FEED}.find", b"matches_rx_state_", "/feed", {"channel": channel}, text=random.choice("abcdefgh")),
            act(f"{_FEED}.pause", b"paused_rx_state_", "/feed", {"channel": channel}),
            visit("/feed", channel=channel, event=event),
            act(f"{_FEED}.find", b"matches_rx_state_", "/feed", {"channel": channel}, text="zz"),
            act(f"{_FEED}.pause", b"paused_rx_state_", "/feed", {"channel": channel}),
        ]
    return found


async def _busy(
    url: str, people: int, seconds: float, script: Sequence[Act], cookies: Sequence[str], opened: Act
) -> tuple[float, float]:
    """Everybody does one thing after the other without a pause: events a second, and the p95 in milliseconds."""
    clients = await crowd(url, people, cookies=cookies, opened=opened)
    waits: list[float] = []
    until = time.perf_counter() + seconds

    async def work(client: Client, first: int) -> None:
        for one in itertools.cycle([*script[first:], *script[:first]]):
            if time.perf_counter() > until:
                return
            waits.append(await client.do(one))

    begun = time.perf_counter()
    await asyncio.gather(*(work(client, 6 * number % len(script)) for number, client in enumerate(clients)))
    spent = time.perf_counter() - begun
    for client in clients:
        client.close()
    return len(waits) / spent, p95(waits) * 1000


Beside = Callable[[House, str], Coroutine[Any, Any, None]]


async def _others(house: House, script: Sequence[Act], cookies: Sequence[str], seconds: float, beside: Beside) -> float:
    """The p95 of ten people who do something three times a second, with something going on beside them."""
    clients = await crowd(house.url, 10, cookies=cookies, opened=OPEN)
    trouble = asyncio.create_task(beside(house, cookies[-1]))
    await asyncio.sleep(1)
    waits: list[float] = []
    until = time.perf_counter() + seconds

    async def work(client: Client, first: int) -> None:
        for one in itertools.cycle([*script[first:], *script[:first]]):
            if time.perf_counter() > until:
                return
            waits.append(await client.do(one))
            await asyncio.sleep(1 / 3)

    await asyncio.gather(*(work(client, 6 * number) for number, client in enumerate(clients)))
    trouble.cancel()
    with contextlib.suppress(asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
        await trouble
    for client in clients:
        client.close()
    return p95(waits) * 1000


async def _nothing(_house: House, _cookie: str) -> None:
    """Nobody floods."""


async def _flood(house: House, cookie: str) -> None:
    """One socket that sends 3,000 events a second, and comes back whenever it is ended."""
    frame = visit("/feed").frame
    while True:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            client = await Client.connect(house.url, cookie=cookie)
            ended = asyncio.create_task(client.listen())
            try:
                while not ended.done():
                    for _ in range(30):
                        client.say(frame)
                    await asyncio.sleep(0.01)
            finally:
                ended.cancel()
                client.close()
        await asyncio.sleep(0.1)


async def _sign_in_flood(house: House, _cookie: str) -> None:
    """Eight connections that try passwords, each time for somebody else from somewhere else."""
    await asyncio.gather(*(_try_passwords(house.url) for _ in range(8)))


async def _try_passwords(url: str) -> None:
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        for number in itertools.count():
            body = json.dumps({"email": f"nobody{number}.{id(reader)}@bench.example", "password": "not this one"})
            there = ".".join(str(random.randrange(1, 255)) for _ in range(4))
            writer.write(
                f"POST /auth/sign-in HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: {url}\r\nX-Forwarded-For: {there}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
    finally:
        writer.close()
