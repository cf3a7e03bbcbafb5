"""Closed deals like another: of companies of its industry and size, how they ended, the nearest amounts first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import crm
from salescompass.identity import Actor
from salescompass.kit.errors import NotFound

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def _account(session: Session, actor: Actor, name: str, **fields: Any) -> UUID:
    fields = {"name": name, "industry": "Software", "size": 300, **fields}
    return crm.create_record(session, actor, "accounts", fields, now=NOW).id


def _closed(
    session: Session, actor: Actor, account: UUID, name: str, *, stage: int = 4, amount: int, days: int
) -> None:
    row = {
        "name": name, "account_id": account, "stage_id": crm.pipelines(session)[0].stages[stage].id,
        "amount_minor": amount, "currency": "EUR", "opened_on": NOW.date() - timedelta(days=days),
        "closed_at": datetime(2026, 5, 4, tzinfo=UTC),
    }  # fmt: skip
    (made,) = crm.upsert_records(session, actor, "opportunities", [row], now=NOW)
    assert made.id, made


def test_those_of_like_companies_are_counted_and_the_nearest_told(session: Session, boss: Actor) -> None:
    here, like = _account(session, boss, "Here"), _account(session, boss, "Like", size=999)
    others = (
        _account(session, boss, "Small", size=249),
        _account(session, boss, "Mill", industry="Paper"),
        _account(session, boss, "Unknown", size=None),
    )
    for n, other in enumerate(others):
        _closed(session, boss, other, f"Other {n}", amount=10_000, days=5)
    for amount, days in ((1_000, 10), (9_000, 20), (12_000, 30), (90_000, 60), (11_000, 40)):
        _closed(session, boss, like, f"Won {amount}", amount=amount, days=days)
    _closed(session, boss, here, "Lost", stage=5, amount=5_000, days=7)
    mine = crm.create_record(
        session, boss, "opportunities",
        {"name": "Mine", "account_id": here, "amount_minor": 10_000, "currency": "EUR"}, now=NOW,
    )  # fmt: skip
    found = crm.similar_deals(session, opportunity_id=mine.id)
    assert (found.industry, found.sizes) == ("Software", "250 to 999 employees")
    assert (found.won, found.lost, found.won_days) == (5, 1, 30)
    assert [one.name for one in found.deals] == ["Won 11000", "Won 9000", "Won 12000", "Lost"]
    assert [(one.days, one.account) for one in found.deals][-1] == (7, "Here")


def test_without_an_industry_or_a_size_nothing_is_like_it(session: Session, boss: Actor) -> None:
    account = _account(session, boss, "Bare", size=None)
    for fields in ({"account_id": account}, {}):
        deal = crm.create_record(session, boss, "opportunities", {"name": "Mine", **fields}, now=NOW)
        assert crm.similar_deals(session, opportunity_id=deal.id) == crm.Similar()
    with pytest.raises(NotFound):
        crm.similar_deals(session, opportunity_id=account)
