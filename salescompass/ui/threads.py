"""Where verbs run: a bounded pool of threads, so that a crowd waits in line instead of filling the memory."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlmodel import SQLModel

from salescompass.kit.errors import Unavailable

_THREADS = 12
_MOST_WAITING = 500

Result = TypeVar("Result")


class _Line:
    """The pool of this process; made on first use, which is after the fork."""

    def __init__(self) -> None:
        self.pool: ThreadPoolExecutor | None = None
        self.waiting = 0


_line = _Line()


async def in_thread(act: Callable[[], Result]) -> Result:
    """Run a blocking act in the pool; Unavailable when the line is too long."""
    if _line.waiting >= _MOST_WAITING:
        raise Unavailable("SalesCompass is very busy just now. Please try again in a moment.")
    if _line.pool is None:
        _line.pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="verb")
    context = contextvars.copy_context()
    _line.waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_line.pool, functools.partial(context.run, act))
    finally:
        _line.waiting -= 1


@functools.cache
def takes_actor(verb: Callable[..., Any]) -> bool:
    """True for verbs of the form `verb(session, actor, ...)`."""
    names = list(inspect.signature(verb).parameters)
    return len(names) > 1 and names[1] == "actor"


def views_only(result: Result) -> Result:
    """The result, unless it is a row of the database: those stay inside their session."""
    sample = next(iter(result), None) if isinstance(result, list | tuple) else result
    if isinstance(sample, SQLModel):
        raise TypeError(f"A verb gave a row of the database to a screen: {type(sample).__name__}")
    return result
