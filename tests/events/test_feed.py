"""The feed: newest first, page by page, right while events arrive, and read by index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass.events import EventIn, feed, newer_count, queries, read_event, record_many
from salescompass.kit import clock
from salescompass.kit.database import owner_engine, tenant_session
from salescompass.kit.errors import Invalid
from salescompass.vocabulary import Source

NOON = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


def _at(minutes: int, **changes: object) -> EventIn:
    body = {"type": "page_viewed", "contact": {"email": f"p{minutes % 3}@acme.example"}, **changes}
    return read_event({**body, "occurred_at": (NOON + timedelta(minutes=minutes)).isoformat()}, now=clock.now())


@pytest.fixture
def ledger(tenant: UUID) -> UUID:
    """240 events over a month's end, several at the same moment."""
    with tenant_session(tenant) as session:
        events = [
            _at(number // 2 * 10, type="form_submitted" if number % 5 else "page_viewed") for number in range(240)
        ]
        record_many(session, events, source=Source.API)
    return tenant


def test_pages_hold_every_event_once_newest_first(ledger: UUID) -> None:
    seen, cursor = [], None
    with tenant_session(ledger) as session:
        while True:
            page = feed(session, cursor=cursor, limit=37)
            seen += [(entry.occurred_at, entry.id) for entry in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert len(seen) == len(set(seen)) == 240
    assert seen == sorted(seen, reverse=True)


def test_a_page_stays_right_while_events_arrive(ledger: UUID) -> None:
    with tenant_session(ledger) as session:
        first = feed(session, limit=20)
        whole = [entry.id for entry in feed(session, limit=60).items]
        record_many(session, [_at(10_000), _at(10_001)], source=Source.API)
        second = feed(session, cursor=first.next_cursor, limit=20)
        assert [entry.id for entry in second.items] == whole[20:40]
        top = first.items[0].cursor
        assert newer_count(session, top) == 2
        assert [entry.occurred_at for entry in feed(session, newer_than=top).items] == [
            NOON + timedelta(minutes=minutes) for minutes in (10_001, 10_000)
        ]


def test_new_events_are_counted_up_to_a_hundred(ledger: UUID) -> None:
    with tenant_session(ledger) as session:
        assert newer_count(session, None) == 100
        assert newer_count(session, feed(session).items[30].cursor) == 30


def test_a_feed_can_be_of_one_type_one_account_one_person(ledger: UUID) -> None:
    with tenant_session(ledger) as session:
        entry = feed(session, type="page_viewed", limit=1).items[0]
        of_type = feed(session, type="page_viewed", limit=500).items
        of_person = feed(session, person_id=entry.person_id, limit=500).items
        assert {one.type for one in of_type} == {"page_viewed"}
        assert len(of_type) == 48
        assert {one.person_id for one in of_person} == {entry.person_id}
        assert 0 < len(of_person) < 240
        assert feed(session, account_id=entry.id).items == ()


def test_another_tenant_sees_nothing(ledger: UUID, make_tenant: Callable[[], UUID]) -> None:
    with tenant_session(ledger) as session:
        theirs = feed(session, limit=1)
    with tenant_session(make_tenant()) as session:
        assert feed(session).items == ()
        assert feed(session, cursor=theirs.next_cursor).items == ()
        assert newer_count(session, None) == 0


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "WyIyMDI2Il0", "é", "=" * 9])
def test_a_cursor_that_is_none_is_refused(session: Session, cursor: str) -> None:
    with pytest.raises(Invalid):
        feed(session, cursor=cursor)


@pytest.fixture
def large_ledger(tenant: UUID) -> UUID:
    """3,000 events of 300 people at 60 accounts, whose sizes the planner knows."""
    with tenant_session(tenant) as session:
        events = [
            _at(
                -number,
                type="page_viewed" if number % 100 else "form_submitted",
                contact={"email": f"p{number % 300}@acme.example"},
                account={"name": f"Account {number % 60}"},
            )
            for number in range(3000)
        ]
        record_many(session, events, source=Source.API)
    with owner_engine().connect() as owner:
        owner.execute(text("ANALYZE event"))
        owner.commit()
    return tenant


@pytest.mark.parametrize("by", ["cursor", "newer_than", "account_id", "person_id", "type"])
def test_every_feed_is_read_by_an_index(large_ledger: UUID, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the application role: the policy's condition must not be all that an index is asked for."""
    plans: list[str] = []

    def explained(session: Session, statement: Any) -> Any:
        compiled = str(statement.compile(session.connection(), compile_kwargs={"literal_binds": True}))
        plans.extend(row[0] for row in session.connection().execute(text("EXPLAIN " + compiled.replace(":", r"\:"))))
        return session.connection().execute(statement)

    with tenant_session(large_ledger) as session:
        entry = feed(session, limit=9).items[-1]
        values = {"account_id": entry.account_id, "person_id": entry.person_id, "type": "form_submitted"}
        monkeypatch.setattr(queries, "_run", explained)
        found = feed(session, limit=10, **{by: values.get(by, entry.cursor)})  # type: ignore[arg-type]
    assert found.items
    scans = [line for line in plans if "Index Cond" in line and ("occurred_at" in line or by in line)]
    assert scans, "\n".join(plans)
    assert not [line for line in plans if "Seq Scan on event_m202603" in line], "\n".join(plans)
