"""Records: fields of accounts and people, products, pipelines and opportunities, notes, tags, teams, what was changed.

The schema is in the file beside this one and only adds. Every tenant gets the usual pipeline, and the words by which
the accounts and people that are there are found.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from salescompass.kit.ids import new_id
from salescompass.kit.row_security import flat, tenant_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "custom_field", "idempotent", "import_batch", "import_mapping", "pipeline", "product",
    "record_change", "search_token", "tag", "team", "custom_value", "record_tag", "role_scope", "stage", "note",
    "saved_view", "team_member", "opportunity", "opportunity_person", "opportunity_snapshot", "stage_history",
)  # fmt: skip
# name, position, probability, days until it rots, kind
STAGES = (
    ("Prospecting", 1, 10, 14, "open"),
    ("Qualification", 2, 25, 14, "open"),
    ("Proposal", 3, 50, 21, "open"),
    ("Negotiation", 4, 75, 14, "open"),
    ("Won", 5, 100, None, "won"),
    ("Lost", 6, 0, None, "lost"),
)
NAMED = {
    "account": "SELECT tenant_id, id, name_norm, domain_norm, external_id FROM account",
    "person": "SELECT tenant_id, id, name_norm, email_norm, external_id FROM person",
}
BATCH = 5000


def upgrade() -> None:
    for statement in Path(__file__).with_suffix(".sql").read_text().split(";\n"):
        if statement.strip():
            op.execute(statement)
    for statement in flat(tenant_table(table) for table in TENANT_TABLES):
        op.execute(statement)
    connection = op.get_bind()
    tenants = connection.execute(sa.text("SELECT tenant_id FROM tenant_public ORDER BY tenant_id")).scalars().all()
    for tenant_id in tenants:
        _pipeline(connection, tenant_id)
    made = connection.execute(sa.text("SELECT count(*) FROM stage")).scalar_one()
    if made != len(tenants) * len(STAGES):
        raise RuntimeError(f"{len(tenants)} tenants, but {made} stages")
    for object_type, query in NAMED.items():
        _index(connection, object_type, query)


def _pipeline(connection: sa.Connection, tenant_id: uuid.UUID) -> None:
    pipeline_id = new_id()
    connection.execute(
        sa.text(
            "INSERT INTO pipeline (tenant_id, id, name, name_norm, position) VALUES (:tenant, :id, 'Sales', 'sales', 1)"
        ),
        {"tenant": tenant_id, "id": pipeline_id},
    )
    connection.execute(
        sa.text(
            "INSERT INTO stage (tenant_id, id, pipeline_id, name, name_norm, position, probability, rot_days, kind) "
            "VALUES (:tenant, :id, :pipeline, :name, :norm, :position, :probability, :rot, :kind)"
        ),
        [
            {
                "tenant": tenant_id, "id": new_id(), "pipeline": pipeline_id, "name": name, "norm": name.lower(),
                "position": position, "probability": probability, "rot": rot, "kind": kind,
            }
            for name, position, probability, rot, kind in STAGES
        ],
    )  # fmt: skip


def _index(connection: sa.Connection, object_type: str, query: str) -> None:
    """The words of each row, page by page. They are made in Python, as those of the application are."""
    after_tenant = after_id = uuid.UUID(int=0)
    page = sa.text(f"{query} WHERE (tenant_id, id) > (:tenant, :id) ORDER BY tenant_id, id LIMIT :most")
    while True:
        rows = connection.execute(page, {"tenant": after_tenant, "id": after_id, "most": BATCH}).all()
        found = [(row[0], row[1], word) for row in rows for word in _words(*row[2:])]
        connection.execute(
            sa.text(
                "INSERT INTO search_token (tenant_id, token, object_type, object_id) SELECT tenant, token, :type, id "
                "FROM unnest(CAST(:tenants AS uuid[]), CAST(:ids AS uuid[]), CAST(:words AS text[])) "
                "AS t (tenant, id, token)"
            ),
            {
                "type": object_type,
                "tenants": [one[0] for one in found],
                "ids": [one[1] for one in found],
                "words": [one[2] for one in found],
            },
        )
        if len(rows) < BATCH:
            return
        after_tenant, after_id = rows[-1][0], rows[-1][1]


def _words(name: str, address: str | None, external_id: str | None) -> set[str]:
    whole = {text.casefold()[:80] for text in (address, external_id) if text}
    local, _, host = (address or "").rpartition("@")
    # An ending such as com says nothing: it would be on every record.
    named = (name, local, host.rpartition(".")[0])
    return whole | {word[:80] for text in named for word in _parts(text)}


def _parts(text: str) -> Iterator[str]:
    plain = "".join(letter if letter.isalnum() else " " for letter in text)
    return (word for word in plain.split() if word)


def downgrade() -> None:
    op.execute("DROP TABLE " + ", ".join(TENANT_TABLES))
    op.execute("ALTER TABLE tenant_public DROP COLUMN currency")
    # Members who came from files and cannot sign in are new with this revision, and so is what they own.
    op.execute("ALTER TABLE membership DROP COLUMN manager_id")
    for table in KEPT:
        op.execute(
            f"UPDATE {table} SET owner_id = NULL "  # noqa: S608 - a constant
            "WHERE owner_id IN (SELECT id FROM membership WHERE user_id IS NULL)"
        )
    op.execute("DELETE FROM membership WHERE user_id IS NULL")
    op.execute("ALTER TABLE membership ALTER COLUMN user_id SET NOT NULL, ALTER COLUMN email_norm SET NOT NULL")
    # People stay whose account lies in the trash, and so do companies whose parent does.
    op.execute("UPDATE account SET parent_id = NULL WHERE parent_id IS NOT NULL")
    op.execute(
        "UPDATE person SET account_id = NULL WHERE account_id IN (SELECT id FROM account WHERE deleted_at IS NOT NULL)"
    )
    for table, kept in KEPT.items():
        # Unique again over all rows: what lies in the trash has to go.
        op.execute(f"DELETE FROM {table} WHERE deleted_at IS NOT NULL")  # noqa: S608 - a constant
        columns = sa.inspect(op.get_bind()).get_columns(table)
        gone = [f'DROP COLUMN "{one["name"]}"' for one in columns if one["name"] not in kept]
        op.execute(f"ALTER TABLE {table} " + ", ".join(gone))
    for statement in BEFORE:
        op.execute(statement)


KEPT = {
    "person": {
        "created_at", "updated_at", "tenant_id", "id", "kind", "account_id", "name", "name_norm", "email",
        "email_norm", "external_id",
    },
    "account": {
        "created_at", "updated_at", "tenant_id", "id", "name", "name_norm", "domain_norm", "external_id", "owner_id",
    },
}  # fmt: skip
BEFORE = (
    "DROP INDEX IF EXISTS account_domain, account_external, account_owner, account_by_name, account_by_created_at, "
    "account_by_updated_at, person_email, person_external, person_account, person_name, person_by_name, "
    "person_by_email, person_by_created_at, person_by_updated_at",
    "CREATE UNIQUE INDEX account_domain ON account (tenant_id, domain_norm)",
    "CREATE UNIQUE INDEX account_external ON account (tenant_id, external_id)",
    "CREATE INDEX account_name ON account (tenant_id, name_norm)",
    "CREATE INDEX account_owner ON account (tenant_id, owner_id)",
    "CREATE INDEX person_account ON person (tenant_id, account_id)",
    "CREATE UNIQUE INDEX person_email ON person (tenant_id, email_norm)",
    "CREATE UNIQUE INDEX person_external ON person (tenant_id, external_id)",
    "CREATE INDEX person_name ON person (tenant_id, name_norm)",
)
