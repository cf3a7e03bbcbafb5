"""Notes keep how they stood before and say who reads them, name members and teams; members follow records."""

from alembic import op
from salescompass.kit.row_security import flat, tenant_table

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("note_version", "mention", "follower")
CREATE = (
    """
    ALTER TABLE note
        ADD COLUMN visibility text DEFAULT 'all' NOT NULL,
        ADD CONSTRAINT visibility_known CHECK (visibility IN ('all', 'team', 'private')),
        DROP CONSTRAINT object_type_known,
        ADD CONSTRAINT object_type_known
            CHECK (object_type IN ('account', 'person', 'opportunity', 'product', 'event', 'action'))
    """,
    """
    CREATE TABLE note_version (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        note_id UUID NOT NULL,
        body text NOT NULL,
        visibility text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY (tenant_id, note_id) REFERENCES note (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT visibility_known CHECK (visibility IN ('all', 'team', 'private'))
    )
    """,
    "CREATE INDEX note_version_note ON note_version (tenant_id, note_id, at)",
    """
    CREATE TABLE mention (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        note_id UUID NOT NULL,
        member_id UUID,
        team_id UUID,
        label text NOT NULL,
        at timestamptz DEFAULT now() NOT NULL,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY (tenant_id, note_id) REFERENCES note (tenant_id, id) ON DELETE CASCADE,
        FOREIGN KEY (tenant_id, member_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE,
        FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE UNIQUE INDEX mention_member ON mention (tenant_id, note_id, member_id)",
    "CREATE UNIQUE INDEX mention_team ON mention (tenant_id, note_id, team_id)",
    "CREATE INDEX mention_of_member ON mention (tenant_id, member_id)",
    "CREATE INDEX mention_of_team ON mention (tenant_id, team_id)",
    """
    CREATE TABLE follower (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        object_type text NOT NULL,
        object_id UUID NOT NULL,
        member_id UUID NOT NULL,
        state text DEFAULT 'following' NOT NULL,
        at timestamptz DEFAULT now() NOT NULL,
        PRIMARY KEY (tenant_id, object_type, object_id, member_id),
        FOREIGN KEY (tenant_id, member_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT object_type_known CHECK (object_type IN ('account', 'person', 'opportunity', 'action')),
        CONSTRAINT state_known CHECK (state IN ('following', 'left'))
    )
    """,
    "CREATE INDEX follower_member ON follower (tenant_id, member_id)",
)


def upgrade() -> None:
    for statement in (*CREATE, *flat(tenant_table(table) for table in TABLES)):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE follower, mention, note_version")
    op.execute("DELETE FROM note WHERE object_type IN ('event', 'action')")
    op.execute(
        "ALTER TABLE note DROP COLUMN visibility, DROP CONSTRAINT object_type_known, ADD CONSTRAINT object_type_known "
        "CHECK (object_type IN ('account', 'person', 'opportunity', 'product'))"
    )
