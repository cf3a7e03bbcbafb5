"""What a connected page weighs in the web process, beside a page of a blank Reflex application."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from benchmarks import blank_app
from benchmarks.clients import BLANK, OPEN
from benchmarks.figure import Figure
from benchmarks.house import furnished
from benchmarks.sockets import Act, crowd

TOKEN_SECONDS = 30
_KIB = 1024.0


def measure(*, quick: bool) -> list[Figure]:
    """KiB a client, and what is left of them when they are gone and their states have run out."""
    people, times = (20, 1) if quick else (200, 3)
    blank_app.build()
    limits, ours, left = [], [], []
    for _ in range(times):
        with blank_app.serving(token_seconds=TOKEN_SECONDS) as (blank, _):
            limits.append(asyncio.run(_weigh(blank, people, [""], BLANK))[0])
        with (
            tempfile.TemporaryDirectory() as folder,
            furnished(
                Path(folder), accounts=50 if quick else 200, events=2_000 if quick else 20_000, web=1,
                REFLEX_REDIS_TOKEN_EXPIRATION=str(TOKEN_SECONDS),
            ) as house,
        ):  # fmt: skip
            each, after = asyncio.run(_weigh(house.url, people, [house.cookie() for _ in range(people // 10)], OPEN))
            ours.append(each)
            left.append(after)
    limit, product = statistics.median(limits), statistics.median(ours)
    return [
        Figure("17", "memory of a client on the feed", limit, product, "KiB", 2.5),
        Figure("17", "the same, at most 500 KiB", 500.0, product, "KiB", 1.0),
        Figure("17", "memory after they left, beside before", 1.0, statistics.median(left), "x", 1.1),
    ]


async def _weigh(url: str, people: int, cookies: list[str], opened: Act) -> tuple[float, float]:
    """KiB a client, and the memory afterwards beside the memory before. A first crowd warms what stays."""
    await _come_and_go(url, people // 2, cookies, opened)
    before = _memory(url)
    during = await _come_and_go(url, people, cookies, opened)
    return (during - before) / people / _KIB, _memory(url) / before


async def _come_and_go(url: str, people: int, cookies: list[str], opened: Act) -> float:
    """Open so many pages, weigh, close them, and wait until their states have run out. The weight."""
    clients = await crowd(url, people, cookies=cookies, opened=opened)
    listening = [asyncio.create_task(client.listen()) for client in clients]
    await asyncio.sleep(3)
    during = _memory(url)
    for task, client in zip(listening, clients, strict=True):
        task.cancel()
        client.close()
    await asyncio.gather(*listening, return_exceptions=True)
    # Listening pages notice at the latest with the next general refresh that nobody is there.
    await asyncio.sleep(TOKEN_SECONDS + 35)
    return during


def _memory(url: str) -> float:
    """What the one process that serves there has for itself alone."""
    port = urlsplit(url).port
    (server,) = {one.pid for one in psutil.net_connections("tcp") if one.status == "LISTEN" and one.laddr[1] == port}
    found = psutil.Process(server)
    return float(max(one.memory_full_info().uss for one in [found, *found.children(recursive=True)]))
