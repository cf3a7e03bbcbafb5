"""The first page of the feed and of a timeline, as the screens read them: by an index, in its order, as sc_app."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event as hooks
from sqlalchemy import text
from sqlmodel import Session

from salescompass.events import SIGNALS, Lens, entries, record_bodies
from salescompass.kit import clock
from salescompass.kit.database import owner_engine, tenant_session
from salescompass.vocabulary import Source


@pytest.fixture
def ledger(tenant: UUID) -> UUID:
    """3,000 events of 60 accounts over four months, whose sizes the planner knows."""
    now = clock.now()
    bodies = [
        {
            "type": "page_viewed",
            "account": {"name": f"Account {number % 60}"},
            "occurred_at": (now - timedelta(hours=number)).isoformat(),
        }
        for number in range(3000)
    ]
    with tenant_session(tenant) as session:
        assert record_bodies(session, bodies, source=Source.API).created == 3000
    with owner_engine().connect() as owner:
        owner.execute(text("ANALYZE event"))
        owner.commit()
    return tenant


def plan(session: Session, lens: Lens) -> str:
    """How the database reads the first page."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    engine = session.connection().engine
    hooks.listen(engine, "before_cursor_execute", note)
    try:
        assert entries(session, lens).items
    finally:
        hooks.remove(engine, "before_cursor_execute", note)
    statement, parameters = seen[-1]
    return "\n".join(session.connection().exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())


@pytest.mark.parametrize("lane", ["", SIGNALS])
def test_the_feed_begins_at_the_end_of_its_index(ledger: UUID, lane: str) -> None:
    with tenant_session(ledger) as session:
        found = plan(session, Lens(lane=lane))
    assert "Index Scan Backward using event_m" in found, found
    assert "Sort" not in found, found


def test_a_timeline_is_read_by_its_account(ledger: UUID) -> None:
    with tenant_session(ledger) as session:
        account = entries(session, Lens(), limit=1).items[0].account_id
        found = plan(session, Lens(account_id=account))
        # Months in which nothing happened are read as they are: there is nothing in them.
        months = (
            session.connection().execute(text("SELECT DISTINCT tableoid::regclass::text FROM event")).scalars().all()
        )
    assert len(months) >= 4
    conditions = [line for line in found.splitlines() if "Index Cond" in line]
    assert [line for line in conditions if "account_id = " in line], found
    assert not [month for month in months if f"Seq Scan on {month} " in found], found
