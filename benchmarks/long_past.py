"""The ledger when it is long: pages of the feed, what row-level security costs, scores, and everything made anew."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from benchmarks.figure import Figure, p95
from benchmarks.instance import migrated
from benchmarks.ledger import TYPES, owner
from benchmarks.past import grow, known_tenants, statement_of, three_tenants
from salescompass import events, reactions, scoring
from salescompass.events import EventBatch, Happening, Lens
from salescompass.kit.database import raw_cursor, tenant_session
from salescompass.kit.ids import new_id
from salescompass.kit.pagination import Position
from salescompass.vocabulary import Source, Verdict

TIMES, BATCH = 3, 100_000
"""BATCH: what one drain takes at a time, 200 rows of the outbox with 500 events each."""
KEPT = "COMPASS_BENCH_PAST"
"""Names a folder in which the two pasts stay: they take a quarter of an hour to make, and are measured again as they
are. Each measurement adds its new events to both."""


@dataclass(frozen=True)
class Pages:
    """Seconds in 95 of 100 cases, and typical ones with and without policies."""

    nothing: float
    first: float
    anywhere: float
    deepest: float
    timeline: float
    guarded: float
    bare: float
    feed_index: str
    timeline_index: str


@dataclass(frozen=True)
class Rounds:
    """Seconds of scoring new events, of making everything anew, and of reading every event once."""

    scored: float
    rebuilt: float
    scanned: float


def measure(*, quick: bool) -> list[Figure]:
    """All figures of a past of two million and of twenty million events."""
    small, large = (200_000, 2_000_000) if quick else (2_000_000, 20_000_000)
    new, touched = (10_000, 2_000) if quick else (100_000, 20_000)
    with _past(small) as tenants:
        pages_small, rounds_small = _pages(tenants), _rounds(tenants, new, touched, again=False)
    with _past(large) as tenants:
        pages, rounds = _pages(tenants), _rounds(tenants, new, touched, again=True)
    return [*_of_pages(pages, pages_small, large), *_of_rounds(rounds, rounds_small, large, new)]


@contextmanager
def _past(size: int) -> Iterator[list[UUID]]:
    """The tenants of a past of so many events, made now or kept from before."""
    with ExitStack() as stack:
        kept = os.environ.get(KEPT)
        folder = Path(kept or stack.enter_context(tempfile.TemporaryDirectory())) / f"{size}"
        folder.mkdir(parents=True, exist_ok=True)
        stack.enter_context(migrated(folder))
        if (folder / "grown").exists():
            yield known_tenants()
            return
        tenants = three_tenants()
        grow(tenants, 0, size)
        (folder / "grown").touch()
        yield tenants


def _of_pages(pages: Pages, small: Pages, large: int) -> list[Figure]:
    size, floor, limit = f"{large:,} events", "p95 of at most 2 ms", pages.nothing * 1e3
    share, share_small = pages.anywhere / pages.nothing, small.anywhere / small.nothing
    return [
        Figure(
            "4", f"first page of the feed in {size}, by {pages.feed_index}", limit, pages.first * 1e3, "ms", 20,
            floor=floor,
        ),
        Figure("4", f"feed page anywhere in {size}", limit, pages.anywhere * 1e3, "ms", 20, floor=floor),
        Figure(
            "4", f"timeline of an account in {size}, by {pages.timeline_index}", limit, pages.timeline * 1e3, "ms", 20,
            floor=floor,
        ),
        Figure("4", "deepest page against the first", pages.first * 1e3, pages.deepest * 1e3, "ms", 2),
        Figure("4", f"feed page in {size} against a tenth", share_small, share, "x SELECT 1", 1.5),
        Figure("5", "feed page with policies against without", pages.bare * 1e3, pages.guarded * 1e3, "ms", 1.10),
    ]  # fmt: skip


def _of_rounds(rounds: Rounds, small: Rounds, large: int, new: int) -> list[Figure]:
    a_second = f"{new / rounds.scored:,.0f} events/s, at least 20,000"
    after = f"scores after {new:,} events, {large:,} of the past against a tenth"
    return [
        Figure("6", after, small.scored, rounds.scored, "s", 1.2, floor=a_second),
        Figure("6", "everything made anew against these scores", rounds.scored, rounds.rebuilt, "s", 20, at_least=True),
        Figure(
            "7", f"scores of {large:,} events made anew", rounds.scanned, rounds.rebuilt, "s", 40,
            floor="at most 90 s for 20,000,000",
        ),
    ]  # fmt: skip


def _pages(tenants: list[UUID]) -> Pages:
    """Pages of the feed as the application reads them; their statements are run by the driver alone."""
    tenant, took, indices = tenants[0], defaultdict[str, list[float]](list), dict[str, str]()
    with owner() as free, tenant_session(tenant) as session, raw_cursor(session) as cursor, free.cursor() as bare:
        for turn, shown in enumerate(_shown(session)):
            times = {name: _timed(cursor, *statement) for name, statement in shown.items()}
            times["guarded"] = _timed(cursor, *shown["anywhere"])
            times["bare"] = _timed(bare, *_without_policy(shown["anywhere"], tenant))
            indices = indices or {name: _index_of(cursor, *shown[name]) for name in ("first", "timeline")}
            if turn >= 20:  # until then statements are being prepared
                for name, seconds in times.items():
                    took[name].append(seconds)
    slow = {name: p95(values) for name, values in took.items()}
    usual = {name: statistics.median(took[name]) for name in ("guarded", "bare")}
    return Pages(**(slow | usual), feed_index=indices["first"], timeline_index=indices["timeline"])


def _index_of(cursor: Any, statement: str, parameters: Any) -> str:
    """The index by which a statement reads this month's events. Raises RuntimeError when it reads them whole."""
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    month = f"event_m{datetime.now(UTC):%Y%m}"
    nodes = [node for node in _nodes(cursor.fetchone()[0][0]["Plan"]) if node.get("Relation Name") == month]
    if not nodes or any(node["Node Type"] == "Seq Scan" for node in nodes):
        raise RuntimeError(f"no index of {month} is used: {statement}")
    return str(nodes[0].get("Index Name", nodes[0]["Node Type"])).removeprefix(f"{month}_").removesuffix("_idx")


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _shown(session: Session) -> Iterator[dict[str, tuple[str, Any]]]:
    """The statements of pages: of the feed at its beginning, anywhere, at its end, and of an account."""
    chance = random.Random(5)
    newest = events.entries(session, Lens(), limit=200).items
    accounts = [entry.account_id for entry in newest]

    def page(age: float = 0.0, account_id: UUID | None = None) -> tuple[str, Any]:
        place = Position(newest[0].occurred_at - timedelta(days=age), new_id()).cursor() if age else None
        lens = Lens(account_id=account_id)
        return statement_of(session, lambda: events.entries(session, lens, cursor=place))

    for _ in range(220):
        yield {
            "nothing": ("SELECT 1", None),
            "first": page(),
            "anywhere": page(chance.random() * 355),
            "deepest": page(358),
            "timeline": page(account_id=chance.choice(accounts)),
        }


