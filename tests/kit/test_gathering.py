"""Calls that come at once are done together, and each gets what is its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from salescompass.kit.gathering import Gathering


class Act:
    """Doubles numbers; the first batch waits until it may go on, so that others gather behind it."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, list[int]]] = []
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, line: str, items: Sequence[int]) -> list[int | Exception]:
        self.batches.append((line, list(items)))
        if len(self.batches) == 1:
            self.begun.set()
            assert self.may_end.wait(10)
        if 13 in items:
            raise RuntimeError("a bad one spoils the batch")
        return [ValueError("no") if item < 0 else item * 2 for item in items]


async def gathered(act: Act, gathering: Gathering[str, int, int], items: Sequence[int]) -> list[int | BaseException]:
    """The results of items that came while a first one was under way."""
    first = asyncio.create_task(gathering.ask("a", 1))
    await asyncio.to_thread(act.begun.wait, 10)
    others = [asyncio.create_task(gathering.ask("a", item)) for item in items]
    await asyncio.sleep(0)
    act.may_end.set()
    assert await first == 2
    return await asyncio.gather(*others, return_exceptions=True)


def test_what_comes_meanwhile_is_done_together() -> None:
    act = Act()
    assert asyncio.run(gathered(act, Gathering(act), range(2, 12))) == [item * 2 for item in range(2, 12)]
    assert act.batches == [("a", [1]), ("a", list(range(2, 12)))]


def test_a_batch_has_a_bound() -> None:
    act = Act()
    assert asyncio.run(gathered(act, Gathering(act, most=4), range(2, 12))) == [item * 2 for item in range(2, 12)]
    assert [len(items) for _, items in act.batches] == [1, 4, 4, 2]


def test_an_error_goes_to_its_own_caller() -> None:
    results = asyncio.run(gathered(act := Act(), Gathering(act), [2, -1, 3]))
    assert (results[0], type(results[1]), results[2]) == (4, ValueError, 6)


def test_a_bad_one_spoils_no_other() -> None:
    results = asyncio.run(gathered(act := Act(), Gathering(act), [2, 13, 3]))
    assert (results[0], type(results[1]), results[2]) == (4, RuntimeError, 6)


def test_lines_do_not_wait_for_each_other() -> None:
    act = Act()
    gathering: Gathering[str, int, int] = Gathering(act)

    async def story() -> int:
        first = asyncio.create_task(gathering.ask("a", 1))
        await asyncio.to_thread(act.begun.wait, 10)
        other = await gathering.ask("b", 5)
        assert not first.done()
        act.may_end.set()
        await first
        return other

    assert asyncio.run(story()) == 10


def test_who_went_away_is_no_trouble_for_the_others() -> None:
    act = Act()
    gathering: Gathering[str, int, int] = Gathering(act)

    async def story() -> int:
        first = asyncio.create_task(gathering.ask("a", 1))
        await asyncio.to_thread(act.begun.wait, 10)
        gone, stays = (asyncio.create_task(gathering.ask("a", item)) for item in (2, 3))
        await asyncio.sleep(0)
        gone.cancel()
        act.may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await gone
        await first
        return await stays

    assert asyncio.run(story()) == 6
