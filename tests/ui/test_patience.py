"""A page outlives a database that is away: what it does by itself is tried again, and only that."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from salescompass.kit.database import tenant_session
from salescompass.ui import connections
from salescompass.ui.patience import is_away, worth_another_try


def problem_of(tenant: UUID, statement: str) -> DBAPIError:
    """What the database answers to this."""
    with pytest.raises(DBAPIError) as found, tenant_session(tenant) as session:
        session.connection().execute(text(statement))
    return found.value


@pytest.fixture
def away(tenant: UUID) -> DBAPIError:
    """The server ends the connection, as it does when it goes down."""
    return problem_of(tenant, "SELECT pg_terminate_backend(pg_backend_pid())")


def test_only_what_mends_itself_is_waited_for(tenant: UUID, away: DBAPIError) -> None:
    assert is_away(away)
    assert not is_away(problem_of(tenant, "SELECT 1 / 0"))
    assert not is_away(ValueError("no number"))


def test_a_person_waits_for_a_minute_and_who_listens_for_ever(away: DBAPIError) -> None:
    long_ago = time.monotonic() - 61
    assert asyncio.run(worth_another_try(away, "a-page", time.monotonic(), for_ever=False))
    assert not asyncio.run(worth_another_try(away, "a-page", long_ago, for_ever=False))
    assert asyncio.run(worth_another_try(away, "a-page", long_ago, for_ever=True))


def test_a_page_that_is_gone_is_not_worth_it(away: DBAPIError, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_tell", lambda token: token != "a-page")
    assert not asyncio.run(worth_another_try(away, "a-page", time.monotonic(), for_ever=True))
