"""The audit trail: written with the act, sealed in order, read page by page."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text

from salescompass import identity
from salescompass.identity import audit, system_actor
from salescompass.kit.database import owner_engine, tenant_session
from salescompass.kit.settings import settings
from tests.identity.conftest import ROWS, record


def test_eight_writers_and_two_sealers_leave_one_whole_chain(tenant: UUID) -> None:
    with ThreadPoolExecutor(10) as pool:
        writers = [pool.submit(record, tenant, 25) for _ in range(8)]
        while not all(writer.done() for writer in writers):
            for sealing in [pool.submit(identity.seal, tenant) for _ in range(2)]:
                sealing.result()
            assert identity.verify(tenant).broken is None
        for writer in writers:
            writer.result()
    identity.seal(tenant)
    report = identity.verify(tenant)
    assert (report.ok, report.rows) == (True, 8 * 25 + 1)


def act_and_fail(tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        audit.record(session, system_actor(tenant), "thing.done", object_type="thing", object_id="1")
        raise RuntimeError


def test_an_act_that_is_rolled_back_leaves_no_line(tenant: UUID) -> None:
    with pytest.raises(RuntimeError):
        act_and_fail(tenant)
    with tenant_session(tenant) as session:
        assert [line.action for line in identity.audit_entries(session).items] == ["tenant.created"]


def test_the_sealers_round_finds_every_tenant_with_new_rows(make_tenant: Callable[[], UUID]) -> None:
    tenants = [make_tenant(), make_tenant()]
    identity.seal_due()
    for tenant in tenants:
        record(tenant, 2)
    assert identity.seal_due() >= 4
    assert all(identity.verify(tenant).rows == 3 for tenant in tenants)


def test_heads_are_noted_line_by_line_outside_the_database(trail: UUID) -> None:
    lines = [json.loads(line) for line in (settings().data / "audit-heads.log").read_text().splitlines()]
    (head,) = [line for line in lines if line["tenant"] == str(trail)]
    assert (head["seq"], head["hash"]) == (ROWS, identity.verify(trail).head)


def test_the_trail_is_read_page_by_page_and_by_kind(tenant: UUID) -> None:
    record(tenant, 7)
    record(tenant, 2, action="other.done")
    seen, cursor = [], None
    while True:
        with tenant_session(tenant) as session:
            page = identity.audit_entries(session, cursor=cursor, limit=4)
        seen += [line.id for line in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 10
    with tenant_session(tenant) as session:
        assert len(identity.audit_entries(session, action="other.done").items) == 2
        assert identity.audit_entries(session, action="no such\0thing").items == ()
        assert identity.audit_entries(session, actor_id=uuid4()).items == ()
        assert identity.audit_actions(session) == ["other.done", "tenant.created", "thing.done"]


@pytest.mark.slow
def test_a_long_trail_that_nobody_analysed_is_sealed_and_verified(tenant: UUID) -> None:
    n = 60_000
    with owner_engine().begin() as connection:
        _fill(connection, tenant, n)
    assert identity.seal(tenant) == n + 1
    report = identity.verify(tenant)
    assert (report.ok, report.rows) == (True, n + 1)


def _fill(connection: Connection, tenant: UUID, n: int) -> None:
    connection.execute(
        text(
            "INSERT INTO audit_log (tenant_id, id, actor_kind, actor_name, action, object_type, object_id, detail) "
            "SELECT :tenant, gen_random_uuid(), 'member', 'Ann Lee', 'member.roles_changed', 'member', "
            "gen_random_uuid()::text, jsonb_build_object('before', 'rep', 'after', n) FROM generate_series(1, :n) n"
        ),
        {"tenant": tenant, "n": n},
    )
