"""How people were touched: what they did and what we did, machines and what was told twice left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import select

from salescompass.events import Touches, read_event, record_many, touches
from salescompass.kit.database import tenant_session
from salescompass.models import Person
from salescompass.vocabulary import Source

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_what_they_did_and_what_we_did_is_counted_apart_since_a_day(tenant: UUID) -> None:
    told = [
        ("email_replied", "ada", 3), ("page_viewed", "ada", 5), ("email_sent", "ada", 1), ("page_viewed", "ada", 200),
        ("email_sent", "bo", 9), ("page_viewed", "cy", 120),
    ]  # fmt: skip
    events = [
        read_event(
            {
                "type": kind,
                "contact": {"email": f"{who}@acme.example"},
                "occurred_at": (NOW - timedelta(days=days)).isoformat(),
            },
            now=NOW,
        )
        for kind, who, days in told
    ]
    with tenant_session(tenant) as session:
        record_many(session, events, source=Source.API, now=NOW)
        rows = session.exec(select(Person.email, Person.id)).all()
        ids = {str(email).split("@")[0]: one for email, one in rows}
        found = touches(session, person_ids=list(ids.values()), since=NOW - timedelta(days=90))
    assert found == {
        ids["ada"]: Touches(2, NOW - timedelta(days=3), 1, NOW - timedelta(days=1)),
        ids["bo"]: Touches(0, None, 1, NOW - timedelta(days=9)),
    }
