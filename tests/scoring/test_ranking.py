"""Accounts in the order of their scores, whole and in pages; what a list tells of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from salescompass import crm, scoring
from salescompass.crm import RecordView
from salescompass.events import Outcome
from salescompass.kit import clock
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import new_id
from salescompass.kit.pagination import Page
from salescompass.scoring import AccountLife
from salescompass.vocabulary import RecordKind

Tell = Callable[..., Outcome]


@pytest.fixture
def five(session: Session, tell: Tell) -> Session:
    """Three accounts that score, one after the other, and two that never did anything."""
    for name, n in (("Acme", 1), ("Bolt 50%", 3), ("Crane", 2)):
        for _ in range(n):
            domain = f"{name[:4].lower()}.example"
            tell(account={"name": name, "domain": domain}, contact={"email": f"a@{domain}", "name": f"A of {name}"})
    at = clock.now()
    quiet = [crm.AccountRecord(new_id(), name, f"{name.lower()}.example", None, at) for name in ("Dorn", "Elm")]
    crm.ensure_records(session, accounts=quiet, people=[])
    return session


def _page(session: Session, sort: str = "-score", **wanted: Any) -> Page[RecordView]:
    by_score = scoring.RANKINGS[RecordKind.ACCOUNTS]
    return crm.list_records(session, "accounts", sort=sort, rankings=by_score, **wanted)


def _names(session: Session, sort: str = "-score", **wanted: Any) -> list[str]:
    return [one.name for one in _page(session, sort, **wanted).items]


def _lives(session: Session) -> dict[str, AccountLife]:
    items = _page(session).items
    lives = scoring.account_lives(session, [one.id for one in items])
    return {one.name: lives[one.id] for one in items}


def test_the_highest_stored_score_comes_first_and_the_silent_last(five: Session) -> None:
    assert _names(five) == ["Bolt 50%", "Crane", "Acme", "Elm", "Dorn"]
    assert _names(five, "score") == ["Dorn", "Elm", "Acme", "Crane", "Bolt 50%"]
    assert _page(five).next_cursor is None
    lives = _lives(five)
    best, silent = lives["Bolt 50%"], lives["Dorn"]
    assert best.score > lives["Crane"].score > 0 == silent.score
    assert (best.people, best.last_type, best.last_person) == (1, "proposal_viewed", "A of Bolt 50%")
    assert (silent.people, silent.band, silent.last_at) == (0, "cold", None)
    assert best.trend[-1] == best.score
    assert len(best.trend) == len(silent.trend)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("sort", ["-score", "score"])
def test_pages_meet_whatever_their_size(five: Session, size: int, sort: str) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = _page(five, sort, cursor=cursor, limit=size)
        seen += [one.name for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == _names(five, sort)


def test_conditions_and_words_narrow(five: Session) -> None:
    table = crm.RECORD_TYPES[RecordKind.ACCOUNTS].table
    assert _names(five, where=table.c.name_norm > "b") == ["Bolt 50%", "Crane", "Elm", "Dorn"]
    assert _names(five, search="bo") == ["Bolt 50%"]


def test_the_trend_is_that_of_the_days_gone_by(session: Session, tell: Tell) -> None:
    tell(at=clock.now() - timedelta(days=3))
    while scoring.write_snapshots(session):
        pass
    (life,) = _lives(session).values()
    trend = life.trend
    assert trend[:-4] == (0.0,) * (len(trend) - 4)
    assert trend[-4] > trend[-3] > trend[-2] > trend[-1] > 0


def test_a_cursor_of_somebody_else_is_refused(session: Session) -> None:
    with pytest.raises(Invalid):
        _page(session, cursor="bm90aGluZw")
