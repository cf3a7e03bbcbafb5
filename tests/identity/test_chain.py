"""Whatever is done to the sealed audit trail is found, and at the right row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from salescompass import identity
from salescompass.identity.chain import Sealed, genesis, link, walk
from salescompass.kit.database import owner_engine, tenant_session
from tests.identity.conftest import ROWS, record


@pytest.fixture
def forger(trail: UUID) -> Iterator[Callable[..., int]]:
    """Somebody with the owner's rights who changes what must not be changed."""

    def forge(statement: str, **values: object) -> int:
        with owner_engine().begin() as connection:
            return connection.execute(text(statement), {"tenant": trail, **values}).rowcount

    return forge


def audit_id(tenant: UUID, seq: int) -> UUID:
    with tenant_session(tenant) as session:
        return (
            session.connection()
            .execute(text("SELECT audit_id FROM audit_seal WHERE seq = :seq"), {"seq": seq})
            .scalar_one()
        )


def test_an_untouched_trail_holds(trail: UUID) -> None:
    report = identity.verify(trail)
    assert (report.ok, report.rows, report.broken, report.overdue) == (True, ROWS, None, 0)
    assert identity.seal(trail) == 0
    record(trail, 3)
    assert identity.verify(trail).ok, "rows that wait for the sealer are no alarm"
    assert identity.seal(trail) == 3
    assert identity.verify(trail).rows == ROWS + 3


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Somebody else'",
        "action = 'thing.undone'",
        "detail = detail || '{\"number\": 99}'",
        "detail = '{\"x\": 1}'",
        "at = at + interval '1 microsecond'",
        "ip = '10.0.0.1'",
        "object_id = object_id || ' '",
        "actor_id = gen_random_uuid()",
    ],
)
@pytest.mark.parametrize("seq", [1, 7, ROWS])
def test_an_edit_is_found_at_its_row(trail: UUID, forger: Callable[..., int], seq: int, change: str) -> None:
    row = audit_id(trail, seq)
    assert forger(f"UPDATE audit_log SET {change} WHERE tenant_id = :tenant AND id = :row", row=row) == 1  # noqa: S608
    broken = identity.verify(trail).broken
    assert broken is not None
    assert (broken.seq, broken.audit_id) == (seq, row)


@pytest.mark.parametrize("seq", [1, 5, ROWS])
def test_a_deleted_row_is_found(trail: UUID, forger: Callable[..., int], seq: int) -> None:
    row = audit_id(trail, seq)
    assert forger("DELETE FROM audit_log WHERE tenant_id = :tenant AND id = :row", row=row) == 1
    broken = identity.verify(trail).broken
    assert broken is not None
    assert (broken.seq, broken.audit_id, broken.reason) == (seq, row, "the row is gone")


@pytest.mark.parametrize("seq", [1, 5, ROWS])
def test_a_row_deleted_with_its_link_is_found(trail: UUID, forger: Callable[..., int], seq: int) -> None:
    row = audit_id(trail, seq)
    forger("DELETE FROM audit_log WHERE tenant_id = :tenant AND id = :row", row=row)
    assert forger("DELETE FROM audit_seal WHERE tenant_id = :tenant AND seq = :seq", seq=seq) == 1
    broken = identity.verify(trail).broken
    assert broken is not None
    assert broken.seq == seq


@pytest.mark.parametrize("kept", [0, 1, ROWS - 1])
def test_a_cut_off_end_is_found_by_the_heads_outside_the_database(
    trail: UUID, forger: Callable[..., int], kept: int
) -> None:
    forger(
        "DELETE FROM audit_log WHERE tenant_id = :tenant AND id IN "
        "(SELECT audit_id FROM audit_seal WHERE tenant_id = :tenant AND seq > :kept)",
        kept=kept,
    )
    assert forger("DELETE FROM audit_seal WHERE tenant_id = :tenant AND seq > :kept", kept=kept) == ROWS - kept
    broken = identity.verify(trail).broken
    assert broken is not None
    assert broken.seq == kept + 1
    assert "cut off" in broken.reason


def test_a_new_order_is_found_at_the_first_row_moved(trail: UUID, forger: Callable[..., int]) -> None:
    for a, b in ((4, 1000), (9, 4), (1000, 9)):
        forger("UPDATE audit_seal SET seq = :b WHERE tenant_id = :tenant AND seq = :a", a=a, b=b)
    broken = identity.verify(trail).broken
    assert broken is not None
    assert broken.seq == 4


def test_two_rows_that_change_places_are_found(trail: UUID, forger: Callable[..., int]) -> None:
    one, other, between = audit_id(trail, 3), audit_id(trail, 8), uuid4()
    for before, after in ((one, between), (other, one), (between, other)):
        forger(
            "UPDATE audit_log SET id = :after WHERE tenant_id = :tenant AND id = :before", before=before, after=after
        )
    broken = identity.verify(trail).broken
    assert broken is not None
    assert broken.seq == 3


