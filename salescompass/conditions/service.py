"""Counting and finding what matches. A count that takes long is ended by its time limit, or by whoever asked for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from psycopg.errors import QueryCanceled
from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from salescompass.conditions.compile import Condition, where
from salescompass.conditions.fields import Catalogue
from salescompass.conditions.tree import Tree
from salescompass.kit.errors import Unavailable

SECONDS = 2.0
# So much memory for hash tables lets semi-joins with a million rows run in one go.
MEMORY = "128MB"


class TooSlow(Unavailable):
    """A count was ended before it was done."""

    code = "too_slow"


def matching(
    tree: Tree, *, catalogue: Catalogue, now: datetime, me: UUID | None = None, also: tuple[Condition, ...] = ()
) -> Select[Any]:
    """The ids of the records that match: neither those in the trash nor those out of sight. `also` narrows them."""
    kind = catalogue.type(tree.object)
    matches = where(tree, catalogue=catalogue, now=now, me=me)
    return select(kind.table.c.id).where(*kind.present(kind.table), *also, matches)


class Cancel:
    """Ends a running count from another thread; does nothing before it began and after it ended."""

    def __init__(self) -> None:
        self._lock, self._asked = Lock(), False
        self._end: Callable[[], object] | None = None

    def __call__(self) -> None:
        """End it: whoever waits for the count gets TooSlow."""
        with self._lock:
            self._asked = True
            if self._end is not None:
                self._end()

    def begin(self, end: Callable[[], object]) -> None:
        """A count begins that `end` would end. Raises TooSlow when it is not wanted any more."""
        with self._lock:
            if self._asked:
                raise TooSlow("This count was ended")
            self._end = end

    def done(self) -> None:
        """The count has ended: what runs on its connection from now on is none of ours."""
        with self._lock:
            self._end = None


def count(
    session: Session,
    tree: Tree,
    *,
    catalogue: Catalogue,
    now: datetime,
    me: UUID | None = None,
    also: tuple[Condition, ...] = (),
    most: int | None = None,
    seconds: float = SECONDS,
    cancel: Cancel | None = None,
) -> int:
    """How many records match, up to `most` if that is given. Raises TooSlow after `seconds`; the session goes on."""
    found = matching(tree, catalogue=catalogue, now=now, me=me, also=also)
    table = catalogue.type(tree.object).table
    if most is None:
        statement = found.with_only_columns(func.count(), maintain_column_froms=True).select_from(table)
    else:
        statement = select(func.count()).select_from(found.limit(most).subquery())
    cancel = cancel or Cancel()
    driver: Any = session.connection().connection.driver_connection
    # Going back to the savepoint undoes the settings, and makes a transaction with an ended count usable again.
    savepoint = session.begin_nested()
    try:
        session.connection().execute(
            text("SELECT set_config('statement_timeout', :ms, true), set_config('work_mem', :memory, true)"),
            {"ms": str(max(1, round(seconds * 1000))), "memory": MEMORY},
        )
        cancel.begin(driver.cancel)
        return int(session.connection().execute(statement).scalar_one())
    except OperationalError as error:
        if isinstance(error.orig, QueryCanceled):
            raise TooSlow("Counting took too long: narrow the conditions, or ask again later") from error
        raise
    finally:
        cancel.done()
        savepoint.rollback()
