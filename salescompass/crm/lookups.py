"""Live records by values of their columns: each through the column's own index, whatever the planner knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, LiteralString
from uuid import UUID

from sqlmodel import Session

from salescompass.crm.storing import sql_type
from salescompass.kit.database import array, fetch


def look_up(
    session: Session, table: str, columns: str, wanted: Mapping[str, Iterable[Any]], *, lock: bool = False
) -> list[tuple[Any, ...]]:
    """The `columns` of records that have one of the values `wanted` of a column; one of several columns may come twice.

    Of tables that have just grown the planner knows nothing: it takes a tenant's rows for a handful, and would read all
    of them by any index for each value. Rows that have to come in the order of the column, where sorting is out of the
    question, leave it only the right one.
    """
    given = {column: [one for one in values if one is not None] for column, values in wanted.items()}
    if not any(given.values()):
        return []
    fetch(session, _SORTING, ("off",))
    found: list[tuple[Any, ...]] = []
    for column, values in given.items():
        if values:
            told = array([one if isinstance(one, str | UUID) else str(one) for one in values])
            found += fetch(session, _by(table, columns, column, lock), (told,), prepare=False)
    fetch(session, _SORTING, ("on",))
    return found


@cache
def _by(table: str, columns: str, column: str, lock: bool) -> LiteralString:
    return (
        f"SELECT one.* FROM unnest(%s::{sql_type(table, column)}[]) AS wanted (value), "  # noqa: S608 - names of ours
        f"LATERAL (SELECT {columns} FROM {table} WHERE deleted_at IS NULL AND {column} >= wanted.value "
        f"AND {column} <= wanted.value ORDER BY {column}{' FOR UPDATE' if lock else ''}) AS one"
    )


_SORTING = "SELECT set_config('enable_sort', %s, true)"
