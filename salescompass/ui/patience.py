"""The database may be away for a moment: what a page does by itself waits for it instead of giving up for good."""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from salescompass.kit.jobs import is_passing
from salescompass.ui.connections import is_connected

_PAUSE, _LONGEST = 1.0, 60.0

notes_missed: ContextVar[bool] = ContextVar("notes_missed", default=False)
"""True in a handler that is run again: what was told meanwhile went by unheard."""


def is_away(problem: BaseException) -> bool:
    """True for an error that mends itself once the database is back."""
    return isinstance(problem, PoolTimeout) or (isinstance(problem, DBAPIError) and is_passing(problem))


async def worth_another_try(problem: Exception, token: str, began: float, *, for_ever: bool) -> bool:
    """Whether a handler that failed is to be run again; waits a moment before it says yes.

    Not once its page is gone; and a person waits for a minute at most, while who only listens has time.
    """
    if not is_away(problem) or (not for_ever and time.monotonic() - began > _LONGEST):
        return False
    await asyncio.sleep(_PAUSE)
    notes_missed.set(True)
    return is_connected(token)
