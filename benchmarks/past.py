"""A long past, written by the database itself: events of a year, their people and accounts, at three tenants.

A person has forty events, eight at a sitting; ten people are an account. A larger past has more people, not busier
ones. Nine tenths are the first tenant's. What is made from events (buckets, scores) the product makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import event as hooks
from sqlmodel import Session

from benchmarks.ledger import TYPES, owner, tenant_with_key

EVENTS_A_PERSON = 40
_ID = "('{prefix}0000000-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"
_TENANT = "(%(tenants)s::uuid[])[CASE (p / 10) %% 20 WHEN 0 THEN 2 WHEN 1 THEN 3 ELSE 1 END]"
_ACCOUNTS = (
    f"INSERT INTO account (tenant_id, id, name, name_norm) SELECT {_TENANT}, "  # noqa: S608
    f"{_ID.format(prefix='a', number='p / 10')}, "
    "'Account ' || p / 10, 'account ' || p / 10 FROM generate_series(%(low)s, %(high)s - 1, 10) p"
)
_PEOPLE = (
    f"INSERT INTO person (tenant_id, id, name, name_norm, account_id) SELECT {_TENANT}, "  # noqa: S608
    f"{_ID.format(prefix='b', number='p')}, 'Person ' || p, 'person ' || p, {_ID.format(prefix='a', number='p / 10')} "
    "FROM generate_series(%(low)s, %(high)s - 1) p"
)
# In the order of time, which fills each month's key from left to right.
_EVENTS = (
    "INSERT INTO event (tenant_id, occurred_at, id, received_at, type, direction, channel, account_id, person_id, "  # noqa: S608
    f"source, properties) SELECT {_TENANT}, at, gen_random_uuid(), at, "
    "(%(types)s::text[])[1 + (s + (i %% 8) / 3) %% 6], 'in', 'web', "
    f"{_ID.format(prefix='a', number='p / 10')}, {_ID.format(prefix='b', number='p')}, 'import', "
    "jsonb_build_object('path', '/page/' || i %% 9973, 'seconds', i %% 600) FROM ("
    "  SELECT i, i / 8 AS s, %(low)s / 40 + ((i / 8) * 2654435761) %% ((%(high)s - %(low)s) / 40) AS p, "
    "  now() - interval '360 days' * (1 - (i / 8 - %(low)s / 8)::float8 / ((%(high)s - %(low)s) / 8)) "
    "    - interval '1 hour' + (i %% 8) * interval '20 seconds' AS at "
    "  FROM generate_series(%(from)s, %(to)s - 1) i) told"
)
_STEP = 500_000


def three_tenants() -> list[UUID]:
    """The tenants of a past, the large one first."""
    return [tenant_with_key(f"past{number}")[0] for number in range(3)]


def known_tenants() -> list[UUID]:
    """The same tenants of a past that was made before."""
    with owner() as connection:
        found = connection.execute("SELECT id FROM tenant WHERE slug LIKE 'past_' ORDER BY slug").fetchall()
    return [row[0] for row in found]


def grow(tenants: list[UUID], low: int, high: int) -> None:
    """Events number `low` to `high`, with people of their own."""
    given: dict[str, Any] = {"tenants": tenants, "types": list(TYPES), "low": low, "high": high}
    people = {"tenants": tenants, "low": low // EVENTS_A_PERSON, "high": high // EVENTS_A_PERSON}
    with owner() as connection, _without_indices(connection):
        connection.execute(_ACCOUNTS, people)
        connection.execute(_PEOPLE, people)
        for start in range(low, high, _STEP):
            connection.execute(_EVENTS, {**given, "from": start, "to": min(start + _STEP, high)})
    with owner() as connection:
        connection.execute("VACUUM (ANALYZE) event, person, account")


@contextmanager
def _without_indices(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Indices of the ledger but its key are made once all is there, which is several times faster."""
    found = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = 'event'::regclass AND NOT indisprimary"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    yield
    connection.execute("SET maintenance_work_mem = '512MB'")
    for _, definition in found:
        connection.execute(definition.replace(" ON ONLY ", " ON "))


def statement_of(session: Session, act: Callable[[], object]) -> tuple[str, Any]:
    """The last statement that an act sends, with its parameters, as the driver gets them."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    engine = session.connection().engine
    hooks.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        hooks.remove(engine, "before_cursor_execute", note)
    return seen[-1]
