"""The schema: roles, then alembic's revisions, under one lock so that several processes may start at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import Connection, make_url, text

from alembic import command
from salescompass.kit.database import owner_engine
from salescompass.kit.errors import Conflict, Invalid
from salescompass.kit.row_security import APP, AUDIT, SYSTEM
from salescompass.kit.settings import settings

_LOCK = 0x5A1E5C0  # any number, the same everywhere


class NewerDatabase(Conflict):
    """The database was migrated by a newer version than this code."""

    code = "newer_database"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "alembic"))
    config.attributes["connection"] = connection
    return config


def head() -> str | None:
    """The newest revision this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current(connection: Connection) -> str | None:
    """The database's revision, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _known(revision: str | None) -> bool:
    scripts = ScriptDirectory.from_config(_config())
    return revision is None or revision in {script.revision for script in scripts.walk_revisions()}


def _ensure_roles(connection: Connection) -> None:
    cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
    for role, url in (
        (APP, settings().database_url),
        (SYSTEM, settings().database_system_url),
        (AUDIT, None),
    ):
        there = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar()
        name = sql.Identifier(role)
        if not there:
            cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
        if url:
            address = make_url(url)
            if address.username != role:
                raise Invalid(f"This address must sign in as {role}, not as {address.username}", field="DATABASE_URL")
            password = sql.Literal(address.password or "")
            cursor.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, password))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        # Staging of bulk ingest is a temporary table.
        rights = sql.SQL("CONNECT, TEMPORARY" if role == APP else "CONNECT")
        database = sql.Identifier(connection.engine.url.database or "")
        cursor.execute(sql.SQL("GRANT {} ON DATABASE {} TO {}").format(rights, database, name))


@contextmanager
def _locked() -> Iterator[Connection]:
    with owner_engine().connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        try:
            yield connection
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()


def upgrade(*, backup: Callable[[], object] | None = None) -> str | None:
    """Bring roles and schema up to this code. `backup` runs first when a database with data will change.

    Returns the revision reached. Raises NewerDatabase when the database is ahead of this code.
    """
    with _locked() as connection:
        at = current(connection)
        if not _known(at):
            raise NewerDatabase(
                f"The database is at {at}, which this version does not know: run the newer version it came from"
            )
        if at == head():
            connection.rollback()
            with connection.begin():
                _ensure_roles(connection)
            return at
        connection.rollback()
        if at is not None and backup is not None:
            backup()
        with connection.begin():
            _ensure_roles(connection)
            command.upgrade(_config(connection), "head")
        return head()


def downgrade(revision: str) -> None:
    """Take the schema back: for tests of migrations."""
    with _locked() as connection, connection.begin():
        command.downgrade(_config(connection), revision)
