"""A pooled connection that was left in any state never gives its next borrower another tenant's rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from salescompass.kit.database import app_engine, fetch, tenant_session
from salescompass.kit.jobs import is_passing
from salescompass.models import Account

pytestmark = pytest.mark.usefixtures("servers")


def _leave_account(tenant_id: UUID) -> None:
    with tenant_session(tenant_id) as session:
        session.add(Account(name="Kan-code", name_norm="kan-code"))


def _borrow_without_tenant() -> int:
    """Every connection of the pool, borrowed without a tenant: how many gave rows instead of an error."""
    leaks = 0
    for _ in range(20):
        with Session(app_engine()) as session:
            try:
                leaks += len(session.exec(select(Account)).all()) + 1
            except DBAPIError:
                session.rollback()
    return leaks


def _raise_in_session(tenant_id: UUID) -> None:
    with tenant_session(tenant_id) as session:
        session.exec(select(Account)).all()
        raise RuntimeError("a handler fails")


def _fail_in_sql(tenant_id: UUID) -> None:
    with tenant_session(tenant_id) as session:
        session.connection().execute(text("SELECT 1/0"))


def _time_out(tenant_id: UUID) -> None:
    with tenant_session(tenant_id) as session:
        session.connection().execute(text("SET LOCAL statement_timeout = 50"))
        session.connection().execute(text("SELECT pg_sleep(5)"))


def _lose_connection(tenant_id: UUID) -> None:
    with tenant_session(tenant_id) as session:
        session.connection().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def _fail_in_driver(tenant_id: UUID) -> None:
    with tenant_session(tenant_id) as session:
        fetch(session, "SELECT 1/%s", (0,))


def _lose_connection_in_driver(tenant_id: UUID) -> None:
    with tenant_session(tenant_id) as session:
        fetch(session, "SELECT pg_terminate_backend(pg_backend_pid())")


FAULTS = [
    _raise_in_session, _fail_in_sql, _time_out, _lose_connection, _fail_in_driver, _lose_connection_in_driver,
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_mid_transaction_leaves_no_tenant_behind(tenant: UUID, fault: Callable[[UUID], None]) -> None:
    _leave_account(tenant)
    for _ in range(5):
        with pytest.raises((RuntimeError, DBAPIError)):
            fault(tenant)
        assert _borrow_without_tenant() == 0


def test_an_abandoned_session_leaves_no_tenant_behind(tenant: UUID) -> None:
    _leave_account(tenant)

    def borrow_and_forget() -> None:
        opened = tenant_session(tenant)
        opened.__enter__().exec(select(Account)).all()
        del opened

    thread = threading.Thread(target=borrow_and_forget)
    thread.start()
    thread.join()
    assert _borrow_without_tenant() == 0


def test_a_session_sees_its_own_tenant_only(make_tenant: Callable[[], UUID]) -> None:
    mine, other = make_tenant(), make_tenant()
    _leave_account(mine)
    with tenant_session(mine) as session:
        assert len(session.exec(select(Account)).all()) == 1
    with tenant_session(other) as session:
        assert session.exec(select(Account)).all() == []


def test_nothing_can_be_written_into_another_tenant(make_tenant: Callable[[], UUID]) -> None:
    mine, other = make_tenant(), make_tenant()
    with pytest.raises(DBAPIError, match="row-level security"), tenant_session(mine) as session:
        session.add(Account(tenant_id=other, name="Smuggled", name_norm="smuggled"))


def test_a_partition_read_directly_gives_nothing(make_tenant: Callable[[], UUID]) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), tenant_session(make_tenant()) as session:
        session.connection().execute(text("SELECT * FROM event_y2012"))


def test_a_tenant_is_chosen_as_a_uuid_or_not_at_all(servers: dict[str, str]) -> None:
    with pytest.raises(TypeError), tenant_session("'; DROP TABLE account"):  # type: ignore[arg-type]
        pass


def test_errors_of_the_driver_are_those_of_any_statement(tenant: UUID) -> None:
    with pytest.raises(DBAPIError) as failed:
        _fail_in_driver(tenant)
    assert not is_passing(failed.value)
    with pytest.raises(DBAPIError) as lost:
        _lose_connection_in_driver(tenant)
    assert is_passing(lost.value)
