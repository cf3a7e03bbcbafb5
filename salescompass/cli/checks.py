"""What must be right before anything is started. Each check raises Refused with one clear line."""

import shutil
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from salescompass.cli.output import Refused

if TYPE_CHECKING:
    from salescompass.kit.settings import Settings

LEAST_FREE = 300 * 1024 * 1024
_OLDEST_POSTGRES = 160000
_OLDEST_REDIS = (6, 2)


def disk(data: Path) -> None:
    """There must be room for a database to live."""
    place = data
    while not place.exists():
        place = place.parent
    total, _, free = shutil.disk_usage(place)
    # What tells no size is no disk, such as /proc: making the folder there says what is wrong.
    if total and free < LEAST_FREE:
        raise Refused(
            f"The disk of {data} is full: {free // 2**20} MB are free, {LEAST_FREE // 2**20} MB are needed.",
            code="disk_full",
        )


def port(host: str, number: int) -> None:
    """The address must be free and ours to take."""
    try:
        family = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0][0]
        with closing(socket.socket(family, socket.SOCK_STREAM)) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, number))
            trial.listen(1)
    except socket.gaierror:
        raise Refused(f"{host} is no address of this machine.", code="host", field="host") from None
    except PermissionError:
        raise Refused(
            f"Port {number} may not be used by this user; take one above 1023.", code="port", field="port"
        ) from None
    except OSError as error:
        if error.errno == 99:
            raise Refused(f"{host} is no address of this machine.", code="host", field="host") from None
        raise Refused(
            f"Port {number} on {host} is taken by another program: choose another with --port.",
            code="port_taken",
            field="port",
        ) from None


def redis(url: str) -> None:
    """REDIS_URL must lead to Redis 6.2 or newer, or Valkey."""
    import redis as client
    from redis.exceptions import RedisError

    try:
        with client.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as connection:
            version = str(connection.info("server")["redis_version"])
    except (RedisError, OSError, ValueError) as error:
        raise Refused(f"REDIS_URL cannot be used: {_short(error)}.", code="redis", field="REDIS_URL") from None
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST_REDIS:
        raise Refused(f"REDIS_URL leads to Redis {version}; 6.2 or newer is needed.", code="redis", field="REDIS_URL")


def database(name: str, url: str) -> None:
    """The address must lead to PostgreSQL 16 or newer and let us in."""
    import psycopg

    try:
        with psycopg.connect(_plain(url), connect_timeout=5) as connection:
            version = connection.info.server_version
    except (psycopg.Error, OSError, ValueError) as error:
        raise Refused(f"{name} cannot be used: {_short(error)}.", code="database", field=name) from None
    if version < _OLDEST_POSTGRES:
        raise Refused(
            f"{name} leads to PostgreSQL {version // 10000}; 16 or newer is needed.", code="database", field=name
        )


def application_role(told: "Settings") -> None:
    """The application must not sign in as a role that could pass a tenant's policies by."""
    import psycopg
    from sqlalchemy import make_url

    role = make_url(told.database_url or "").username
    with psycopg.connect(_plain(told.database_owner_url or ""), connect_timeout=5) as connection:
        row = connection.execute(
            # Temporary tables are staging of bulk ingest and hold one session's rows only.
            "SELECT rolsuper, rolbypassrls, EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid"
            " AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relpersistence <> 't')"
            " OR EXISTS (SELECT 1 FROM pg_database d WHERE d.datdba = r.oid)"
            " FROM pg_roles r WHERE rolname = %s",
            [role],
        ).fetchone()
    if row is None:
        return
    for wrong, what in zip(row, ("is a superuser", "may bypass row-level security", "owns tables"), strict=True):
        if wrong:
            raise Refused(
                f"DATABASE_URL signs in as {role}, which {what}; tenants would not be apart. Use sc_app.",
                code="role",
                field="DATABASE_URL",
            )


def own_servers(told: "Settings") -> None:
    """All addresses that were given, before anything else is done with them."""
    if told.redis_url:
        redis(told.redis_url)
    if told.database_url:
        database("DATABASE_OWNER_URL", told.database_owner_url or "")
        application_role(told)
        if not told.given_secret_keys:
            raise Refused(
                "DATABASE_URL is set, so SALESCOMPASS_SECRET_KEY must be set too: any long random text,"
                " kept with the database's backups.",
                code="setting",
                field="SALESCOMPASS_SECRET_KEY",
            )


def own_roles(told: "Settings") -> None:
    """After the migration made the roles: they must let us in."""
    if told.database_url:
        database("DATABASE_URL", told.database_url)
        database("DATABASE_SYSTEM_URL", told.database_system_url or "")
        application_role(told)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _short(error: Exception) -> str:
    """The first line of a driver's message, without its full stop and without credentials."""
    from salescompass.kit.scrub import scrub

    lines = str(error).strip().splitlines() or [type(error).__name__]
    return scrub(lines[0]).rstrip(".")
