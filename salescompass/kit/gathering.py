"""Calls that come at once, done as one: while a batch of a line is under way, the next one gathers.

A hundred requests that each want one row cost one statement and one commit instead of a hundred. Who calls alone waits
for nobody. Lines do not wait for each other, as long as there are hands.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Generic, NamedTuple, TypeVar

log = logging.getLogger(__name__)

Line = TypeVar("Line", bound=Hashable)
Item = TypeVar("Item")
Result = TypeVar("Result")


class _Waiting(NamedTuple):
    item: Any
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class Gathering(Generic[Line, Item, Result]):
    """Does `act(line, items)` in a thread, for at most `most` items of a line together.

    It gives one result for each item, in order; a result that is an exception is raised where that item came from.
    When the batch as a whole fails, each of its items is tried alone, so that a bad one spoils no other.
    """

    def __init__(
        self, act: Callable[[Line, Sequence[Item]], Sequence[Result | Exception]], *, most: int = 200, hands: int = 4
    ) -> None:
        self._act, self._most = act, most
        self._lock = threading.Lock()
        self._lines: dict[Line, list[_Waiting]] = {}
        # Its threads start with the first call, which is after the fork of the web processes.
        self._threads = ThreadPoolExecutor(hands, thread_name_prefix="gathering")

    async def ask(self, line: Line, item: Item) -> Result:
        """The result for one item, done together with others of its line."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(item, loop, loop.create_future())
        with self._lock:
            gathered = self._lines.get(line)
            if gathered is None:
                self._lines[line] = [waiting]
                self._threads.submit(self._work, line)
            else:
                gathered.append(waiting)
        result: Result = await waiting.future
        return result

    def _work(self, line: Line) -> None:
        """One batch of a line; what gathered meanwhile goes behind the other lines."""
        with self._lock:
            gathered = self._lines[line]
            batch, self._lines[line] = gathered[: self._most], gathered[self._most :]
        try:
            _tell(batch, self._results(line, batch))
        finally:
            with self._lock:
                if self._lines[line]:
                    self._threads.submit(self._work, line)
                else:
                    del self._lines[line]

    def _results(self, line: Line, batch: Sequence[_Waiting]) -> Sequence[Any]:
        try:
            return self._act(line, [waiting.item for waiting in batch])
        except Exception as error:
            if len(batch) == 1:
                return [error]
            log.warning("a batch of %d failed, trying each alone: %s", len(batch), type(error).__name__)
            return [self._results(line, [waiting])[0] for waiting in batch]


def _tell(batch: Sequence[_Waiting], results: Sequence[Any]) -> None:
    """Hand the results over, with one call to each event loop."""
    of_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = defaultdict(list)
    for waiting, result in zip(batch, results, strict=True):
        of_loop[waiting.loop].append((waiting.future, result))
    for loop, pairs in of_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, pairs)


def _settle(pairs: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in pairs:
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
