"""Sessions on PostgreSQL. The tenant is chosen once, when the session opens; the database enforces it.

`tenant_session` logs in as the application role, which owns nothing and cannot pass a policy by; `system_session` as
the cross-tenant role, which may touch only the few tables granted to it. One `with` block is one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, LiteralString, cast
from uuid import UUID

import psycopg
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from salescompass.kit.errors import Unavailable
from salescompass.kit.settings import settings

log = logging.getLogger(__name__)

# work_mem: what is excluded from a list of a million is kept in a hash table, or else looked for row by row.
_OPTIONS = "-c timezone=UTC -c statement_timeout=120000 -c idle_in_transaction_session_timeout=300000 -c work_mem=32MB"


@cache
def _engine(url: str, pool_size: int) -> Engine:
    # pre_ping: a server that was restarted costs one round trip, never a failed request. lifo: the connection used last
    # has its statements prepared and its tables at hand; the others are there for crowds.
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        pool_use_lifo=True,
        pool_timeout=10,
        connect_args={"options": _OPTIONS, "connect_timeout": 10, "application_name": "salescompass"},
    )


def _named(url: str | None, name: str) -> str:
    if not url:
        raise Unavailable(f"{name} is not set, and no embedded server was started")
    return url


def app_engine() -> Engine:
    """The application role's engine."""
    return _engine(_named(settings().database_url, "DATABASE_URL"), 8)


def system_engine() -> Engine:
    """The cross-tenant role's engine."""
    return _engine(_named(settings().database_system_url, "DATABASE_SYSTEM_URL"), 4)


def owner_engine() -> Engine:
    """The owner's engine: for migrations, maintenance and checks only."""
    return _engine(_named(settings().database_owner_url, "DATABASE_OWNER_URL"), 1)


def dispose(*, forked: bool = False) -> None:
    """Close every connection: when the addresses change, and in a child after fork.

    A child must only forget its parent's connections (`forked`): closing them would end the parent's.
    """
    for maker in (app_engine, system_engine, owner_engine):
        try:
            maker().dispose(close=not forked)
        except Unavailable:
            continue
    _engine.cache_clear()


def after_commit(session: Session, act: Callable[[], object]) -> None:
    """Run `act` once this session's transaction is committed; never when it is rolled back."""
    session.info.setdefault("after_commit", []).append(act)


def session_tenant(session: Session) -> UUID:
    """The tenant this session was opened for."""
    tenant_id: UUID = session.info["tenant_id"]
    return tenant_id


def hold(session: Session, what: str, *, together: bool = False) -> None:
    """Take this tenant's lock of a name until the transaction ends, alone, or together with others who do not alone.

    Names and their order, for whoever takes several: "scores" before "buckets".
    """
    lock = f"SELECT pg_advisory_xact_lock{'_shared' if together else ''}(hashtextextended(%s, 0))"
    fetch(session, lock, (f"{what}:{session_tenant(session)}",))


@contextmanager
def raw_cursor(session: Session) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """The driver's own cursor inside this session's transaction: for COPY, and for what is asked very often.

    Its errors are those that any other statement of a session raises.
    """
    session.flush()
    connection = session.connection()
    driver = cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)
    try:
        with driver.cursor() as cursor:
            yield cursor
    except psycopg.Error as error:
        if driver.closed:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, connection_invalidated=bool(driver.closed)
        ) from error


def fetch(
    session: Session, statement: LiteralString, given: Sequence[object] = (), *, prepare: bool | None = None
) -> list[tuple[Any, ...]]:
    """The rows of a statement of the driver's own (%s), in this session's transaction.

    For what is asked many times a second, or answered by thousands of rows: it takes a third of the work. Without
    `prepare` the planner looks at the tables each time; else it keeps to a plan from when they may have been empty.
    """
    with raw_cursor(session) as cursor:
        return cursor.execute(statement, given, binary=True, prepare=prepare).fetchall()


def array(values: Collection[str | UUID]) -> str:
    """Texts or ids as PostgreSQL writes an array, to be cast there: adapting thousands one by one takes far longer."""
    if not values:
        return "{}"
    texts = [value if isinstance(value, str) else value.hex for value in values]
    whole = '","'.join(texts)
    if "\\" in whole or whole.count('"') != 2 * (len(texts) - 1):
        whole = '","'.join(one.replace("\\", "\\\\").replace('"', '\\"') for one in texts)
    return f'{{"{whole}"}}'


@contextmanager
def tenant_session(tenant_id: UUID, *, reader: object | None = None) -> Iterator[Session]:
    """One transaction as the application role, inside one tenant. Commits at the end, rolls back on any error.

    `reader` is who reads: doors name the actor, and records outside that actor's reach are not seen. Jobs see all.
    """
    if not isinstance(tenant_id, UUID):
        raise TypeError("tenant_session takes a tenant's UUID")
    with _transaction(app_engine()) as session:
        session.info["tenant_id"] = tenant_id
        session.info["reader"] = reader
        session.connection().execute(
            text("SELECT set_config('app.tenant_id', :tenant, true)"), {"tenant": str(tenant_id)}
        )
        yield session


@contextmanager
def system_session() -> Iterator[Session]:
    """One transaction across tenants: sign-in, key look-up, outbox claims, the schedule, tenant administration."""
    with _transaction(system_engine()) as session:
        yield session


@contextmanager
def _transaction(engine: Engine) -> Iterator[Session]:
    session = Session(engine, expire_on_commit=False)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
    for act in session.info.pop("after_commit", ()):
        try:
            act()
        except Exception:
            # What is done after commit is a wake-up; the sweeper does what it would have done.
            log.exception("after commit")
