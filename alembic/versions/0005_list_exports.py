"""Lists written to files."""

from alembic import op
from salescompass.kit.row_security import tenant_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE list_export (
            created_at timestamptz DEFAULT now() NOT NULL,
            updated_at timestamptz DEFAULT now() NOT NULL,
            tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
            id UUID NOT NULL,
            kind text NOT NULL,
            format text NOT NULL,
            state text DEFAULT 'waiting' NOT NULL,
            asked JSONB DEFAULT '{}'::jsonb NOT NULL,
            total BIGINT DEFAULT 0 NOT NULL,
            rows BIGINT DEFAULT 0 NOT NULL,
            size BIGINT DEFAULT 0 NOT NULL,
            file text DEFAULT '' NOT NULL,
            reach text DEFAULT '' NOT NULL,
            error text DEFAULT '' NOT NULL,
            holder text DEFAULT '' NOT NULL,
            created_by UUID NOT NULL,
            beat_at timestamptz,
            expires_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id),
            CONSTRAINT state_known CHECK (state IN ('waiting', 'running', 'done', 'failed', 'stopped'))
        )
        """
    )
    op.execute("CREATE INDEX list_export_of ON list_export (tenant_id, created_by, created_at DESC)")
    for statement in tenant_table("list_export"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE list_export")
