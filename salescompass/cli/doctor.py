"""doctor: one line for each thing that must be right, and how to mend it when it is not."""

import platform
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from salescompass.cli import checks
from salescompass.cli.output import failure_of

if TYPE_CHECKING:
    from salescompass.kit.settings import Settings

_PACKAGES = ("reflex", "sqlmodel", "alembic", "psycopg", "rq", "granian")
_ROOMY = 2 * 1024**3


@dataclass(frozen=True)
class Check:
    """One finding. `mend` says what to do when the state is not "good"."""

    name: str
    state: Literal["good", "note", "wrong"]
    found: str
    mend: str = ""


def lines_of(found: list[Check]) -> str:
    """The findings for people."""
    sign = {"good": "ok   ", "note": "note ", "wrong": "WRONG"}
    return "\n".join(
        f"{sign[one.state]} {one.name}: {one.found}" + (f"\n      {one.mend}" if one.mend else "") for one in found
    )


def examine(data: Path | None, told: "Settings") -> list[Check]:
    """All findings, in the order in which things depend on each other."""
    from salescompass.cli.house import house

    found = [*_machine(told)]
    with ExitStack() as stack:
        try:
            stack.enter_context(house(data, schema=False))
        except Exception as error:
            return [*found, Check("servers", "wrong", failure_of(error).message, "Mend this first; then run again.")]
        for examination in (_servers, _migrations, _roles, _work, _chains, _ledger, _scores):
            try:
                found += examination()
            except Exception as error:
                found.append(Check(examination.__name__.strip("_"), "wrong", failure_of(error).message))
                if examination is _migrations:
                    break
    return found


def _machine(told: "Settings") -> Iterator[Check]:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    yield Check("versions", "good", f"Python {platform.python_version()}, {packages}")
    place = told.data
    while not place.exists():
        place = place.parent
    disk = shutil.disk_usage(place)
    room = f"{disk.free / 2**30:.1f} GB of {disk.total / 2**30:.0f} GB free at {told.data}"
    if disk.free < checks.LEAST_FREE:
        yield Check("disk", "wrong", room, "Free some space: nothing starts with less than 300 MB.")
    elif disk.free < _ROOMY:
        yield Check("disk", "note", room, "Soon too little: backups and the ledger grow.")
    else:
        yield Check("disk", "good", room)
    yield from _secrets(told)
    yield _browser()


def _secrets(told: "Settings") -> Iterator[Check]:
    key = told.data / "secret-key"
    if told.given_secret_keys:
        yield Check("secret key", "good", f"{len(told.given_secret_keys)} given by SALESCOMPASS_SECRET_KEY")
    elif not key.exists():
        yield Check("secret key", "good", "is made at the first start")
    elif key.stat().st_mode & 0o077:
        yield Check(
            "secret key",
            "wrong",
            f"{key} can be read by others",
            f"chmod 600 {key}, or delete it: `run` makes a new one.",
        )
    else:
        yield Check("secret key", "good", "kept in the data folder, readable by its owner only")
    if told.public_url and not told.public_url.startswith("https://"):
        yield Check(
            "public address",
            "note",
            f"{told.public_url} is not https",
            "Put a TLS proxy before it: docs/operations.md.",
        )


def _browser() -> Check:
    from salescompass.cli.chromium import find_chromium

    found = find_chromium()
    if found:
        return Check("Chromium", "good", f"{found} (used by tests only)")
    return Check("Chromium", "note", "not found", "Only `test` needs it: apt-get install chromium.")


def _servers() -> Iterator[Check]:
    from sqlalchemy import text

    from salescompass.kit import database, wire

    engines: dict[str, Callable[[], database.Engine]] = {
        "owner": database.owner_engine,
        "application": database.app_engine,
        "system": database.system_engine,
    }
    for name, engine in engines.items():
        with engine().connect() as connection:
            row = connection.execute(
                text("SELECT current_user, current_setting('server_version'), count(*) FROM pg_stat_activity")
            ).one()
        yield Check(f"PostgreSQL as {name}", "good", f"{row[0]}, version {row[1]}, {row[2]} connections")
        if name == "owner" and _is_empty():
            yield Check("tables", "note", "none yet", "Run ./compass migrate, or ./compass run.")
            break
    server: Any = wire.wire().info("server")
    name = str(server.get("server_name", "redis"))
    yield Check("Redis", "good", f"{name} {server.get('valkey_version', server['redis_version'])}")


def _is_empty() -> bool:
    from salescompass.kit import migrations
    from salescompass.kit.database import owner_engine

    with owner_engine().connect() as connection:
        return migrations.current(connection) is None


