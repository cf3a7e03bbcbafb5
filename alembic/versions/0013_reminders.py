"""Reminders of actions, and the secret addresses of calendars."""

from alembic import op
from salescompass.kit.row_security import flat, tenant_table

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("reminder", "calendar_feed")
CREATE = (
    """
    CREATE TABLE reminder (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        action_id UUID NOT NULL,
        member_id UUID NOT NULL,
        at timestamptz NOT NULL,
        again_minutes BIGINT,
        sent_at timestamptz,
        sent BIGINT DEFAULT 0 NOT NULL,
        over BOOLEAN DEFAULT false NOT NULL,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY (tenant_id, action_id) REFERENCES action (tenant_id, id) ON DELETE CASCADE,
        FOREIGN KEY (tenant_id, member_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX reminder_due ON reminder (tenant_id, at) WHERE NOT over",
    "CREATE INDEX reminder_action ON reminder (tenant_id, action_id, member_id)",
    "CREATE INDEX reminder_member ON reminder (tenant_id, member_id)",
    """
    CREATE TABLE calendar_feed (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        member_id UUID NOT NULL,
        token_hash BYTEA NOT NULL,
        made_at timestamptz NOT NULL,
        read_at timestamptz,
        PRIMARY KEY (tenant_id, member_id),
        FOREIGN KEY (tenant_id, member_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE UNIQUE INDEX calendar_feed_token ON calendar_feed (tenant_id, token_hash)",
)


def upgrade() -> None:
    for statement in (*CREATE, *flat(tenant_table(table) for table in TABLES)):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE calendar_feed, reminder")
