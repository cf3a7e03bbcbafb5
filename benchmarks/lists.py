"""Lists at a million people: the API's list of contacts, and the first page by any sort or filter of own columns.

The API is measured against the very statements that a page takes, replayed by bare psycopg as the application's role,
under its policies, with as many connections. Clients read different pages. First pages are measured against `SELECT 1`
in a session of the same kind.
"""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from sqlalchemy import text

from benchmarks import posting
from benchmarks.company import PEOPLE, fill
from benchmarks.condition_counts import table_read
from benchmarks.figure import Figure, median_of, p95
from benchmarks.ledger import receiving
from benchmarks.own_columns import Asked, every
from salescompass import conditions, crm, scoring
from salescompass.catalogue import catalogue
from salescompass.conditions import Catalogue
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.settings import settings
from salescompass.vocabulary import RecordKind, SubjectKind

CLIENTS, PROCESSES, TIMES, PAGE, PAGES = 16, 2, 3, 25, 20
KIND = RecordKind.CONTACTS
MOST_SECONDS = 2.0
"""What one of many first pages is measured for at most."""
Statement = tuple[str, Any, bool]
"""What is asked with which values, and whether the answer comes in binary."""


def measure(*, quick: bool) -> list[Figure]:
    """Requests a second, and the slowest first page."""
    people, number = (PEOPLE // 10, 500) if quick else (PEOPLE, 3000)
    options = ("--workers", "0", "--web", str(PROCESSES))
    with tempfile.TemporaryDirectory() as folder, receiving(Path(folder), *options) as sender:
        fill(sender.tenant_id, people)
        statements, paths = _pages(sender.tenant_id)
        asked = [
            posting.request(sender.address, path, b"", method="GET", Authorization=f"Bearer {sender.key}")
            for path in paths
        ]  # fmt: skip
        asked *= number // PAGES
        limits, products, slowest = [], [], []
        for time_ in range(TIMES + 1):
            limit = _replayed(sender.tenant_id, statements, number)
            ours = posting.send(sender.address, asked, clients=CLIENTS, expected=200)
            assert ours.refused == 0, ours.refused
            if time_:  # the first round only warms up
                limits.append(limit)
                products.append(ours.a_second)
                slowest.append(ours.percentile(0.99))
        p99 = statistics.median(slowest) * 1000
        pages = _first_pages(sender.tenant_id, times=10 if quick else 20)
    name = f"list of {PAGE} contacts from {CLIENTS} clients, {people:,} people"
    return [
        Figure(
            "13", name, statistics.median(limits), statistics.median(products), "req/s", 0.40, at_least=True,
            floor=f"at least 600 req/s; p99 {p99:.0f} ms, at most 60",
        ),
        *pages,
    ]  # fmt: skip


class _Noting(psycopg.Cursor[Any]):
    """Notes what it executes."""

    found: ClassVar[list[Statement]]

    def execute(self, query: Any, params: Any = None, *, binary: bool | None = None, **options: Any) -> Any:
        self.found.append((query, params, bool(binary)))
        return super().execute(query, params, binary=binary, **options)


def _pages(tenant: UUID) -> tuple[list[list[Statement]], list[str]]:
    """For each of some pages what it asks the database, after its session's beginning, and its path."""
    statements: list[list[Statement]] = []
    paths, cursor = [], None
    with tenant_session(tenant) as session:
        connection: Any = session.connection().connection.driver_connection
        before, connection.cursor_factory = connection.cursor_factory, _Noting
        try:
            for _ in range(PAGES):
                _Noting.found = []
                page = crm.list_records(session, KIND, limit=PAGE, cursor=cursor, named=False)
                scoring.scores(session, SubjectKind.PERSON, [one.id for one in page.items])
                statements.append(_Noting.found)
                paths.append(f"/api/v1/contacts?limit={PAGE}" + (f"&cursor={cursor}" if cursor else ""))
                cursor = page.next_cursor
        finally:
            connection.cursor_factory = before
    return statements, paths


def _replayed(tenant: UUID, statements: list[list[Statement]], number: int) -> float:
    """Requests a second by bare connections: as many as clients, in as many processes as the product has."""
    context = multiprocessing.get_context("spawn")
    address = str(settings().database_url).replace("+psycopg", "")
    with context.Pool(PROCESSES) as pool:
        work = (address, tenant, statements, CLIENTS // PROCESSES, number // CLIENTS)
        pool.starmap(_loop, [(*work[:-1], 5)] * PROCESSES)
        began = time.perf_counter()
        pool.starmap(_loop, [work] * PROCESSES)
        return number / (time.perf_counter() - began)


def _loop(address: str, tenant: UUID, statements: list[list[Statement]], clients: int, times: int) -> None:
    def ask() -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            for time_ in range(times):
                with connection.transaction():
                    connection.execute("SELECT set_config('app.tenant_id', %s, true)", (str(tenant),))
                    for statement, given, binary in statements[time_ % len(statements)]:
                        connection.execute(statement, given, prepare=True, binary=binary).fetchall()

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def _first_pages(tenant: UUID, *, times: int) -> list[Figure]:
    """The slowest first pages of all lists, by any sort and any filter of own columns.

    Those that an index finds are measured beside `SELECT 1`; those that look at rows until a page is full, beside
    reading all people once.
    """
    took: dict[str, dict[str, float]] = {"index": {}, "pieces": {}, "far": {}}
    for kind in crm.RECORD_TYPES:
        with tenant_session(tenant) as session:
            known = catalogue(session)
            asked = list(every(session, kind, known))
        for one in asked:
            took[one.way][f"{kind.value} {one.name}"] = _p95_of(partial(_first_page, tenant, kind, known, one), times)
    whole = median_of(lambda: table_read(tenant), times=5)
    return [
        _slowest(took["index"], "by what an index serves", _p95_of(partial(_nothing, tenant), 200), 25),
        _slowest(took["pieces"], "by a piece of a text", whole, 2),
        _slowest(took["far"], "of what lies far behind", whole, 2),
    ]


def _slowest(took: dict[str, float], how: str, limit: float, gate: float) -> Figure:
    worst = max(took, key=lambda name: took[name])
    name = f"first page {how}, {len(took)} of them, slowest: {worst}; p95"
    within = sum(one <= 25 * limit for one in took.values()) / len(took)
    floor = f"{within:.1%} within" if gate == 25 else ""
    return Figure("13", name, limit * 1e3, took[worst] * 1e3, "ms", gate, floor=floor)


def _first_page(tenant: UUID, kind: RecordKind, known: Catalogue, one: Asked) -> None:
    with tenant_session(tenant) as session:
        where = None
        if one.rule is not None:
            tree = conditions.parse({"rules": [one.rule]}, known, object=crm.RECORD_TYPES[kind].object_type)
            where = conditions.where(tree, catalogue=known, now=clock.now())
        crm.list_records(session, kind, sort=one.sort, where=where)


def _nothing(tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        session.connection().execute(text("SELECT 1")).scalar_one()


def _p95_of(act: Callable[[], None], times: int) -> float:
    act()
    found: list[float] = []
    for _ in range(times):
        if sum(found) > MOST_SECONDS:
            break
        began = time.perf_counter()
        act()
        found.append(time.perf_counter() - began)
    return p95(found)
