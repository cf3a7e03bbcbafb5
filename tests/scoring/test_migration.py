"""The migration that brings scores to a database with events: every counting event is in a bucket."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from salescompass import events
from salescompass.events import read_event
from salescompass.kit import clock
from salescompass.kit.database import owner_engine, tenant_session
from salescompass.vocabulary import Source

BUCKETS = text("SELECT subject_kind, subject_id, rule, day, n, last_at FROM event_bucket WHERE tenant_id = :tenant")


def buckets(connection: Connection, tenant: UUID) -> set[tuple[object, ...]]:
    return {tuple(row) for row in connection.execute(BUCKETS, {"tenant": tenant})}


@pytest.fixture
def fill() -> str:
    """The statement of the migration."""
    file = Path(__file__).parents[2] / "alembic/versions/0002_scores.py"
    spec = importlib.util.spec_from_file_location("revision_0002", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.FILL)


def test_events_that_were_there_are_counted_as_they_would_have_been(tenant: UUID, fill: str) -> None:
    with tenant_session(tenant) as session:
        bodies = [
            {"type": kind, "contact": contact, "account": {"domain": "acme.example"}, "actor": actor}
            for kind in ("page_viewed", "proposal_sent", "meeting_held")
            for contact in ({"email": "ada@acme.example"}, None)
            for actor in (None, "machine", "human")
        ]
        items = [read_event({k: v for k, v in body.items() if v}, now=clock.now()) for body in bodies]
        events.record_many(session, items, source=Source.API)
    with owner_engine().connect() as connection:
        by_recording = buckets(connection, tenant)
        connection.execute(text("DELETE FROM event_bucket"))
        connection.execute(text(fill))
        by_migration = buckets(connection, tenant)
        connection.rollback()
    assert len(by_recording) == 4
    assert by_migration == by_recording
