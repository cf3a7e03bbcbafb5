"""Whatever is killed while a client sends events: none is lost, each is counted once, and open pages show all of it.

The client repeats a request until it is answered, as docs/api.md advises. Workers (with their children), Valkey (which
is emptied) and PostgreSQL are killed with -9 while rows of the outbox are claimed.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from salescompass import identity
from salescompass.kit.database import tenant_session
from salescompass.kit.live import Hub
from salescompass.vocabulary import Topic

from .conftest import House

PEOPLE = 50


@dataclass
class Sender:
    """A client that sends keyed events at a steady pace, and repeats what was not answered.

    It runs ahead of the kills only slowly, so that something is sent until the last of them: `allowed` is how much of
    all may be sent by now.
    """

    house: House
    key: str
    total: int
    seconds: float
    largest: int = 40
    allowed: float = 0.0
    sent: int = 0
    created: int = 0
    repeated: int = 0
    odd: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> list[threading.Thread]:
        """Send from four threads."""
        batches, first = [], 0
        dice = random.Random(11)
        while first < self.total:
            size = min(dice.randrange(1, self.largest), self.total - first)
            batches.append((first, size))
            first += size
        threads = [
            threading.Thread(target=self._send_all, args=(batches[turn::4], turn), daemon=True) for turn in range(4)
        ]
        for thread in threads:
            thread.start()
        return threads

    def _send_all(self, batches: list[tuple[int, int]], turn: int) -> None:
        dice, began = random.Random(turn), time.monotonic()
        with httpx.Client(
            base_url=self.house.api, headers={"Authorization": f"Bearer {self.key}"}, timeout=20
        ) as client:
            for number, (first, size) in enumerate(batches):
                time.sleep(max(0.0, began + self.seconds * number / len(batches) - time.monotonic()))
                if number > self.allowed * len(batches):
                    time.sleep(1.0)
                self._send(client, first, size)
                if dice.random() < 0.05:
                    self._send(client, first, size, again=True)

    def _send(self, client: httpx.Client, first: int, size: int, *, again: bool = False) -> None:
        body = {"events": [_event(number) for number in range(first, first + size)]}
        while True:
            try:
                answer = client.post("/api/v1/events/bulk", json=body)
            except httpx.HTTPError:
                time.sleep(0.2)
                continue
            if answer.status_code == 200:
                break
            if answer.status_code not in (429, 500, 502, 503):
                self.odd.append(f"{answer.status_code} {answer.text[:200]}")
                return
            time.sleep(0.2)
        told = answer.json()
        with self._lock:
            self.created += told["created"]
            self.repeated += told["duplicates"]
            self.sent += 0 if again else size
            if told["invalid"]:
                self.odd.append(str(told["results"])[:300])


def _event(number: int) -> dict[str, Any]:
    return {
        "type": "page_viewed",
        "contact": {"email": f"p{number % PEOPLE}@acme.example"},
        "occurred_at": f"2026-{number % 9 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:00:00Z",
        "idempotency_key": f"event {number}",
    }


class Page(threading.Thread):
    """An open page: it hears notes and fetches what it shows, and is never reloaded."""

    def __init__(self, tenant: UUID, resync_seconds: float) -> None:
        super().__init__(daemon=True)
        self.shown = 0
        self._tenant, self._resync = tenant, resync_seconds
        self._closed = threading.Event()

    def run(self) -> None:
        asyncio.run(self._open())

    def close(self) -> None:
        self._closed.set()
        self.join(10)

    async def _open(self) -> None:
        hub = Hub(resync_seconds=self._resync)
        hearing = asyncio.create_task(hub.run())
        async with hub.listen(self._tenant, [Topic.EVENTS]) as notes:
            while not self._closed.is_set():
                try:
                    await asyncio.wait_for(notes.next(), 0.5)
                    self.shown = await asyncio.to_thread(self._fetch)
                except TimeoutError:
                    continue
                except Exception:
                    await asyncio.sleep(0.1)
        hearing.cancel()

    def _fetch(self) -> int:
        with tenant_session(self._tenant) as session:
            return int(session.connection().execute(text("SELECT coalesce(sum(n), 0) FROM person_day")).scalar_one())


@dataclass
class Kills:
    """Kills while rows are claimed, and how long until those rows were done."""

    house: House
    done: Counter[str] = field(default_factory=Counter)
    pending: dict[object, float] = field(default_factory=dict)
    resumed: list[float] = field(default_factory=list)

    def strike(self, kind: str) -> bool:
        """Kill as soon as rows are claimed that no kill before has left behind; False when there were none."""
        until, looked = time.monotonic() + 10, 0.0
        while not (rows := self.house.claimed() - set(self.pending)):
            if time.monotonic() > until:
                return False
            if time.monotonic() > looked + 0.1:
                self.look()
                looked = time.monotonic()
            time.sleep(0.0005)
        getattr(self.house, f"kill_{kind}")()
        now = time.monotonic()
        if kind == "workers":
            # Only a kill that left rows behind counts: who lived would be done with them by now.
            time.sleep(0.5)
            rows &= self.house.claimed()
        if rows:
            self.done[kind] += 1
            self.pending |= dict.fromkeys(rows, now)
        return bool(rows)

    def look(self) -> None:
        """Keep the house, and see which rows that were claimed at a kill are done by now."""
        self.house.step()
        if not self.pending:
            return
        left = self.house.sql("SELECT id FROM outbox UNION ALL SELECT NULL")
        if left:
            there = {row[0] for row in left}
            for row in [row for row in self.pending if row not in there]:
                self.resumed.append(time.monotonic() - self.pending.pop(row))


def run_story(
    house: House, *, total: int, seconds: float, kills_a_kind: int, resync: float, largest: int = 40
) -> Kills:
    """Send, kill, wait, compare."""
    house.wait(lambda: _answers(house.api), 60, "the API")
    slug = f"t{uuid4().hex[:8]}"
    tenant = identity.create_tenant(
        name=slug, slug=slug, admin_email=f"a@{slug}.example", admin_password=f"pass phrase {slug}"
    ).tenant_id
    with tenant_session(tenant) as session:
        key = identity.create_key(session, None, name="sender", scopes=["events:write"]).key
    page = Page(tenant, resync)
    page.start()
    kills, sender = Kills(house), Sender(house, key, total, seconds, largest)
    threads, began = sender.start(), time.monotonic()
    plan = [kind for _ in range(kills_a_kind) for kind in ("workers", "valkey", "postgres")]
    for number, kind in enumerate(plan):
        # The last one comes when 85 % is sent.
        sender.allowed = 0.85 * (number + 1) / len(plan)
        while time.monotonic() - began < seconds * sender.allowed:
            kills.look()
            time.sleep(0.02)
        while any(thread.is_alive() for thread in threads) and not kills.strike(kind):
            pass
    sender.allowed = 1.0
    while any(thread.is_alive() for thread in threads):
        kills.look()
        time.sleep(0.05)
    assert (sender.odd, sender.sent) == ([], total)
    house.wait(lambda: kills.look() or house.sql("SELECT count(*) FROM outbox") == [(0,)], 120, "the outbox is empty")
    house.wait(lambda: page.shown == total, resync + 10, f"the page shows all, not {page.shown}")
    page.close()
    _compare(house, total)
    return kills


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _compare(house: House, total: int) -> None:
    assert house.sql("SELECT count(*), count(DISTINCT id) FROM event") == [(total, total)]
    assert house.sql("SELECT count(*) FROM event_key") == [(total,)]
    assert house.sql("SELECT count(*) FROM person") == [(PEOPLE,)]
    counted = "SELECT person_id, day, n FROM person_day"
    told = "SELECT person_id, (occurred_at AT TIME ZONE 'UTC')::date, count(*) FROM event GROUP BY 1, 2"
    assert house.sql(f"({counted} EXCEPT {told}) UNION ALL ({told} EXCEPT {counted})") == []
    assert house.sql("SELECT sum(n) FROM person_day") == [(total,)]


def test_nothing_is_lost_or_counted_twice_whoever_is_killed(house_at: Callable[..., Any]) -> None:
    with house_at(lease=2, sweep=1, monitor=1) as house:
        kills = run_story(house, total=3000, seconds=30, kills_a_kind=10, resync=2, largest=8)
    assert min(kills.done[kind] for kind in ("workers", "valkey", "postgres")) >= 8, kills.done
    print(f"resumed after {max(kills.resumed):.1f} s at most; kills {dict(kills.done)}")


@pytest.mark.slow
def test_twenty_thousand_events_at_production_settings(house_at: Callable[..., Any]) -> None:
    with house_at(lease=60, sweep=5, monitor=5) as house:
        kills = run_story(house, total=20_000, seconds=200, kills_a_kind=6, resync=30)
    assert min(kills.done[kind] for kind in ("workers", "valkey", "postgres")) >= 5, kills.done
    print(f"resumed after {max(kills.resumed):.1f} s at most; kills {dict(kills.done)}")
    assert max(kills.resumed) <= 90


@pytest.mark.slow
def test_twenty_thousand_events_and_many_kills(house_at: Callable[..., Any]) -> None:
    with house_at(lease=2, sweep=1, monitor=1) as house:
        kills = run_story(house, total=20_000, seconds=240, kills_a_kind=40, resync=5)
    assert min(kills.done[kind] for kind in ("workers", "valkey", "postgres")) >= 35, kills.done
