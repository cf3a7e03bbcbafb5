"""Live notes, a few at a time: the first at once, what comes in the next moments together. A flood stays calm."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from uuid import UUID

from salescompass.kit.ids import parse_id
from salescompass.kit.live import Note

FLOOD = 200.0
"""Events a second above which a page only counts, and says so."""
_CALM, _CALM_IN_FLOOD = 0.25, 0.5
_WINDOW = 2.0


@dataclass(frozen=True)
class Arrivals:
    """What came since the last look. `resync`: fetch whatever is shown; `all_named`: `ids` are all of them."""

    ids: tuple[UUID, ...]
    n: int
    resync: bool
    flood: bool
    topics: frozenset[str] = frozenset()

    @property
    def all_named(self) -> bool:
        """True when the notes named everything that came."""
        return not self.resync and len(self.ids) >= self.n


class Pace:
    """How many events a second come in, over the last moments."""

    def __init__(self) -> None:
        self._told: deque[tuple[float, int]] = deque()

    def add(self, n: int, at: float) -> float:
        """Count n events at a moment; events a second since."""
        self._told.append((at, n))
        while self._told and self._told[0][0] <= at - _WINDOW:
            self._told.popleft()
        return sum(count for _, count in self._told) / _WINDOW


async def arrivals(
    notes: AsyncIterator[Note], *, heeds: Callable[[Note], bool] = lambda note: True
) -> AsyncIterator[Arrivals]:
    """The notes that the page heeds, gathered; ends when they end. What it does not heed makes nothing wait."""
    waiting: list[Note] = []
    come = asyncio.Event()

    async def read() -> None:
        try:
            async for note in notes:
                if not heeds(note):
                    continue
                waiting.append(note)
                come.set()
        finally:
            come.set()

    reader, pace = asyncio.create_task(read()), Pace()
    try:
        while True:
            await come.wait()
            come.clear()
            if waiting:
                found = _together(waiting, pace)
                waiting.clear()
                yield found
                await asyncio.sleep(_CALM_IN_FLOOD if found.flood else _CALM)
            if reader.done() and not waiting:
                # What ended the notes (a session that is over) ends the page's listening too.
                reader.result()
                return
    finally:
        reader.cancel()


def _together(notes: list[Note], pace: Pace) -> Arrivals:
    ids = [parsed for note in notes for one in note.ids if (parsed := parse_id(one)) is not None]
    n = sum(note.n for note in notes)
    return Arrivals(
        tuple(dict.fromkeys(ids)),
        n,
        any(note.resync for note in notes),
        pace.add(n, time.monotonic()) > FLOOD,
        frozenset(str(note.topic) for note in notes),
    )