def _timed(cursor: Any, statement: str, parameters: Any) -> float:
    began = time.perf_counter()
    cursor.execute(statement, parameters)
    cursor.fetchall()
    return time.perf_counter() - began


def _without_policy(shown: tuple[str, Any], tenant: UUID) -> tuple[str, Any]:
    """The same statement with the condition written out that a policy adds."""
    statement, parameters = shown
    for table in ("account", "person"):
        statement = statement.replace(f"ON {table}.id =", f"ON {table}.tenant_id = event.tenant_id AND {table}.id =")
    return statement.replace("WHERE", f"WHERE event.tenant_id = '{tenant}' AND", 1), parameters


def _rounds(tenants: list[UUID], new: int, touched: int, *, again: bool) -> Rounds:
    """Scores after new events, against making all anew from nothing; both must agree with the ledger."""
    rebuilt = [_rebuilt(tenants) for _ in range(TIMES if again else 1)]
    scored = statistics.median(_scored(tenants[0], new, touched) for _ in range(TIMES))
    with tenant_session(tenants[0]) as session:
        session.connection().execute(text("SET LOCAL statement_timeout = '1h'"))
        found = scoring.verify(session)
        assert found.wrong_buckets + found.wrong_scores == 0, found
    return Rounds(scored, statistics.median(rebuilt), statistics.median(_scanned() for _ in range(TIMES)))


def _rebuilt(tenants: Iterable[UUID]) -> float:
    with owner() as connection:
        connection.execute("TRUNCATE event_bucket, score")
    began = time.perf_counter()
    for tenant in tenants:
        with tenant_session(tenant) as session:
            scoring.rebuild(session)
    took = time.perf_counter() - began
    with owner() as connection:
        connection.execute("VACUUM (ANALYZE) event_bucket, score")
    return took


def _scanned() -> float:
    """Every event's points added up once, by one process, as a statement that writes is done by one too; from the
    events themselves, since an index of their types alone would say no more than how many there are of each."""
    points = ", ".join(f"('{key}', {kind.points}::float8)" for key, kind in events.BUILT_IN.items() if key in TYPES)
    with owner() as connection:
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SET enable_indexonlyscan = off")
        began = time.perf_counter()
        connection.execute(f"SELECT sum(points) FROM event JOIN (VALUES {points}) p (type, points) USING (type)")  # noqa: S608
        return time.perf_counter() - began


def _scored(tenant: UUID, new: int, touched: int) -> float:
    """The seconds in which new events become scores; they are written to the ledger before."""
    batch = _told(tenant, new, touched)
    began = time.perf_counter()
    for start in range(0, new, BATCH):
        with tenant_session(tenant) as session:
            part = EventBatch(batch.ids[start : start + BATCH], batch.times[start : start + BATCH])
            reactions.events_recorded(session, part)
    return time.perf_counter() - began


def _told(tenant: UUID, new: int, touched: int) -> EventBatch:
    """New events of the last hours, always of as many people, whatever the size of the past."""
    chance, now = random.Random(6), datetime.now(UTC)
    with tenant_session(tenant) as session:
        people = _some_people(session, touched)
        happenings = []
        for _ in range(new):
            person, account = chance.choice(people)
            at = now - timedelta(seconds=chance.random() * 7200)
            key = str(one := new_id())
            happenings.append(
                Happening(one, at, now, chance.choice(TYPES), account, person, Verdict.HUMAN, (), None, {}, key, None)
            )
        events.record_history(session, happenings, source=Source.API)
    return EventBatch(tuple(one.id for one in happenings), tuple(one.occurred_at for one in happenings))


def _some_people(session: Session, touched: int) -> list[tuple[UUID, UUID]]:
    found = session.connection().execute(
        text("SELECT id, account_id FROM person ORDER BY id DESC LIMIT :most"), {"most": touched}
    )
    return [(person, account) for person, account in found]
