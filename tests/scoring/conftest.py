"""A ledger to score: events told as the API tells them, and what follows from them as a worker does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import events, reactions
from salescompass.events import EventBatch, Outcome, read_event
from salescompass.kit import clock
from salescompass.kit.clock import rfc3339
from salescompass.vocabulary import Source

Tell = Callable[..., Outcome]


@pytest.fixture
def tell(session: Session) -> Tell:
    """Record an event of ada@acme.example, and do what follows from it."""

    def record(type_key: str = "proposal_viewed", at: datetime | None = None, **changes: Any) -> Outcome:
        body: dict[str, Any] = {
            "type": type_key,
            "contact": {"email": "ada@acme.example"},
            "account": {"domain": "acme.example", "name": "Acme"},
            **changes,
        }
        if at is not None:
            body["occurred_at"] = rfc3339(at)
        kept = {name: value for name, value in body.items() if value is not None}
        item = read_event(kept, now=clock.now(), types=events.types(session))
        done = events.record(session, item, source=Source.API)
        assert done.id is not None
        assert done.occurred_at is not None
        reactions.events_recorded(session, EventBatch((done.id,), (done.occurred_at,)))
        return done

    return record


@pytest.fixture
def ada(session: Session, tell: Tell) -> UUID:
    """Somebody at Acme who has viewed a proposal."""
    tell()
    return session.connection().execute(text("SELECT id FROM person")).scalar_one()


@pytest.fixture
def acme(session: Session, ada: UUID) -> UUID:
    """Her company."""
    return session.connection().execute(text("SELECT id FROM account")).scalar_one()
