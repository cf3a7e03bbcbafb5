"""Event types and rules of tenants, daily buckets, scores and what is kept of their past.

Only adds. Buckets are filled from the events that are there; each tenant's scores are then made by a worker.
"""

import uuid

import sqlalchemy as sa

from alembic import op
from salescompass.kit.row_security import flat, tenant_table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "event_type", "event_rule", "event_bucket", "event_merge", "score_config", "score", "score_snapshot",
    "band_crossing",
)  # fmt: skip

SCHEMA = """
ALTER INDEX event_type RENAME TO event_by_type;
ALTER TABLE event ADD COLUMN merged_into UUID;
CREATE INDEX event_folded ON event (tenant_id, occurred_at DESC, id DESC) WHERE duplicate_of IS NOT NULL;

CREATE TABLE event_type (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    key text NOT NULL,
    label text NOT NULL,
    family text NOT NULL,
    direction text NOT NULL,
    channel text NOT NULL,
    points double precision NOT NULL,
    decay_group text NOT NULL,
    json_schema JSONB,
    object_key text,
    window_seconds BIGINT,
    retired_at timestamptz,
    PRIMARY KEY (tenant_id, key),
    CONSTRAINT direction_known CHECK (direction IN ('in', 'out', 'own'))
);

CREATE TABLE event_rule (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    key text NOT NULL,
    type text NOT NULL,
    place BIGINT DEFAULT 0 NOT NULL,
    conditions JSONB DEFAULT '[]'::jsonb NOT NULL,
    PRIMARY KEY (tenant_id, key)
);

CREATE TABLE event_bucket (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id UUID NOT NULL,
    rule text NOT NULL,
    day DATE NOT NULL,
    n BIGINT DEFAULT 0 NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, subject_kind, subject_id, rule, day),
    CONSTRAINT subject_kind_known CHECK (subject_kind IN ('person', 'account'))
);

CREATE TABLE event_merge (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    survivor_id UUID NOT NULL,
    survivor_at timestamptz NOT NULL,
    merged_id UUID NOT NULL,
    merged_at timestamptz NOT NULL,
    done_by UUID,
    done_at timestamptz DEFAULT now() NOT NULL,
    undone_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX event_merge_survivor ON event_merge (tenant_id, survivor_id);

CREATE TABLE score_config (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    state text DEFAULT 'draft' NOT NULL,
    content JSONB DEFAULT '{}'::jsonb NOT NULL,
    note text DEFAULT '' NOT NULL,
    created_by UUID,
    created_at timestamptz DEFAULT now() NOT NULL,
    published_by UUID,
    published_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT state_known CHECK (state IN ('draft', 'publishing', 'live', 'old'))
);
CREATE UNIQUE INDEX score_config_version ON score_config (tenant_id, version);
CREATE UNIQUE INDEX score_config_live ON score_config (tenant_id) WHERE state = 'live';
CREATE UNIQUE INDEX score_config_draft ON score_config (tenant_id) WHERE state IN ('draft', 'publishing');

CREATE TABLE score (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id UUID NOT NULL,
    value double precision NOT NULL,
    band text DEFAULT 'cold' NOT NULL,
    held_edge double precision,
    raw double precision[] NOT NULL,
    as_of timestamptz NOT NULL,
    due_at timestamptz,
    config_version BIGINT DEFAULT 1 NOT NULL,
    stale_from DATE,
    PRIMARY KEY (tenant_id, subject_kind, subject_id),
    CONSTRAINT subject_kind_known CHECK (subject_kind IN ('person', 'account')),
    CONSTRAINT band_known CHECK (band IN ('cold', 'cool', 'warm', 'hot'))
);
CREATE INDEX score_value ON score (tenant_id, subject_kind, value DESC, subject_id);
CREATE INDEX score_band ON score (tenant_id, subject_kind, band, value DESC);
CREATE INDEX score_due ON score (tenant_id, due_at);
CREATE INDEX score_stale ON score (tenant_id, stale_from) WHERE stale_from IS NOT NULL;

CREATE TABLE score_snapshot (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id UUID NOT NULL,
    day DATE NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (tenant_id, subject_kind, subject_id, day),
    CONSTRAINT subject_kind_known CHECK (subject_kind IN ('person', 'account'))
);

CREATE TABLE band_crossing (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    subject_kind text NOT NULL,
    subject_id UUID NOT NULL,
    from_band text NOT NULL,
    to_band text NOT NULL,
    value double precision NOT NULL,
    cause text NOT NULL,
    config_version BIGINT DEFAULT 1 NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT subject_kind_known CHECK (subject_kind IN ('person', 'account')),
    CONSTRAINT cause_known CHECK (cause IN ('events', 'time', 'configuration'))
);
CREATE INDEX band_crossing_at ON band_crossing (tenant_id, at DESC, id DESC);
CREATE INDEX band_crossing_subject ON band_crossing (tenant_id, subject_kind, subject_id, at DESC);
"""

# Every counting event, once: under its bare type, since no tenant has a rule of its own yet.
COUNTED = (
    "event WHERE direction = 'in' AND verdict IN ('human', 'unknown') AND duplicate_of IS NULL "
    "AND coalesce(person_id, account_id) IS NOT NULL"
)
FILL = (
    "INSERT INTO event_bucket (tenant_id, subject_kind, subject_id, rule, day, n, last_at) "  # noqa: S608
    "SELECT tenant_id, CASE WHEN person_id IS NULL THEN 'account' ELSE 'person' END AS kind, "
    "  coalesce(person_id, account_id) AS subject, type, (occurred_at AT TIME ZONE 'UTC')::date AS day, "
    "  count(*), max(occurred_at) FROM " + COUNTED + " GROUP BY tenant_id, kind, subject, type, day"
)


def upgrade() -> None:
    for statement in SCHEMA.split(";\n"):
        if statement.strip():
            op.execute(statement)
    for statement in flat(tenant_table(table) for table in TENANT_TABLES):
        op.execute(statement)
    connection = op.get_bind()
    connection.execute(sa.text(FILL))
    counted = connection.execute(sa.text(f"SELECT count(*) FROM {COUNTED}")).scalar_one()  # noqa: S608 - a constant
    filled = connection.execute(sa.text("SELECT coalesce(sum(n), 0) FROM event_bucket")).scalar_one()
    if counted != filled:
        raise RuntimeError(f"{counted} events count, but the buckets hold {filled}")
    tenants = connection.execute(sa.text("SELECT DISTINCT tenant_id FROM event_bucket")).scalars().all()
    for tenant_id in tenants:
        connection.execute(
            sa.text("INSERT INTO outbox (tenant_id, id, topic) VALUES (:tenant, :id, 'scores.rebuilt')"),
            {"tenant": tenant_id, "id": uuid.uuid4()},
        )


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE topic = 'scores.rebuilt'")
    op.execute("DROP TABLE " + ", ".join(TENANT_TABLES))
    op.execute("DROP INDEX event_folded")
    op.execute("ALTER INDEX event_by_type RENAME TO event_type")
    op.execute("ALTER TABLE event DROP COLUMN merged_into")
