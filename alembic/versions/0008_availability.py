"""When members are there, and how much they take on."""

from alembic import op
from salescompass.kit.row_security import tenant_table

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CREATE = (
    """
    CREATE TABLE availability (
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        member_id UUID NOT NULL,
        weight BIGINT DEFAULT 1 NOT NULL,
        max_open BIGINT,
        work_from time,
        work_to time,
        work_days text DEFAULT '1234567' NOT NULL,
        quiet_from time,
        quiet_to time,
        out_from date,
        out_to date,
        delegate_id UUID,
        PRIMARY KEY (tenant_id, member_id),
        FOREIGN KEY (tenant_id, member_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE,
        FOREIGN KEY (tenant_id, delegate_id) REFERENCES membership (tenant_id, id)
    )
    """,
    "CREATE INDEX availability_delegate ON availability (tenant_id, delegate_id)",
)


def upgrade() -> None:
    for statement in (*CREATE, *tenant_table("availability")):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE availability")
