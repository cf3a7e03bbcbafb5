"""Accounts in the order of their scores: whole, in pages, by name, owner and band."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import crm, scoring
from salescompass.events import Outcome
from salescompass.kit import clock
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import new_id

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


def _names(session: Session, **wanted: Any) -> list[str]:
    return [one.name for one in scoring.ranked_accounts(session, **wanted).items]


def test_the_highest_stored_score_comes_first_and_the_silent_last(five: Session) -> None:
    page = scoring.ranked_accounts(five)
    assert [one.name for one in page.items] == ["Bolt 50%", "Crane", "Acme", "Elm", "Dorn"]
    assert page.next_cursor is None
    best, silent = page.items[0], page.items[-1]
    assert best.score > page.items[1].score > 0 == silent.score
    assert (best.people, best.last_type, best.last_person) == (1, "proposal_viewed", "A of Bolt 50%")
    assert (silent.people, silent.band, silent.last_at, silent.as_of) == (0, "cold", None, None)
    assert best.trend[-1] == best.score
    assert len(best.trend) == len(silent.trend)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_meet_whatever_their_size(five: Session, size: int) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = scoring.ranked_accounts(five, cursor=cursor, limit=size)
        seen += [one.name for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == _names(five)


def test_a_name_is_found_by_its_beginning_taken_literally(five: Session) -> None:
    assert _names(five, prefix="bO") == ["Bolt 50%"]
    assert _names(five, prefix="bolt 50%") == ["Bolt 50%"]
    assert _names(five, prefix="%") == []
    assert _names(five, prefix="e") == ["Elm"]
    counted = scoring.account_counts(five, prefix="bolt")
    assert (counted.found, counted.whole) == (1, 5)


def test_bands_and_owners_narrow(five: Session) -> None:
    bands = {one.name: one.band for one in scoring.ranked_accounts(five).items}
    assert set(_names(five, band="cold")) == {name for name, band in bands.items() if band == "cold"}
    cool = {name for name, band in bands.items() if band == "cool"}
    assert cool
    assert set(_names(five, band="cool")) == cool
    assert scoring.account_counts(five, band="cool").found == len(cool)
    owner = five.connection().execute(text("SELECT id FROM membership")).scalar_one()
    five.connection().execute(text("UPDATE account SET owner_id = :o WHERE name = 'Crane'"), {"o": owner})
    mine = scoring.ranked_accounts(five, owner_id=owner).items
    assert [one.name for one in mine] == ["Crane"]
    assert mine[0].owner_name


def test_the_trend_is_that_of_the_days_gone_by(session: Session, tell: Tell) -> None:
    tell(at=clock.now() - timedelta(days=3))
    while scoring.write_snapshots(session):
        pass
    trend = scoring.ranked_accounts(session).items[0].trend
    assert trend[:-4] == (0.0,) * (len(trend) - 4)
    assert trend[-4] > trend[-3] > trend[-2] > trend[-1] > 0


def test_a_cursor_of_somebody_else_is_refused(session: Session) -> None:
    with pytest.raises(Invalid):
        scoring.ranked_accounts(session, cursor="bm90aGluZw")
