"""Live pages: notify, then fetch. A message says what changed (ids only); the page fetches with its own rights.

`publish` sends after commit over Redis. Each web process has one `Hub`, which hears the channel and hands notes to the
pages open in it. A note can be lost (Redis away or emptied, a worker killed after its commit), so a page also gets a
`resync` note when the hub comes back to Redis and every 30 seconds: what was missed heals by fetching.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import redis
from redis.exceptions import RedisError
from sqlmodel import Session

from salescompass.kit import wire
from salescompass.kit.database import after_commit, session_tenant
from salescompass.kit.errors import Unavailable
from salescompass.kit.ids import parse_id

log = logging.getLogger(__name__)

CHANNEL = "live"
MOST_IDS = 200
RESYNC_SECONDS = 30.0
_LONGEST_QUEUE = 50


@dataclass(frozen=True)
class Note:
    """Something changed in a topic. `resync`: notes may have been lost, fetch all that is shown.

    `n` things changed, of which at most 200 are named. `about` are the records that they concern, or None when they
    are too many, or nobody said.
    """

    topic: str
    ids: tuple[str, ...] = ()
    n: int = 0
    resync: bool = False
    about: tuple[str, ...] | None = None

    def may_concern(self, record_id: UUID) -> bool:
        """False when the note says that it is about other records than this one."""
        return self.resync or self.about is None or str(record_id) in self.about


def publish(session: Session, topic: str, ids: Collection[UUID], *, about: Collection[UUID] | None = None) -> None:
    """Tell open pages of this tenant, once the transaction is committed, that these things changed."""
    tenant_id, few, n = session_tenant(session), list(ids)[:MOST_IDS], len(ids)
    after_commit(session, lambda: announce(tenant_id, topic, few, n=n, about=about))


def announce(
    tenant_id: UUID,
    topic: str,
    ids: Iterable[UUID] = (),
    *,
    n: int | None = None,
    about: Collection[UUID] | None = None,
) -> None:
    """Tell open pages of a tenant now. Lost when Redis is away; the next resync heals that."""
    hub().note_change(tenant_id, topic)
    names = [str(one) for one in ids][:MOST_IDS]
    message = json.dumps(
        {
            "tenant": str(tenant_id),
            "topic": topic,
            "ids": names,
            "n": len(names) if n is None else n,
            "about": None if about is None or len(about) > MOST_IDS else [str(one) for one in about],
        }
    )

    def send(connection: redis.Redis) -> None:
        connection.publish(CHANNEL, message)

    wire.attempt(send)


@dataclass(eq=False)
class Listener:
    """An open page: the tenant and topics it may hear, and the notes waiting for it."""

    tenant_id: UUID
    topics: frozenset[str]
    _notes: asyncio.Queue[Note] = field(default_factory=lambda: asyncio.Queue(_LONGEST_QUEUE))

    def offer(self, note: Note) -> None:
        """Leave a note. A page that does not keep up loses its notes and gets one resync in their place."""
        try:
            self._notes.put_nowait(note)
        except asyncio.QueueFull:
            self._drop()
            self._notes.put_nowait(Note(note.topic, resync=True))

    def _drop(self) -> None:
        with suppress(asyncio.QueueEmpty):
            while True:
                self._notes.get_nowait()

    async def next(self) -> Note:
        """The next note; waits for it."""
        return await self._notes.get()

    def __aiter__(self) -> AsyncIterator[Note]:
        return self

    async def __anext__(self) -> Note:
        return await self.next()


class Hub:
    """Hears the channel for a whole process and hands each note to the pages it concerns."""

    def __init__(self, *, resync_seconds: float = RESYNC_SECONDS) -> None:
        self._listeners: dict[UUID, set[Listener]] = {}
        self._resync_seconds = resync_seconds
        self._changes: dict[tuple[UUID | None, str], int] = {}

    @asynccontextmanager
    async def listen(self, tenant_id: UUID, topics: Iterable[str]) -> AsyncIterator[Listener]:
        """Hear a tenant's topics as long as the block lasts."""
        listener = Listener(tenant_id, frozenset(str(topic) for topic in topics))
        self._listeners.setdefault(tenant_id, set()).add(listener)
        try:
            yield listener
        finally:
            mine = self._listeners.get(tenant_id, set())
            mine.discard(listener)
            if not mine:
                self._listeners.pop(tenant_id, None)

    @property
    def open_pages(self) -> int:
        """How many pages listen in this process."""
        return sum(len(listeners) for listeners in self._listeners.values())

    def turn(self, tenant_id: UUID | None, topic: str = "") -> int:
        """A number that is another after each change told, of one tenant or any (None), of one topic or any ("").

        What was read under a number holds as long as the number does, as far as notes tell; they may be lost.
        """
        return self._changes.get((tenant_id, topic), 0)

    def note_change(self, tenant_id: UUID, topic: str) -> None:
        """Something of a topic changed."""
        for whose, of in ((tenant_id, ""), (tenant_id, str(topic)), (None, str(topic))):
            self._changes[whose, of] = self._changes.get((whose, of), 0) + 1

    def hand_out(self, tenant_id: UUID, note: Note) -> None:
        """Give a note to the pages of one tenant that hear its topic."""
        self.note_change(tenant_id, note.topic)
        for listener in list(self._listeners.get(tenant_id, ())):
            if note.topic in listener.topics:
                listener.offer(note)

    def resync(self) -> None:
        """Have every page fetch again what it shows."""
        for told in list(self._changes):
            self._changes[told] += 1
        for listeners in list(self._listeners.values()):
            for listener in list(listeners):
                for topic in sorted(listener.topics):
                    listener.offer(Note(topic, resync=True))

    async def run(self) -> None:
        """Hear the channel until cancelled; comes back by itself whenever Redis does."""
        heal = asyncio.create_task(self._resync_for_ever())
        away = False
        try:
            while True:
                try:
                    await self._hear(came_back=away)
                except (RedisError, Unavailable, OSError) as error:
                    if not away:
                        log.warning("live: redis is away, pages refresh every %.0f s: %s", self._resync_seconds, error)
                    away = True
                await asyncio.sleep(0.5)
        finally:
            heal.cancel()

    async def _resync_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._resync_seconds)
            self.resync()

    async def _hear(self, *, came_back: bool) -> None:
        connection = wire.async_wire()
        pubsub = connection.pubsub(ignore_subscribe_messages=True)
        try:
            await pubsub.subscribe(CHANNEL)
            if came_back:
                log.info("live: redis is back")
            self.resync()
            while True:
                # The timeout is a heartbeat: a half-open connection is found by the ping.
                message = await pubsub.get_message(timeout=10.0)
                if message is None:
                    await pubsub.ping()
                elif message["type"] == "message":
                    self._received(message["data"])
        finally:
            with suppress(Exception):
                await pubsub.aclose()
            with suppress(Exception):
                await connection.aclose()

    def _received(self, data: bytes) -> None:
        try:
            message = json.loads(data)
            tenant_id = parse_id(message["tenant"])
            about = message.get("about")
            note = Note(
                str(message["topic"]),
                tuple(str(one) for one in message["ids"]),
                int(message["n"]),
                about=None if about is None else tuple(str(one) for one in about),
            )
        except (ValueError, KeyError, TypeError):
            log.warning("live: a message nobody understands")
            return
        if tenant_id is not None:
            self.hand_out(tenant_id, note)


_hub: Hub | None = None


def hub() -> Hub:
    """This process's hub; the web process runs it for as long as it lives."""
    global _hub
    if _hub is None:
        _hub = Hub()
    return _hub
