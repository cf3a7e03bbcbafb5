"""The first schema: identity, machinery, records, the ledger.

Tables are made by the owner; `TENANT_TABLES` get the forced policy of their tenant, `SYSTEM_TABLES` are the
cross-tenant role's alone, and `ACROSS` names what that role may do on tables of the tenants.
"""

from datetime import UTC, datetime

from alembic import op
from salescompass.kit import partitions
from salescompass.kit.row_security import (
    APP,
    across_tenants,
    flat,
    granted,
    system_table,
    tenant_table,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "tenant_public", "membership", "role", "role_permission", "membership_role", "api_key", "flag_override",
    "usage_counter", "notification", "outbox", "error_event", "account", "person", "event", "event_key", "person_day",
)  # fmt: skip
# Rows that the application may add and read, never change or take away.
APPEND_ONLY = ("audit_log", "audit_seal")
SYSTEM_TABLES = ("tenant", "user", "device", "session", "reset_token", "schedule_lock")
ACROSS = {
    "membership": "SELECT, INSERT, UPDATE",
    "api_key": "SELECT, UPDATE",
    "outbox": "SELECT",
}

SCHEMA = """
CREATE TABLE tenant (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    id UUID NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'active' NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT status_known CHECK (status IN ('active', 'suspended')),
    UNIQUE (slug)
);

CREATE TABLE tenant_public (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    zone text DEFAULT 'UTC' NOT NULL,
    PRIMARY KEY (tenant_id)
);

CREATE TABLE "user" (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    id UUID NOT NULL,
    email text NOT NULL,
    email_norm text NOT NULL,
    name text NOT NULL,
    zone text DEFAULT 'UTC' NOT NULL,
    password_hash text,
    password_changed_at timestamptz,
    failed_sign_ins BIGINT DEFAULT 0 NOT NULL,
    retry_at timestamptz,
    last_sign_in_at timestamptz,
    PRIMARY KEY (id),
    UNIQUE (email_norm)
);

CREATE TABLE device (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    failed_sign_ins BIGINT DEFAULT 0 NOT NULL,
    retry_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    last_seen_at timestamptz DEFAULT now() NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(user_id) REFERENCES "user" (id) ON DELETE CASCADE,
    UNIQUE (token_hash)
);
CREATE INDEX ix_device_user_id ON device (user_id);

CREATE TABLE membership (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    status text DEFAULT 'active' NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    email_norm text NOT NULL,
    zone text DEFAULT 'UTC' NOT NULL,
    shortcuts BOOLEAN DEFAULT true NOT NULL,
    invited_by UUID,
    last_seen_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT status_known CHECK (status IN ('invited', 'active', 'disabled')),
    FOREIGN KEY(user_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX membership_email ON membership (tenant_id, email_norm);
CREATE INDEX membership_of_user ON membership (user_id);
CREATE UNIQUE INDEX membership_user ON membership (tenant_id, user_id);

CREATE TABLE role (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    builtin BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX role_key ON role (tenant_id, key);

CREATE TABLE role_permission (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    role_id UUID NOT NULL,
    permission text NOT NULL,
    PRIMARY KEY (tenant_id, role_id, permission),
    FOREIGN KEY(tenant_id, role_id) REFERENCES role (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE membership_role (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    membership_id UUID NOT NULL,
    role_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, membership_id, role_id),
    FOREIGN KEY(tenant_id, membership_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY(tenant_id, role_id) REFERENCES role (tenant_id, id)
);
CREATE INDEX membership_role_role ON membership_role (tenant_id, role_id);

CREATE TABLE session (
    id UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    previous_hash BYTEA,
    rotated_at timestamptz,
    user_id UUID NOT NULL,
    tenant_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    last_seen_at timestamptz DEFAULT now() NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    user_agent text DEFAULT '' NOT NULL,
    ip text DEFAULT '' NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (token_hash),
    UNIQUE (previous_hash),
    FOREIGN KEY(user_id) REFERENCES "user" (id) ON DELETE CASCADE,
    FOREIGN KEY(tenant_id) REFERENCES tenant (id) ON DELETE CASCADE
);
CREATE INDEX ix_session_tenant_id ON session (tenant_id);
CREATE INDEX ix_session_user_id ON session (user_id);

CREATE TABLE reset_token (
    id UUID NOT NULL,
    kind text NOT NULL,
    token_hash BYTEA NOT NULL,
    user_id UUID NOT NULL,
    tenant_id UUID,
    created_at timestamptz DEFAULT now() NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (id),
    CONSTRAINT kind_known CHECK (kind IN ('invitation', 'reset')),
    UNIQUE (token_hash),
    FOREIGN KEY(user_id) REFERENCES "user" (id) ON DELETE CASCADE,
    FOREIGN KEY(tenant_id) REFERENCES tenant (id) ON DELETE CASCADE
);
CREATE INDEX ix_reset_token_user_id ON reset_token (user_id);

CREATE TABLE api_key (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    key_hash BYTEA NOT NULL,
    scopes TEXT[] NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    created_by UUID,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (key_hash)
);
CREATE UNIQUE INDEX api_key_name ON api_key (tenant_id, name);

CREATE TABLE audit_log (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    at timestamptz DEFAULT clock_timestamp() NOT NULL,
    actor_kind text NOT NULL,
    actor_id UUID,
    actor_name text NOT NULL,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id text NOT NULL,
    detail JSONB DEFAULT '{}'::jsonb NOT NULL,
    request_id text DEFAULT '' NOT NULL,
    ip text DEFAULT '' NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT actor_kind_known CHECK (actor_kind IN ('member', 'key', 'system'))
);
CREATE INDEX audit_log_action ON audit_log (tenant_id, action, at DESC, id DESC);
CREATE INDEX audit_log_actor ON audit_log (tenant_id, actor_id, at DESC, id DESC);
CREATE INDEX audit_log_at ON audit_log (tenant_id, at DESC, id DESC);

CREATE TABLE audit_seal (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    seq BIGINT NOT NULL,
    audit_id UUID NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    sealed_at timestamptz DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
CREATE UNIQUE INDEX audit_seal_audit ON audit_seal (tenant_id, audit_id);

CREATE TABLE feature_flag (
    key text NOT NULL,
    enabled BOOLEAN NOT NULL,
    percent BIGINT DEFAULT 100 NOT NULL,
    killed BOOLEAN DEFAULT false NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    PRIMARY KEY (key)
);

CREATE TABLE flag_override (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    flag_key text NOT NULL,
    enabled BOOLEAN NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, flag_key)
);

CREATE TABLE usage_counter (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    membership_id UUID NOT NULL,
    handler text NOT NULL,
    hour timestamptz NOT NULL,
    n BIGINT DEFAULT 0 NOT NULL,
    PRIMARY KEY (tenant_id, membership_id, handler, hour),
    FOREIGN KEY(tenant_id, membership_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX usage_counter_hour ON usage_counter (tenant_id, hour);

CREATE TABLE notification (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    membership_id UUID NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    body text DEFAULT '' NOT NULL,
    link text DEFAULT '' NOT NULL,
    read_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, membership_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX notification_inbox ON notification (tenant_id, membership_id, created_at DESC, id DESC);

CREATE TABLE outbox (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    topic text NOT NULL,
    payload JSONB DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    due_at timestamptz DEFAULT now() NOT NULL,
    lease_until timestamptz,
    lease_token UUID,
    attempts BIGINT DEFAULT 0 NOT NULL,
    last_error text DEFAULT '' NOT NULL,
    dead_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX outbox_due ON outbox (tenant_id, topic, due_at) WHERE dead_at IS NULL;
CREATE INDEX outbox_waiting ON outbox (due_at) WHERE dead_at IS NULL;

CREATE TABLE schedule_lock (
    name text NOT NULL,
    holder text NOT NULL,
    token UUID NOT NULL,
    lease_until timestamptz NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE error_event (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    fingerprint text NOT NULL,
    kind text NOT NULL,
    message text NOT NULL,
    place text NOT NULL,
    request_id text NOT NULL,
    release text NOT NULL,
    n BIGINT DEFAULT 1 NOT NULL,
    first_seen timestamptz DEFAULT now() NOT NULL,
    last_seen timestamptz DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX error_event_fingerprint ON error_event (tenant_id, fingerprint);
CREATE INDEX error_event_last ON error_event (tenant_id, last_seen DESC);

CREATE TABLE account (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    name text NOT NULL,
    name_norm text NOT NULL,
    domain_norm text,
    external_id text,
    owner_id UUID,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, owner_id) REFERENCES membership (tenant_id, id)
);
CREATE UNIQUE INDEX account_domain ON account (tenant_id, domain_norm);
CREATE UNIQUE INDEX account_external ON account (tenant_id, external_id);
CREATE INDEX account_name ON account (tenant_id, name_norm);
CREATE INDEX account_owner ON account (tenant_id, owner_id);

CREATE TABLE person (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    kind text DEFAULT 'contact' NOT NULL,
    account_id UUID,
    name text NOT NULL,
    name_norm text NOT NULL,
    email text,
    email_norm text,
    external_id text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id) ,
    CONSTRAINT kind_known CHECK (kind IN ('lead', 'contact'))
);
CREATE INDEX person_account ON person (tenant_id, account_id);
CREATE UNIQUE INDEX person_email ON person (tenant_id, email_norm);
CREATE UNIQUE INDEX person_external ON person (tenant_id, external_id);
CREATE INDEX person_name ON person (tenant_id, name_norm);

CREATE TABLE event (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    id UUID NOT NULL,
    received_at timestamptz DEFAULT now() NOT NULL,
    type text NOT NULL,
    direction text NOT NULL,
    channel text NOT NULL,
    account_id UUID,
    person_id UUID,
    opportunity_id UUID,
    verdict text DEFAULT 'unknown' NOT NULL,
    verdict_reasons JSONB DEFAULT '[]'::jsonb NOT NULL,
    actor text,
    source text NOT NULL,
    duplicate_of UUID,
    properties JSONB DEFAULT '{}'::jsonb NOT NULL,
    PRIMARY KEY (tenant_id, occurred_at, id),
    CONSTRAINT verdict_known CHECK (verdict IN ('human', 'unknown', 'proxy_open', 'likely_bot', 'bot')),
    CONSTRAINT direction_known CHECK (direction IN ('in', 'out', 'own'))
)
 PARTITION BY RANGE (occurred_at);
CREATE INDEX event_account ON event (tenant_id, account_id, occurred_at DESC);
CREATE INDEX event_person ON event (tenant_id, person_id, occurred_at DESC);
CREATE INDEX event_type ON event (tenant_id, type, occurred_at);

CREATE TABLE event_key (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    key text NOT NULL,
    event_id UUID NOT NULL,
    occurred_at timestamptz NOT NULL,
    body_hash BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, key)
);

CREATE TABLE person_day (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    person_id UUID NOT NULL,
    day DATE NOT NULL,
    n BIGINT DEFAULT 0 NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, person_id, day),
    FOREIGN KEY(tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX person_day_day ON person_day (tenant_id, day);
"""


def upgrade() -> None:
    for statement in SCHEMA.split(";\n"):
        if statement.strip():
            op.execute(statement)
    for statement in flat(tenant_table(table) for table in TENANT_TABLES):
        op.execute(statement)
    for statement in flat(tenant_table(table, rights="SELECT, INSERT") for table in APPEND_ONLY):
        op.execute(statement)
    for statement in flat(system_table(table) for table in SYSTEM_TABLES):
        op.execute(statement)
    for statement in flat(across_tenants(table, rights) for table, rights in ACROSS.items()):
        op.execute(statement)
    for statement in granted("feature_flag", APP, "SELECT"):
        op.execute(statement)
    partitions.ensure(op.get_bind(), datetime.now(UTC).date())


def downgrade() -> None:
    tables = (*TENANT_TABLES, *APPEND_ONLY, *SYSTEM_TABLES, "feature_flag")
    op.execute("DROP TABLE " + ", ".join(f'"{table}"' for table in tables) + " CASCADE")