def _migrations() -> Iterator[Check]:
    from salescompass.kit import migrations
    from salescompass.kit.database import owner_engine

    with owner_engine().connect() as connection:
        at, head = migrations.current(connection), migrations.head()
    if at == head:
        yield Check("migrations", "good", f"at {at}")
    else:
        yield Check("migrations", "wrong", f"at {at}, this version needs {head}", "Run ./compass migrate.")
        raise RuntimeError("the database does not fit this version; the rest was not looked at")


def _roles() -> Iterator[Check]:
    from salescompass.kit.settings import settings

    checks.application_role(settings())
    yield Check("roles", "good", "the application owns nothing and cannot bypass row-level security")


def _work() -> Iterator[Check]:
    from sqlalchemy import text

    from salescompass.kit import queue, wire
    from salescompass.kit.database import system_session

    with system_session() as session:
        row = (
            session.connection()
            .execute(
                text(
                    "SELECT count(*) FILTER (WHERE dead_at IS NULL), count(*) FILTER (WHERE dead_at IS NOT NULL),"
                    " coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE dead_at IS NULL)), 0) FROM outbox"
                )
            )
            .one()
        )
    waiting, dead, late = int(row[0]), int(row[1]), float(row[2])
    if dead:
        mend = "Look at Admin, Health: it shows why, and tries them again."
        yield Check("outbox", "wrong", f"{waiting} wait, {dead} were given up", mend)
    elif late > 90:
        mend = "Workers do it: is `run` up, and does Redis answer?"
        state: Literal["note", "wrong"] = "wrong" if _run_is_up() else "note"
        yield Check("outbox", state, f"{waiting} wait, the oldest for {late:.0f} s", mend)
    else:
        yield Check("outbox", "good", f"{waiting} wait")
    lengths = {lane: queue.lane_queue(lane, wire.wire()).count for lane in queue.LANES}
    yield Check("queues", "good", ", ".join(f"{lane}: {count}" for lane, count in lengths.items()))


def _chains() -> Iterator[Check]:
    from salescompass import identity

    reports = [identity.verify(tenant.tenant_id) for tenant in identity.all_tenants()]
    for report in reports:
        if report.ok:
            continue
        if report.broken is not None:
            mend = "The trail was changed: compare it with a backup."
            yield Check(f"audit trail of {report.tenant_id}", "wrong", report.broken.reason, mend)
        else:
            what = f"{report.overdue} rows are not sealed after a minute"
            # Sealing is the workers' part, so without `run` rows wait for it and nothing is amiss.
            state: Literal["note", "wrong"] = "wrong" if _run_is_up() else "note"
            yield Check(f"audit trail of {report.tenant_id}", state, what, "`run` seals them: is it up?")
    if all(report.ok for report in reports):
        rows = sum(report.rows for report in reports)
        yield Check("audit trails", "good", f"{len(reports)} chains hold, {rows} rows")


def _run_is_up() -> bool:
    from salescompass.cli.house import run_lock
    from salescompass.kit.settings import settings

    lock = run_lock(settings().data)
    free = lock.try_exclusive()
    lock.release()
    return not free


def _ledger() -> Iterator[Check]:
    from datetime import UTC, datetime

    from salescompass.cli.upkeep import orphans
    from salescompass.kit import partitions
    from salescompass.kit.database import owner_engine

    with owner_engine().connect() as connection:
        today = datetime.now(UTC).date()
        lacking = [
            name
            for table in partitions.PARTITIONED
            for name, _, _ in partitions.missing(today, partitions.covered(connection, table))
        ]
        lost = orphans(connection)
    if lacking:
        yield Check("partitions", "wrong", f"{len(lacking)} are missing", "Run ./compass maintenance.")
    else:
        yield Check("partitions", "good", "three months ahead")
    if lost:
        yield Check("ledger", "wrong", f"{lost} keys lead to no event", "Restore from a backup, or report it.")
    else:
        yield Check("ledger", "good", "no reference leads nowhere")


def _scores() -> Iterator[Check]:
    from salescompass import identity, scoring
    from salescompass.kit.database import tenant_session

    subjects = 0
    for tenant in identity.all_tenants():
        with tenant_session(tenant.tenant_id) as session:
            found = scoring.verify(session)
        subjects += found.subjects
        mend = f"Run ./compass rebuild --tenant {tenant.slug}; then report it."
        if (found.wrong_buckets and not found.publishing) or (found.wrong_scores and not found.waiting):
            what = f"{found.wrong_buckets} counts and {found.wrong_scores} scores are not what the events say"
            yield Check(f"scores of {tenant.slug}", "wrong", what, mend)
        elif found.late and not found.waiting:
            # Time goes on without `run`; it catches up within a minute of its start.
            state: Literal["note", "wrong"] = "wrong" if _run_is_up() else "note"
            yield Check(f"scores of {tenant.slug}", state, f"{found.late} wait to be rewritten", "Is `run` up?")
    yield Check("scores", "good", f"{subjects} looked at")