def test_a_row_put_into_the_past_is_found(trail: UUID, forger: Callable[..., int]) -> None:
    row = uuid4()
    forger(
        "INSERT INTO audit_log (tenant_id, id, at, actor_kind, actor_name, action, object_type, object_id) "
        "VALUES (:tenant, :row, now() - interval '2 days', 'system', 'System', 'thing.done', 'thing', '1')",
        row=row,
    )
    assert identity.seal(trail) == 0
    report = identity.verify(trail)
    assert not report.ok
    assert report.broken is not None
    assert (report.broken.audit_id, report.overdue) == (row, 1)


def test_rows_that_nobody_came_to_seal_are_overdue_not_forged(trail: UUID, forger: Callable[..., int]) -> None:
    forger(
        "INSERT INTO audit_log (tenant_id, id, at, actor_kind, actor_name, action, object_type, object_id) "
        "SELECT :tenant, gen_random_uuid(), now() - make_interval(secs => 70 + n), 'system', 'System', 'thing.done', "
        "'thing', '1' FROM generate_series(1, 3) n"
    )
    report = identity.verify(trail)
    assert (report.ok, report.overdue, report.broken) == (False, 3, None)
    assert identity.seal(trail) == 3
    assert identity.verify(trail).ok


def test_a_link_put_between_others_is_found(trail: UUID, forger: Callable[..., int]) -> None:
    row = uuid4()
    forger(
        "INSERT INTO audit_log (tenant_id, id, actor_kind, actor_name, action, object_type, object_id) "
        "VALUES (:tenant, :row, 'system', 'System', 'thing.done', 'thing', '1')",
        row=row,
    )
    for seq in range(ROWS, 5, -1):
        forger("UPDATE audit_seal SET seq = seq + 1 WHERE tenant_id = :tenant AND seq = :seq", seq=seq)
    forger(
        "INSERT INTO audit_seal (tenant_id, seq, audit_id, prev_hash, hash) "
        "SELECT tenant_id, 6, :row, hash, sha256(hash) FROM audit_seal WHERE tenant_id = :tenant AND seq = 5",
        row=row,
    )
    broken = identity.verify(trail).broken
    assert broken is not None
    assert (broken.seq, broken.audit_id) == (6, row)


def test_a_chain_made_anew_as_a_whole_is_found_by_its_noted_head(trail: UUID, forger: Callable[..., int]) -> None:
    forger("UPDATE audit_log SET actor_name = 'Nobody' WHERE tenant_id = :tenant AND id = :row", row=audit_id(trail, 4))
    forger("DELETE FROM audit_seal WHERE tenant_id = :tenant")
    assert identity.seal(trail) == ROWS
    broken = identity.verify(trail).broken
    assert broken is not None
    assert broken.seq == ROWS
    assert "rewritten" in broken.reason


def test_the_application_can_neither_change_nor_take_away(trail: UUID) -> None:
    for statement in (
        "UPDATE audit_log SET action = 'x'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "UPDATE audit_seal SET seq = seq + 1",
        "DELETE FROM audit_seal",
        "ALTER TABLE audit_log DISABLE ROW LEVEL SECURITY",
    ):
        with pytest.raises(ProgrammingError), tenant_session(trail) as session:
            session.connection().execute(text(statement))
    assert identity.verify(trail).ok


@given(st.lists(st.text(), min_size=1, max_size=8), st.data())
def test_any_change_to_any_chain_is_found_at_its_first_link(rows: list[str], data: st.DataObject) -> None:
    tenant, before, links = UUID(int=5), genesis(UUID(int=5)), []
    for seq, row in enumerate((row.replace("\ud800", "") for row in rows), start=1):
        row = row.encode("utf-8", "replace").decode()
        links.append(Sealed(seq, UUID(int=seq), before, link(before, seq, row), row))
        before = links[-1].hash
    heads = {len(links): before}
    assert walk(tenant, links, heads).broken is None
    at = data.draw(st.integers(0, len(links) - 1))
    one = links[at]
    spoiled = data.draw(
        st.sampled_from(
            [
                [Sealed(one.seq, one.audit_id, one.prev_hash, one.hash, (one.row or "") + "x")],
                [Sealed(one.seq, one.audit_id, one.prev_hash, bytes(32), one.row)],
                [Sealed(one.seq, one.audit_id, bytes(32), one.hash, one.row)],
                [Sealed(one.seq, one.audit_id, one.prev_hash, one.hash, None)],
                [],
                [one, one],
            ]
        )
    )
    broken = walk(tenant, [*links[:at], *spoiled, *links[at + 1 :]], heads).broken
    assert broken is not None
    assert broken.seq == (at + 2 if len(spoiled) == 2 else at + 1)
