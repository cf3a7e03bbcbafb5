"""Live notes: what changed reaches the pages it concerns, and what is lost heals."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest

from salescompass.kit import live, wire
from salescompass.kit.database import tenant_session
from salescompass.kit.live import Hub, Listener, Note
from salescompass.kit.settings import settings


async def _until(true: Callable[[], object], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


def with_hub(story: Callable[[Hub], Awaitable[None]], *, resync_seconds: float = 60) -> None:
    """Run a story with a hub that hears."""

    async def run() -> None:
        hub = Hub(resync_seconds=resync_seconds)
        hearing = asyncio.create_task(hub.run())
        try:
            await story(hub)
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    asyncio.run(run())


async def heard(page: Listener, seconds: float = 10) -> Note:
    """The next note that is no resync."""
    async with asyncio.timeout(seconds):
        while (note := await page.next()).resync:
            pass
    return note


def test_a_note_comes_after_commit_and_only_to_its_tenant_and_topic(
    tenant: UUID, make_tenant: Callable[[], UUID]
) -> None:
    other, ids = make_tenant(), [uuid4(), uuid4()]

    async def story(hub: Hub) -> None:
        async with (
            hub.listen(tenant, ["events"]) as page,
            hub.listen(other, ["events"]) as theirs,
            hub.listen(tenant, ["other"]) as deaf,
        ):
            assert (await page.next()).resync  # the hub hears from here on
            await asyncio.to_thread(act)
            note = await heard(page)
            assert (note.topic, note.n, set(note.ids)) == ("events", 2, {str(one) for one in ids})
            await asyncio.sleep(0.2)
            assert all(note.resync for listener in (theirs, deaf) for note in waiting(listener))

    def act() -> None:
        with suppress(ZeroDivisionError), tenant_session(tenant) as session:
            live.publish(session, "events", [uuid4()])
            raise ZeroDivisionError
        with tenant_session(tenant) as session:
            live.publish(session, "events", ids)

    with_hub(story)


def waiting(listener: Listener) -> list[Note]:
    found = []
    while not listener._notes.empty():
        found.append(listener._notes.get_nowait())
    return found


def test_many_ids_are_a_number_and_a_few(tenant: UUID) -> None:
    async def story(hub: Hub) -> None:
        async with hub.listen(tenant, ["events"]) as page:
            await page.next()
            await asyncio.to_thread(live.announce, tenant, "events", [uuid4() for _ in range(1000)], n=1000)
            note = await heard(page)
            assert (note.n, len(note.ids)) == (1000, live.MOST_IDS)

    with_hub(story)


def test_what_was_missed_heals_every_while(tenant: UUID) -> None:
    async def story(hub: Hub) -> None:
        async with hub.listen(tenant, ["events", "scores"]) as page:
            seen = [await page.next() for _ in range(6)]
            assert all(note.resync for note in seen)
            assert {note.topic for note in seen} == {"events", "scores"}

    with_hub(story, resync_seconds=0.05)


def test_a_hub_comes_back_to_redis_and_has_pages_fetch_again(tenant: UUID) -> None:
    async def story(hub: Hub) -> None:
        async with hub.listen(tenant, ["events"]) as page:
            assert (await page.next()).resync
            await asyncio.to_thread(cut)
            async with asyncio.timeout(10):
                assert (await page.next()).resync
            await asyncio.to_thread(live.announce, tenant, "events", [uuid4()])
            assert (await heard(page)).n == 1

    def cut() -> None:
        for client in wire.wire().client_list():
            if client["sub"] != "0":
                wire.wire().client_kill_filter(_id=client["id"])

    with_hub(story)


def test_notes_are_lost_without_harm_while_redis_is_away(tenant: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_away_until", 0.0)
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere/valkey.sock")
    settings.cache_clear()
    try:
        with tenant_session(tenant) as session:
            live.publish(session, "events", [uuid4()])

        async def story(hub: Hub) -> None:
            async with hub.listen(tenant, ["events"]) as page:
                async with asyncio.timeout(10):
                    assert (await page.next()).resync

        with_hub(story, resync_seconds=0.1)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_a_page_that_does_not_keep_up_gets_one_resync_for_all_it_missed(tenant: UUID) -> None:
    async def story() -> None:
        hub = Hub()
        async with hub.listen(tenant, ["events"]) as page:
            for number in range(live._LONGEST_QUEUE + 1):
                hub.hand_out(tenant, Note("events", (str(number),), 1))
            assert waiting(page) == [Note("events", resync=True)]
        assert hub.open_pages == 0

    asyncio.run(story())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"tenant": 1}', b'{"tenant": "x", "topic": "t", "ids": 3}'])
def test_a_message_nobody_understands_is_passed_over(data: Any) -> None:
    async def story() -> None:
        Hub()._received(data)

    asyncio.run(story())
