"""Actions: what to do next with whom, the log of their lives, and who was asked to take one over."""

from alembic import op
from salescompass.kit.row_security import flat, tenant_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("action", "action_move", "delegation")
CREATE = (
    """
    CREATE TABLE action (
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        kind text NOT NULL,
        title text NOT NULL,
        detail text DEFAULT '' NOT NULL,
        message text DEFAULT '' NOT NULL,
        state text DEFAULT 'proposed' NOT NULL,
        row_version BIGINT DEFAULT 1 NOT NULL,
        account_id UUID,
        person_id UUID,
        opportunity_id UUID,
        assignee_id UUID,
        assigned_because JSONB DEFAULT '[]'::jsonb NOT NULL,
        source text DEFAULT 'person' NOT NULL,
        rule_id UUID,
        rule_version BIGINT,
        template_id UUID,
        template_version BIGINT,
        reasons JSONB DEFAULT '[]'::jsonb NOT NULL,
        evidence JSONB DEFAULT '[]'::jsonb NOT NULL,
        watch JSONB DEFAULT '{}'::jsonb NOT NULL,
        awaits BOOLEAN DEFAULT false NOT NULL,
        recheck_at timestamptz,
        dedupe_key text,
        client_ref text,
        parent_id UUID,
        due_from timestamptz,
        due_to timestamptz,
        expires_at timestamptz,
        effort_minutes BIGINT DEFAULT 10 NOT NULL,
        value_minor BIGINT,
        chance DOUBLE PRECISION,
        worth DOUBLE PRECISION DEFAULT 0 NOT NULL,
        snoozed_until timestamptz,
        snoozed_for text,
        snoozed_from text,
        snoozes BIGINT DEFAULT 0 NOT NULL,
        touched_at timestamptz,
        closed_at timestamptz,
        closed_by UUID,
        outcome text,
        success BOOLEAN,
        closing_note text DEFAULT '' NOT NULL,
        dismissed_for text,
        created_by UUID,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id),
        FOREIGN KEY(tenant_id, person_id) REFERENCES person (tenant_id, id),
        FOREIGN KEY(tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id),
        FOREIGN KEY(tenant_id, assignee_id) REFERENCES membership (tenant_id, id),
        FOREIGN KEY(tenant_id, closed_by) REFERENCES membership (tenant_id, id),
        FOREIGN KEY(tenant_id, parent_id) REFERENCES action (tenant_id, id),
        CONSTRAINT state_known CHECK (
            state IN ('proposed', 'accepted', 'in_progress', 'snoozed', 'done', 'dismissed', 'expired')
        )
    )
    """,
    "CREATE INDEX action_account ON action (tenant_id, account_id, created_at)",
    "CREATE INDEX action_awaits_account ON action (tenant_id, account_id) "
    "WHERE awaits AND state IN ('proposed', 'accepted', 'in_progress', 'snoozed')",
    "CREATE INDEX action_awaits_person ON action (tenant_id, person_id) "
    "WHERE awaits AND state IN ('proposed', 'accepted', 'in_progress', 'snoozed')",
    "CREATE INDEX action_best ON action (tenant_id, assignee_id, worth, id) "
    "WHERE state IN ('proposed', 'accepted', 'in_progress', 'snoozed')",
    "CREATE INDEX action_best_of_all ON action (tenant_id, worth, id) "
    "WHERE state IN ('proposed', 'accepted', 'in_progress', 'snoozed')",
    "CREATE INDEX action_closed ON action (tenant_id, assignee_id, closed_at) WHERE closed_at IS NOT NULL",
    "CREATE INDEX action_closer ON action (tenant_id, closed_by)",
    "CREATE INDEX action_due ON action (tenant_id, due_to, id)",
    "CREATE INDEX action_ended ON action (tenant_id, closed_at, id) WHERE closed_at IS NOT NULL",
    "CREATE INDEX action_expires ON action (tenant_id, expires_at) "
    "WHERE state IN ('proposed', 'accepted', 'in_progress', 'snoozed')",
    "CREATE UNIQUE INDEX action_from_client ON action (tenant_id, client_ref)",
    "CREATE INDEX action_open ON action (tenant_id, assignee_id, due_to, id) "
    "WHERE state IN ('proposed', 'accepted', 'in_progress', 'snoozed')",
    "CREATE INDEX action_keyed ON action (tenant_id, dedupe_key, created_at)",
    "CREATE INDEX action_opportunity ON action (tenant_id, opportunity_id, created_at)",
    "CREATE INDEX action_parent ON action (tenant_id, parent_id)",
    "CREATE INDEX action_person ON action (tenant_id, person_id, created_at)",
    "CREATE INDEX action_rechecks ON action (tenant_id, recheck_at) "
    "WHERE state IN ('proposed', 'accepted', 'in_progress', 'snoozed')",
    "CREATE INDEX action_rule ON action (tenant_id, rule_id, created_at) WHERE rule_id IS NOT NULL",
    "CREATE UNIQUE INDEX action_same ON action (tenant_id, dedupe_key) "
    "WHERE state IN ('proposed', 'accepted', 'in_progress', 'snoozed')",
    "CREATE INDEX action_wakes ON action (tenant_id, snoozed_until) WHERE state = 'snoozed'",
    """
    CREATE TABLE action_move (
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        action_id UUID NOT NULL,
        at timestamptz NOT NULL,
        verb text NOT NULL,
        from_state text,
        to_state text NOT NULL,
        actor_kind text NOT NULL,
        actor_id UUID,
        reason text DEFAULT '' NOT NULL,
        before JSONB DEFAULT '{}'::jsonb NOT NULL,
        after JSONB DEFAULT '{}'::jsonb NOT NULL,
        undone_at timestamptz,
        undoes_id UUID,
        batch_id UUID,
        client_ref text,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY(tenant_id, action_id) REFERENCES action (tenant_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX action_move_action ON action_move (tenant_id, action_id, at, id)",
    "CREATE INDEX action_move_actor ON action_move (tenant_id, actor_id, at)",
    "CREATE INDEX action_move_batch ON action_move (tenant_id, batch_id) WHERE batch_id IS NOT NULL",
    """
    CREATE TABLE delegation (
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
        id UUID NOT NULL,
        action_id UUID NOT NULL,
        from_id UUID NOT NULL,
        to_id UUID NOT NULL,
        state text DEFAULT 'offered' NOT NULL,
        note text DEFAULT '' NOT NULL,
        answer text DEFAULT '' NOT NULL,
        answered_at timestamptz,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, id),
        FOREIGN KEY(tenant_id, action_id) REFERENCES action (tenant_id, id) ON DELETE CASCADE,
        FOREIGN KEY(tenant_id, from_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE,
        FOREIGN KEY(tenant_id, to_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT state_known CHECK (
            state IN ('offered', 'accepted', 'declined', 'withdrawn', 'timed_out', 'handed_back')
        )
    )
    """,
    "CREATE INDEX delegation_action ON delegation (tenant_id, action_id, created_at)",
    "CREATE UNIQUE INDEX delegation_asked ON delegation (tenant_id, action_id) WHERE state = 'offered'",
    "CREATE INDEX delegation_expires ON delegation (tenant_id, expires_at) WHERE state = 'offered'",
    "CREATE INDEX delegation_from ON delegation (tenant_id, from_id, state)",
    "CREATE INDEX delegation_to ON delegation (tenant_id, to_id, state)",
)


def upgrade() -> None:
    for statement in (*CREATE, *flat(tenant_table(table) for table in TABLES)):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE delegation, action_move, action")
