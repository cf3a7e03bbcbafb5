"""Answers that colleagues share: read once, anew after a change or a moment, and never one that failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from salescompass.kit.live import Hub, Note
from salescompass.ui import shared as module
from salescompass.ui.shared import at_hand, shared


class Reader:
    """Counts how often it is asked, and waits to answer until told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.told = asyncio.Event()

    async def read(self) -> int:
        self.asked += 1
        answer = self.asked
        await self.told.wait()
        return answer


def _run(act: Callable[[], Awaitable[Any]]) -> None:
    async def run() -> None:
        await act()

    asyncio.run(run())


def test_who_asks_together_gets_one_answer_until_something_changes() -> None:
    key = uuid4()

    async def act() -> None:
        reader = Reader()
        both = asyncio.gather(shared(key, 1, reader.read), shared(key, 1, reader.read))
        await asyncio.sleep(0)
        assert at_hand(key, 1) is None
        reader.told.set()
        assert await both == [1, 1]
        assert await shared(key, 1, reader.read) == 1
        assert at_hand(key, 1) == 1
        assert at_hand(key, 2) is None
        assert await shared(key, 2, reader.read) == 2
        assert await shared((key, "another"), 2, reader.read) == 3

    _run(act)


def test_an_answer_holds_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    key = uuid4()

    async def act() -> None:
        reader = Reader()
        reader.told.set()
        monkeypatch.setattr(module, "SECONDS", 0.0)
        assert await shared(key, 1, reader.read) == 1
        assert at_hand(key, 1) is None
        assert await shared(key, 1, reader.read) == 2

    _run(act)


def test_a_reading_that_failed_is_tried_by_the_next_who_asks() -> None:
    key = uuid4()

    async def fails() -> int:
        raise ValueError("away")

    async def works() -> int:
        return 7

    async def act() -> None:
        with pytest.raises(ValueError, match="away"):
            await shared(key, 1, fails)
        await asyncio.sleep(0)
        assert await shared(key, 1, works) == 7

    _run(act)


def test_who_leaves_does_not_take_the_answer_from_the_others() -> None:
    key = uuid4()

    async def act() -> None:
        reader = Reader()
        first = asyncio.ensure_future(shared(key, 1, reader.read))
        second = asyncio.ensure_future(shared(key, 1, reader.read))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        reader.told.set()
        assert await second == 1
        assert reader.asked == 1

    _run(act)


def test_a_note_or_a_resync_is_a_change_of_its_tenant_and_topic() -> None:
    hub, ours, theirs = Hub(), uuid4(), uuid4()
    before = [hub.turn(ours), hub.turn(ours, "events"), hub.turn(None, "events"), hub.turn(ours, "scores")]
    hub.hand_out(ours, Note("events", (), 1))
    after = [hub.turn(ours), hub.turn(ours, "events"), hub.turn(None, "events"), hub.turn(ours, "scores")]
    assert [new != old for new, old in zip(after, before, strict=True)] == [True, True, True, False]
    assert hub.turn(theirs) == 0
    hub.resync()
    assert hub.turn(ours) > after[0]
