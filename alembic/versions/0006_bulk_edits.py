"""Bulk edits: what was asked, how far it came, what became of each record. Saved views shared with one team."""

from alembic import op
from salescompass.kit.row_security import flat, tenant_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("bulk_edit", "bulk_edit_row")
CREATE = (
    """
    CREATE TABLE bulk_edit (
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        member_id UUID NOT NULL,
        kind text NOT NULL,
        act JSONB DEFAULT '{}'::jsonb NOT NULL,
        words text NOT NULL,
        state text DEFAULT 'running' NOT NULL,
        total BIGINT DEFAULT 0 NOT NULL,
        changed BIGINT DEFAULT 0 NOT NULL,
        skipped BIGINT DEFAULT 0 NOT NULL,
        failed BIGINT DEFAULT 0 NOT NULL,
        undone BIGINT DEFAULT 0 NOT NULL,
        ended_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY (tenant_id, member_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT state_known CHECK (state IN ('running', 'cancelled', 'done', 'undoing', 'undone'))
    )
    """,
    "CREATE INDEX bulk_edit_member ON bulk_edit (tenant_id, member_id, created_at DESC)",
    """
    CREATE TABLE bulk_edit_row (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        bulk_edit_id UUID NOT NULL,
        record_id UUID NOT NULL,
        outcome text,
        reason text DEFAULT '' NOT NULL,
        PRIMARY KEY (tenant_id, bulk_edit_id, record_id),
        FOREIGN KEY (tenant_id, bulk_edit_id) REFERENCES bulk_edit (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT outcome_known CHECK (outcome IN ('changed', 'skipped', 'failed'))
    )
    """,
    "CREATE INDEX bulk_edit_row_waiting ON bulk_edit_row (tenant_id, bulk_edit_id, record_id) WHERE outcome IS NULL",
    "ALTER TABLE saved_view ADD COLUMN team_id UUID",
)


def upgrade() -> None:
    for statement in (*CREATE, *flat(tenant_table(table) for table in TABLES)):
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE saved_view DROP COLUMN team_id")
    op.execute("DROP TABLE bulk_edit_row, bulk_edit")
