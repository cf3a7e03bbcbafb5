"""An event is found by its id alone."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX event_id ON event (tenant_id, id)")


def downgrade() -> None:
    op.execute("DROP INDEX event_id")
