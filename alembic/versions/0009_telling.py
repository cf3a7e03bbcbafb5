"""What members are told: once for what is told again, after quiet hours, by email now or once a day, as they choose."""

from alembic import op
from salescompass.kit.row_security import tenant_table

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CREATE = (
    """
    ALTER TABLE notification
        ADD COLUMN subject text DEFAULT '' NOT NULL,
        ADD COLUMN slot BIGINT DEFAULT 0 NOT NULL,
        ADD COLUMN times BIGINT DEFAULT 1 NOT NULL,
        ADD COLUMN shown BOOLEAN DEFAULT true NOT NULL,
        ADD COLUMN due_at timestamptz DEFAULT now() NOT NULL,
        ADD COLUMN acked_at timestamptz,
        ADD COLUMN mail text DEFAULT 'none' NOT NULL,
        ADD COLUMN mail_at timestamptz,
        ADD CONSTRAINT mail_known CHECK (mail IN ('none', 'now', 'digest', 'sent'))
    """,
    "UPDATE notification SET due_at = created_at, subject = id::text",
    "DROP INDEX notification_inbox",
    "CREATE INDEX notification_inbox ON notification (tenant_id, membership_id, due_at DESC, id DESC)",
    "CREATE UNIQUE INDEX notification_same ON notification (tenant_id, membership_id, kind, subject, slot)",
    "CREATE INDEX notification_digest ON notification (tenant_id, mail_at) WHERE mail = 'digest'",
    """
    CREATE TABLE notification_pref (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        membership_id UUID NOT NULL,
        kind text NOT NULL,
        in_app BOOLEAN DEFAULT true NOT NULL,
        email text NOT NULL,
        PRIMARY KEY (tenant_id, membership_id, kind),
        FOREIGN KEY (tenant_id, membership_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT email_known CHECK (email IN ('now', 'digest', 'off'))
    )
    """,
)


def upgrade() -> None:
    for statement in (*CREATE, *tenant_table("notification_pref")):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE notification_pref")
    op.execute("DROP INDEX notification_digest, notification_same, notification_inbox")
    op.execute(
        "ALTER TABLE notification DROP COLUMN subject, DROP COLUMN slot, DROP COLUMN times, DROP COLUMN shown, "
        "DROP COLUMN due_at, DROP COLUMN acked_at, DROP COLUMN mail, DROP COLUMN mail_at"
    )
    op.execute("CREATE INDEX notification_inbox ON notification (tenant_id, membership_id, created_at DESC, id DESC)")
