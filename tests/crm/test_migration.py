"""The migration that brings records to a database in use: nothing is lost, everything is found, each tenant sells."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text

from alembic import command
from salescompass.kit import migrations
from salescompass.kit.database import owner_engine


@pytest.fixture
def before(tenant: UUID) -> Iterator[Connection]:
    """The schema of the release before, in a transaction that is given up afterwards.

    A manager who came from a file is gone with it, and what was theirs stays; so does who worked for a company that
    lies in the trash.
    """
    with owner_engine().connect() as connection:
        _own(connection, tenant)
        _throw_away(connection, tenant)
        command.downgrade(migrations._config(connection), "0003")
        yield connection
        connection.rollback()


def _own(connection: Connection, tenant: UUID) -> None:
    connection.execute(
        text(
            "INSERT INTO membership (tenant_id, id, name, email, status) "
            "VALUES (:tenant, :id, 'Grace Hall', '', 'invited')"
        ),
        {"tenant": tenant, "id": (manager := uuid4())},
    )
    connection.execute(
        text("UPDATE membership SET manager_id = :id WHERE tenant_id = :tenant AND id <> :id"),
        {"tenant": tenant, "id": manager},
    )
    connection.execute(
        text(
            "INSERT INTO account (tenant_id, id, name, name_norm, owner_id) "
            "VALUES (:tenant, :id, 'Owned', 'owned', :by)"
        ),
        {"tenant": tenant, "id": uuid4(), "by": manager},
    )


def _throw_away(connection: Connection, tenant: UUID) -> None:
    account, person = _add(connection, tenant)
    connection.execute(
        text(
            "INSERT INTO account (tenant_id, id, name, name_norm, parent_id) "
            "VALUES (:tenant, :id, 'Child', 'child', :parent)"
        ),
        {"tenant": tenant, "id": uuid4(), "parent": account},
    )
    connection.execute(text("UPDATE account SET deleted_at = now() WHERE id = :id"), {"id": account})
    connection.execute(
        text("UPDATE person SET email = NULL, email_norm = NULL, name = 'Left', name_norm = 'left' WHERE id = :id"),
        {"id": person},
    )


def _add(connection: Connection, tenant: UUID) -> tuple[UUID, UUID]:
    account, person = uuid4(), uuid4()
    connection.execute(
        text(
            "INSERT INTO account (tenant_id, id, name, name_norm, domain_norm) "
            "VALUES (:tenant, :id, 'Zoë & Söhne', 'zoë & söhne', 'zoe.example')"
        ),
        {"tenant": tenant, "id": account},
    )
    connection.execute(
        text(
            "INSERT INTO person (tenant_id, id, name, name_norm, email, email_norm, account_id) "
            "VALUES (:tenant, :id, 'Ada Öz', 'ada öz', 'Ada@Zoe.example', 'ada@zoe.example', :account)"
        ),
        {"tenant": tenant, "id": person, "account": account},
    )
    return account, person


def test_a_database_in_use_gets_words_and_a_pipeline(before: Connection, tenant: UUID) -> None:
    account, person = _add(before, tenant)
    command.upgrade(migrations._config(before), "head")
    tokens = before.execute(
        text("SELECT object_id, token FROM search_token WHERE tenant_id = :tenant"), {"tenant": tenant}
    )
    found: dict[UUID, set[str]] = {}
    for object_id, token in tokens:
        found.setdefault(object_id, set()).add(token)
    assert found[account] == {"zoë", "söhne", "zoe.example", "zoe"}
    assert {"ada", "öz", "ada@zoe.example"} <= found[person]
    stages = before.execute(
        text(
            "SELECT stage.name, stage.kind, stage.probability FROM stage JOIN pipeline ON pipeline.id = pipeline_id "
            "WHERE stage.tenant_id = :tenant AND pipeline.name = 'Sales' ORDER BY stage.position"
        ),
        {"tenant": tenant},
    ).all()
    assert [row[0] for row in stages] == ["Prospecting", "Qualification", "Proposal", "Negotiation", "Won", "Lost"]
    assert [row[1] for row in stages] == ["open"] * 4 + ["won", "lost"]
    row = before.execute(text("SELECT name, row_version, deleted_at FROM person WHERE id = :id"), {"id": person}).one()
    assert tuple(row) == ("Ada Öz", 1, None)


def test_the_words_are_ordered_by_code_point(before: Connection) -> None:
    command.upgrade(migrations._config(before), "head")
    collations = before.execute(
        text(
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND (column_name LIKE '%\\_norm' OR column_name = 'token') AND collation_name IS DISTINCT FROM 'C' "
            "AND table_name NOT IN ('user', 'membership', 'schedule_lock')"
        )
    )
    assert collations.scalars().all() == []
