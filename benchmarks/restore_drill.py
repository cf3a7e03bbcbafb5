"""A restore with its verification, against the bare load of the same dump."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.figure import Figure, median_of
from benchmarks.instance import migrated
from salescompass import identity
from salescompass.cli import backup, restore
from salescompass.kit.embedded import Postgres
from salescompass.kit.embedded.ground import Ground
from salescompass.kit.embedded.postgres import OWNER

_EVENTS = (
    "INSERT INTO event (tenant_id, occurred_at, id, type, direction, channel, source, properties) "
    "SELECT %s, now() - n * interval '10 seconds', gen_random_uuid(), 'page_viewed', 'in', 'web', 'api', "
    "jsonb_build_object('path', '/page/' || n, 'seconds', n %% 300) FROM generate_series(1, %s) n"
)
_BARE = "bench_bare"


def _quiet(_line: str) -> None:
    """Nobody reads along."""


def measure(*, quick: bool) -> list[Figure]:
    """Seconds until the restored database is in place and verified."""
    rows = 200_000 if quick else 2_000_000
    with tempfile.TemporaryDirectory() as folder, migrated(Path(folder)):
        data = Path(folder)
        tenant = identity.create_tenant(
            name="Bench", slug="bench", admin_email="admin@bench.example", admin_password="a long pass phrase 7"
        ).tenant_id
        with psycopg.connect(backup.owner_url()) as connection:
            connection.execute(_EVENTS, [tenant, rows])
        file = data / "drill.compass"
        backup.write_backup(file, passphrase="a long pass phrase 8")
        server = Postgres(Ground(data, _quiet))

        def bare() -> float:
            with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as admin:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_BARE)))
                admin.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(_BARE), sql.Identifier(OWNER))
                )
                program = backup.program("pg_restore", admin)
            with backup.unpacked(file) as (_, dump, _sealed):
                jobs = str(min(os.cpu_count() or 1, 4))
                begin = time.perf_counter()
                command: list[str | Path] = [program, "--no-owner", "-j", jobs, "-d", _BARE, dump]
                backup.run_program(command, server.url(OWNER, _BARE), "The load")
                return time.perf_counter() - begin

        def whole() -> float:
            begin = time.perf_counter()
            restore.restore(file, data, embedded=True, replace=False, passphrase="a long pass phrase 8")
            return time.perf_counter() - begin

        times = 1 if quick else 3
        limit, product = median_of(bare, times=times), median_of(whole, times=times)
        return [Figure("22", f"restore drill, {rows:,} events", limit, product, "s", 1.3, floor="about 4 min for 7 GB")]
