"""Territories, the fallback, and whose turn it is in a team."""

from alembic import op
from salescompass.kit.row_security import flat, tenant_table

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("territory", "assignment_setting", "assignment_turn")
CREATE = (
    """
    CREATE TABLE territory (
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        name text NOT NULL,
        name_norm text COLLATE "C" NOT NULL,
        conditions JSONB DEFAULT '{}'::jsonb NOT NULL,
        position BIGINT DEFAULT 0 NOT NULL,
        team_id UUID,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id) ON DELETE SET NULL (team_id)
    )
    """,
    "CREATE UNIQUE INDEX territory_name ON territory (tenant_id, name_norm)",
    "CREATE INDEX territory_team ON territory (tenant_id, team_id)",
    """
    CREATE TABLE assignment_setting (
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        fallback_member_id UUID,
        fallback_team_id UUID,
        idle_hours BIGINT,
        PRIMARY KEY (tenant_id),
        FOREIGN KEY (tenant_id, fallback_member_id) REFERENCES membership (tenant_id, id)
            ON DELETE SET NULL (fallback_member_id),
        FOREIGN KEY (tenant_id, fallback_team_id) REFERENCES team (tenant_id, id) ON DELETE SET NULL (fallback_team_id)
    )
    """,
    "CREATE INDEX assignment_setting_member ON assignment_setting (tenant_id, fallback_member_id)",
    "CREATE INDEX assignment_setting_team ON assignment_setting (tenant_id, fallback_team_id)",
    """
    CREATE TABLE assignment_turn (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        team_id UUID NOT NULL,
        member_id UUID NOT NULL,
        credit BIGINT DEFAULT 0 NOT NULL,
        PRIMARY KEY (tenant_id, team_id, member_id),
        FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id) ON DELETE CASCADE,
        FOREIGN KEY (tenant_id, member_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX assignment_turn_member ON assignment_turn (tenant_id, member_id)",
)


def upgrade() -> None:
    for statement in (*CREATE, *flat(tenant_table(table) for table in TABLES)):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE assignment_turn, assignment_setting, territory")
