"""Live notes, gathered: the first at once, the rest together, a flood named as one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from salescompass.kit.errors import Unauthenticated
from salescompass.kit.live import Note
from salescompass.ui.arrivals import FLOOD, Arrivals, Pace, arrivals


def _gather(notes: list[Note | Exception], *, first: int = 99) -> list[Arrivals]:
    async def told() -> AsyncIterator[Note]:
        for note in notes:
            if isinstance(note, Exception):
                raise note
            yield note

    async def run() -> list[Arrivals]:
        found: list[Arrivals] = []
        async for come in arrivals(told()):
            found.append(come)
            if len(found) >= first:
                break
        return found

    return asyncio.run(run())


def test_notes_that_wait_come_as_one_with_all_their_ids() -> None:
    ids = [uuid4(), uuid4()]
    notes = [Note("events", (str(ids[0]),), 1), Note("events", (str(ids[1]), str(ids[0])), 2)]
    (come,) = _gather(list(notes))
    assert come.ids == tuple(ids)
    assert (come.n, come.resync, come.flood) == (3, False, False)
    assert come.topics == {"events"}
    assert not come.all_named  # three came, two are named


def test_a_resync_says_that_anything_may_have_changed() -> None:
    (come,) = _gather([Note("events", (), 0, resync=True)])
    assert come.resync
    assert not come.all_named


def test_what_a_page_does_not_heed_makes_nothing_wait() -> None:
    ours, theirs = uuid4(), uuid4()
    notes = [Note("events", (str(theirs),), 1, about=(str(theirs),)), Note("events", (str(uuid4()),), 1, about=None)]

    async def told() -> AsyncIterator[Note]:
        for note in notes:
            yield note

    async def run() -> list[Arrivals]:
        return [come async for come in arrivals(told(), heeds=lambda note: note.may_concern(ours))]

    (come,) = asyncio.run(run())
    assert come.n == 1


def test_a_note_names_what_it_is_about_or_may_be_about_anything() -> None:
    ours, theirs = uuid4(), uuid4()
    assert Note("events", (), 1, about=(str(theirs), str(ours))).may_concern(ours)
    assert not Note("events", (str(ours),), 1, about=(str(theirs),)).may_concern(ours)
    assert Note("events", (), 1).may_concern(ours)
    assert Note("events", (), 0, resync=True, about=()).may_concern(ours)


def test_a_session_that_ended_ends_the_listening() -> None:
    with pytest.raises(Unauthenticated):
        _gather([Note("events", (str(uuid4()),), 1), Unauthenticated("over")])


def test_a_flood_is_more_than_two_hundred_a_second() -> None:
    pace = Pace()
    assert pace.add(int(FLOOD), 10.0) <= FLOOD
    assert pace.add(int(FLOOD), 10.5) <= FLOOD
    assert pace.add(1, 11.0) > FLOOD
    assert pace.add(0, 13.5) == 0
    assert _gather([Note("events", (str(uuid4()),), 900)])[0].flood
