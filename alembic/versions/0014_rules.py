"""Rules: what turns patterns into actions, their versions and what they did; and templates of actions."""

from alembic import op
from salescompass.kit.row_security import flat, tenant_table

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("rule", "rule_version", "rule_pass", "rule_run", "action_template", "action_template_version")
CREATE = (
    """
    CREATE TABLE rule (
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        key text,
        name text NOT NULL,
        about text DEFAULT '' NOT NULL,
        state text DEFAULT 'draft' NOT NULL,
        row_version BIGINT DEFAULT 1 NOT NULL,
        live_version BIGINT,
        trigger_kind text NOT NULL,
        types JSONB DEFAULT '[]'::jsonb NOT NULL,
        draft JSONB DEFAULT '{}'::jsonb NOT NULL,
        created_by UUID,
        published_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT state_known CHECK (state IN ('draft', 'live', 'paused')),
        CONSTRAINT trigger_kind_known CHECK (trigger_kind IN ('event', 'crossing', 'schedule', 'absence'))
    )
    """,
    "CREATE UNIQUE INDEX rule_key ON rule (tenant_id, key)",
    "CREATE INDEX rule_live ON rule (tenant_id, trigger_kind) WHERE state = 'live'",
    """
    CREATE TABLE rule_version (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        rule_id UUID NOT NULL,
        version BIGINT NOT NULL,
        definition JSONB DEFAULT '{}'::jsonb NOT NULL,
        note text DEFAULT '' NOT NULL,
        published_by UUID,
        published_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, rule_id, version),
        FOREIGN KEY(tenant_id, rule_id) REFERENCES rule (tenant_id, id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE rule_pass (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        rule_id UUID NOT NULL,
        at timestamptz NOT NULL,
        version BIGINT DEFAULT 1 NOT NULL,
        looked BIGINT DEFAULT 0 NOT NULL,
        matched BIGINT DEFAULT 0 NOT NULL,
        made BIGINT DEFAULT 0 NOT NULL,
        last_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, rule_id, at),
        FOREIGN KEY(tenant_id, rule_id) REFERENCES rule (tenant_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX rule_pass_at ON rule_pass (tenant_id, at)",
    """
    CREATE TABLE rule_run (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        rule_id UUID NOT NULL,
        version BIGINT DEFAULT 1 NOT NULL,
        at timestamptz NOT NULL,
        subject_kind text NOT NULL,
        subject_id UUID NOT NULL,
        result text NOT NULL,
        action_id UUID,
        member_id UUID,
        depth BIGINT DEFAULT 0 NOT NULL,
        evidence JSONB DEFAULT '[]'::jsonb NOT NULL,
        trace JSONB DEFAULT '{}'::jsonb NOT NULL,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY(tenant_id, rule_id) REFERENCES rule (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT subject_kind_known CHECK (subject_kind IN ('account', 'person', 'opportunity')),
        CONSTRAINT result_known CHECK (result IN ('fired', 'cooldown', 'episode', 'cap', 'duplicate', 'team', 'loop'))
    )
    """,
    "CREATE INDEX rule_run_action ON rule_run (tenant_id, action_id) WHERE action_id IS NOT NULL",
    "CREATE INDEX rule_run_at ON rule_run (tenant_id, rule_id, at DESC, id DESC)",
    "CREATE INDEX rule_run_member ON rule_run (tenant_id, rule_id, member_id, at) WHERE result = 'fired'",
    "CREATE INDEX rule_run_old ON rule_run (tenant_id, at)",
    "CREATE INDEX rule_run_subject ON rule_run (tenant_id, rule_id, subject_id, at)",
    """
    CREATE TABLE action_template (
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        key text,
        name text NOT NULL,
        row_version BIGINT DEFAULT 1 NOT NULL,
        version BIGINT DEFAULT 1 NOT NULL,
        created_by UUID,
        retired_at timestamptz,
        PRIMARY KEY (tenant_id, id)
    )
    """,
    "CREATE UNIQUE INDEX action_template_key ON action_template (tenant_id, key)",
    """
    CREATE TABLE action_template_version (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        template_id UUID NOT NULL,
        version BIGINT NOT NULL,
        content JSONB DEFAULT '{}'::jsonb NOT NULL,
        created_by UUID,
        created_at timestamptz DEFAULT now() NOT NULL,
        PRIMARY KEY (tenant_id, template_id, version),
        FOREIGN KEY(tenant_id, template_id) REFERENCES action_template (tenant_id, id) ON DELETE CASCADE
    )
    """,
)


def upgrade() -> None:
    for statement in (*CREATE, *flat(tenant_table(table) for table in TABLES)):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE action_template_version, action_template, rule_run, rule_pass, rule_version, rule")
