"""A run in which everything is killed while a client sends: kills strike while there is something to lose."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from salescompass import identity
from salescompass.kit.database import tenant_session
from salescompass.kit.live import Hub
from salescompass.vocabulary import Topic

from .comparing import compare
from .conftest import House
from .sending import Sender
from .story import Story


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
            return int(session.connection().execute(text("SELECT count(*) FROM event")).scalar_one())


@dataclass
class Kills:
    """Kills while rows are claimed or requests are under way, and how long until those rows were done."""

    house: House
    sender: Sender
    done: Counter[str] = field(default_factory=Counter)
    pending: dict[object, float] = field(default_factory=dict)
    resumed: list[float] = field(default_factory=list)
    sent_at_last: float = 0.0
    """How much of all had been sent when the last kill struck."""
    seconds: float = 0.0
    """How long sending took."""

    def strike(self, kind: str) -> bool:
        """Kill when it hurts; False when there was nothing to lose for a while."""
        struck = self._strike_web() if kind == "web" else self._strike_claimed(kind)
        self.done[kind] += struck
        if struck:
            self.sent_at_last = self.sender.sent / self.sender.story.total
        return struck

    def _strike_web(self) -> bool:
        """Kill the web processes as soon as two requests are under way."""
        if not self._patiently(lambda: self.sender.flying >= 2):
            return False
        self.house.kill_web()
        return True

    def _strike_claimed(self, kind: str) -> bool:
        """Kill as soon as rows are claimed that no kill before has left behind."""
        if not self._patiently(lambda: self.house.claimed() - set(self.pending)):
            return False
        rows = self.house.claimed() - set(self.pending)
        getattr(self.house, f"kill_{kind}")()
        now = time.monotonic()
        if kind == "workers":
            # Only a kill that left rows behind counts: who lived would be done with them by now.
            time.sleep(0.5)
            rows &= self.house.claimed()
        self.pending |= dict.fromkeys(rows, now)
        return bool(rows)

    def _patiently(self, true: Callable[[], object]) -> bool:
        until, looked = time.monotonic() + 10, 0.0
        while not true():
            if time.monotonic() > until:
                return False
            if time.monotonic() > looked + 0.1:
                self.look()
                looked = time.monotonic()
            time.sleep(0.0005)
        return True

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


def open_tenant(house: House) -> tuple[UUID, str, str]:
    """A tenant of the house once it answers: its id, short name and a key to send with."""
    house.wait(lambda: _answers(house.api), 300, "the API")
    slug = f"t{uuid4().hex[:8]}"
    tenant = identity.create_tenant(
        name=slug, slug=slug, admin_email=f"a@{slug}.example", admin_password=f"pass phrase {slug}"
    ).tenant_id
    with tenant_session(tenant) as session:
        return tenant, slug, identity.create_key(session, None, name="sender", scopes=["*"]).key


def run_story(
    house: House, *, total: int, seconds: float, kills_a_kind: int, resync: float, largest: int = 40, web: int = 0
) -> Kills:
    """Send, kill, wait, compare."""
    tenant, _, key = open_tenant(house)
    page = Page(tenant, resync)
    page.start()
    sender = Sender(house, key, Story(total), seconds, largest)
    kills = send_and_kill(house, sender, {"workers": kills_a_kind, "valkey": kills_a_kind, "postgres": kills_a_kind,
                                          "web": web})  # fmt: skip
    house.wait(lambda: page.shown == total, resync + 10, f"the page shows all, not {page.shown}")
    page.close()
    compare(house, tenant, sender.story)
    return kills


def send_and_kill(
    house: House, sender: Sender, wanted: Mapping[str, int], look: Callable[[], object] = lambda: None
) -> Kills:
    """Send everything while so many of each kind are killed; done when nothing waits in the outbox any more."""
    kills, total, seconds = Kills(house, sender), sender.story.total, sender.seconds
    threads, began = sender.start(), time.monotonic()
    look = _now_and_then(look)
    plan = [kind for _, kind in sorted((turn / n, kind) for kind, n in wanted.items() for turn in range(n))]
    for number, kind in enumerate(plan):
        # The last one comes when 85 % may be sent, and 80 % is.
        sender.allowed = 0.85 * (number + 1) / len(plan)
        least = 0.81 * total if number == len(plan) - 1 else 0
        while time.monotonic() - began < seconds * sender.allowed or (sender.sent < least and not sender.odd):
            kills.look()
            look()
            time.sleep(0.02)
        while any(thread.is_alive() for thread in threads) and not kills.strike(kind):
            pass
    sender.allowed = 1.0
    while any(thread.is_alive() for thread in threads):
        kills.look()
        look()
        time.sleep(0.05)
    kills.seconds = time.monotonic() - began
    assert (sender.odd, sender.sent) == ([], total)
    assert kills.sent_at_last >= 0.8
    house.wait(lambda: kills.look() or house.sql("SELECT count(*) FROM outbox") == [(0,)], 120, "the outbox is empty")
    return kills


def _now_and_then(look: Callable[[], object], pause: float = 1.0) -> Callable[[], object]:
    """The same, once a second at most."""
    due = 0.0

    def seldom() -> None:
        nonlocal due
        if time.monotonic() >= due:
            look()
            due = time.monotonic() + pause

    return seldom


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
