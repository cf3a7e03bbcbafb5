"""What colleagues look at together is read once: an answer is shared for a moment, until something changes.

People who have the same page of the feed open ask for the same rows. An answer holds in this process for who sees the
same records, until a live note of the tenant arrives and for `SECONDS` at most; who asks while it is being read waits
for it. So who reads after a change was told gets what is there now; while Redis is away, what was there a moment ago.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any

SECONDS = 10.0
_MOST = 200


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer, or one on its way; `turn` is how many changes had been told when it was asked for."""

    turn: int
    until: float
    task: asyncio.Task[Any]
    loop: asyncio.AbstractEventLoop


_answers: OrderedDict[Hashable, _Answer] = OrderedDict()


async def shared(key: Hashable, turn: int, read: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What `read` gives, or gave to somebody else since the last change."""
    now, loop = time.monotonic(), asyncio.get_running_loop()
    known = _answers.get(key)
    if known is None or known.turn != turn or known.until <= now or known.loop is not loop:
        _forget(now)
        # A task of its own: whoever asked first may leave before it is there.
        known = _answers[key] = _Answer(turn, now + SECONDS, loop.create_task(read()), loop)
        _answers.move_to_end(key)
        known.task.add_done_callback(lambda task: _drop_failed(key, task))
    return await asyncio.shield(known.task)


def at_hand(key: Hashable, turn: int) -> Any:
    """The answer if it is there already, or None."""
    known = _answers.get(key)
    if known is None or known.turn != turn or known.until <= time.monotonic() or not known.task.done():
        return None
    return known.task.result()


def _forget(now: float) -> None:
    """Answers stand in the order in which they were asked for."""
    while _answers and (len(_answers) >= _MOST or next(iter(_answers.values())).until <= now):
        _answers.popitem(last=False)


def _drop_failed(key: Hashable, task: asyncio.Task[Any]) -> None:
    known = _answers.get(key)
    if known is not None and known.task is task and (task.cancelled() or task.exception() is not None):
        del _answers[key]
