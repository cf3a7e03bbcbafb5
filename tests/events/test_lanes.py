"""The ledger as people read it: lanes, filters, counts that stop at a bound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from salescompass import events
from salescompass.events import NOISE, SIGNALS, Lens
from salescompass.kit.clock import now, rfc3339
from salescompass.vocabulary import Source

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)


def _tell(session: Session, kind: str, minute: int = 0, who: str = "ada", **more: Any) -> None:
    body = {
        "type": kind,
        "occurred_at": rfc3339(NOON + timedelta(minutes=minute)),
        "contact": {"email": f"{who}@{who}.example", "name": who.title()},
        "account": {"domain": f"{who}.example", "name": f"{who.title()} Ltd"},
        **more,
    }
    events.record(session, events.read_event(body, now=now()), source=Source.API)


@pytest.fixture
def told(session: Session) -> Session:
    """Three signals of two accounts, and one of each kind of noise."""
    _tell(session, "proposal_viewed", 1)
    _tell(session, "pricing_viewed", 2, properties={"url": "/pricing"})
    _tell(session, "pricing_viewed", 3, properties={"url": "/pricing"})
    _tell(session, "form_submitted", 4, who="ken")
    _tell(session, "link_clicked", 5, actor="machine")
    _tell(session, "email_sent", 6)
    return session


def _types(session: Session, **lens: Any) -> list[str]:
    return [entry.type for entry in events.entries(session, Lens(**lens)).items]


def test_signals_count_for_scores_and_noise_is_the_rest(told: Session) -> None:
    assert _types(told, lane=SIGNALS) == ["form_submitted", "pricing_viewed", "proposal_viewed"]
    assert _types(told, lane=NOISE) == ["email_sent", "link_clicked", "pricing_viewed"]
    assert len(_types(told)) == 6
    counted = events.lane_counts(told, Lens(lane=SIGNALS))
    assert (counted.signals, counted.noise, counted.more) == (3, 3, False)


def test_each_filter_narrows(told: Session) -> None:
    ken = events.entries(told, Lens(type="form_submitted")).items[0]
    assert _types(told, type="pricing_viewed", lane=SIGNALS) == ["pricing_viewed"]
    assert _types(told, channel="email") == ["email_sent", "link_clicked"]
    assert _types(told, verdict="bot") == ["link_clicked"]
    assert _types(told, account_id=ken.account_id) == ["form_submitted"]
    assert _types(told, person_id=ken.person_id) == ["form_submitted"]
    assert _types(told, since=NOON + timedelta(minutes=5)) == ["email_sent", "link_clicked"]
    assert _types(told, until=NOON + timedelta(minutes=2)) == ["proposal_viewed"]


def test_pages_meet_without_gap_or_repetition(told: Session) -> None:
    seen, cursor = [], None
    while True:
        page = events.entries(told, Lens(), cursor=cursor, limit=2)
        seen += [entry.id for entry in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [entry.id for entry in events.entries(told, Lens()).items]


def test_what_is_new_is_counted_through_the_same_lens(told: Session) -> None:
    first = events.entries(told, Lens()).items[-1].cursor
    assert events.newer_entries(told, Lens(), first) == 5
    assert events.newer_entries(told, Lens(lane=SIGNALS), first) == 2
    assert events.newer_entries(told, Lens(), None) == 6


def test_days_are_counted_by_kind_in_the_readers_zone(told: Session) -> None:
    within = {"low": NOON - timedelta(days=1), "high": NOON + timedelta(days=1)}
    counted = events.day_counts(told, Lens(lane=SIGNALS), "UTC", **within)
    assert list(counted) == [NOON.date()]
    day = counted[NOON.date()]
    assert (day.signals, day.accounts, day.machines, day.ours, day.repeated, day.more) == (3, 2, 1, 1, 1, False)
    assert list(events.day_counts(told, Lens(), "Pacific/Kiritimati", **within)) == [NOON.date() + timedelta(days=1)]
    assert events.day_counts(told, Lens(until=NOON), "UTC", **within) == {}


def test_an_event_concerns_its_own_account_and_person(told: Session) -> None:
    ken = events.entries(told, Lens(type="form_submitted")).items[0]
    ada = events.entries(told, Lens(type="proposal_viewed")).items[0]
    assert events.concerns(told, Lens(account_id=ken.account_id), [ken.id])
    assert events.concerns(told, Lens(person_id=ada.person_id), [ken.id, ada.id])
    assert not events.concerns(told, Lens(account_id=ada.account_id), [ken.id])
    assert not events.concerns(told, Lens(), [])
    assert not events.concerns(told, Lens(lane=NOISE), [ken.id])
