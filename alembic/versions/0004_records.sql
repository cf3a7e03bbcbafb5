DROP INDEX account_domain, account_external, account_name, account_owner, person_account, person_email,
    person_external, person_name;
ALTER TABLE account
    ALTER COLUMN name_norm TYPE text COLLATE "C",
    ALTER COLUMN domain_norm TYPE text COLLATE "C",
    ALTER COLUMN external_id TYPE text COLLATE "C";
ALTER TABLE person
    ALTER COLUMN name_norm TYPE text COLLATE "C",
    ALTER COLUMN email_norm TYPE text COLLATE "C",
    ALTER COLUMN external_id TYPE text COLLATE "C";
ALTER TABLE account
    ADD COLUMN row_version BIGINT DEFAULT 1 NOT NULL,
    ADD COLUMN created_by UUID,
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN parent_id UUID,
    ADD COLUMN industry text,
    ADD COLUMN industry_norm text COLLATE "C",
    ADD COLUMN size BIGINT,
    ADD COLUMN revenue_minor BIGINT,
    ADD COLUMN currency text,
    ADD COLUMN country text,
    ADD COLUMN country_norm text COLLATE "C",
    ADD COLUMN region text,
    ADD COLUMN region_norm text COLLATE "C",
    ADD COLUMN city text,
    ADD COLUMN city_norm text COLLATE "C",
    ADD COLUMN lifecycle text,
    ADD COLUMN founded BIGINT,
    ADD COLUMN phone text,
    ADD COLUMN website text,
    ADD COLUMN description text,
    ADD COLUMN source_original text,
    ADD COLUMN source_original_norm text COLLATE "C",
    ADD COLUMN source_latest text,
    ADD COLUMN source_latest_norm text COLLATE "C";
ALTER TABLE person
    ADD COLUMN row_version BIGINT DEFAULT 1 NOT NULL,
    ADD COLUMN created_by UUID,
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN first_name text,
    ADD COLUMN last_name text,
    ADD COLUMN phone text,
    ADD COLUMN title text,
    ADD COLUMN title_norm text COLLATE "C",
    ADD COLUMN persona text,
    ADD COLUMN persona_norm text COLLATE "C",
    ADD COLUMN seniority text,
    ADD COLUMN seniority_norm text COLLATE "C",
    ADD COLUMN country text,
    ADD COLUMN country_norm text COLLATE "C",
    ADD COLUMN city text,
    ADD COLUMN city_norm text COLLATE "C",
    ADD COLUMN zone text,
    ADD COLUMN language text,
    ADD COLUMN owner_id UUID,
    ADD COLUMN status text DEFAULT 'active' NOT NULL,
    ADD COLUMN lead_status text,
    ADD COLUMN lead_status_norm text COLLATE "C",
    ADD COLUMN source_original text,
    ADD COLUMN source_original_norm text COLLATE "C",
    ADD COLUMN source_latest text,
    ADD COLUMN source_latest_norm text COLLATE "C",
    ADD COLUMN converted_at timestamptz;
ALTER TABLE account
    ADD FOREIGN KEY (tenant_id, parent_id) REFERENCES account (tenant_id, id),
    ADD CONSTRAINT lifecycle_known CHECK (lifecycle IN ('prospect', 'customer', 'former', 'partner', 'other'));
ALTER TABLE person
    ADD FOREIGN KEY (tenant_id, owner_id) REFERENCES membership (tenant_id, id),
    ADD CONSTRAINT status_known CHECK (status IN ('active', 'left', 'bounced'));
ALTER TABLE tenant_public ADD COLUMN currency text DEFAULT 'USD' NOT NULL;
ALTER TABLE membership
    ALTER COLUMN user_id DROP NOT NULL,
    ALTER COLUMN email_norm DROP NOT NULL,
    ADD COLUMN manager_id UUID,
    ADD FOREIGN KEY (tenant_id, manager_id) REFERENCES membership (tenant_id, id);
CREATE INDEX membership_manager ON membership (tenant_id, manager_id);
CREATE INDEX account_by_city ON account (tenant_id, city_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_country ON account (tenant_id, country_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_created_at ON account (tenant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_founded ON account (tenant_id, founded, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_industry ON account (tenant_id, industry_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_lifecycle ON account (tenant_id, lifecycle, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_name ON account (tenant_id, name_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_region ON account (tenant_id, region_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_revenue_minor ON account (tenant_id, revenue_minor, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_size ON account (tenant_id, size, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_source_latest ON account (tenant_id, source_latest_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_source_original ON account (tenant_id, source_original_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX account_by_updated_at ON account (tenant_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX account_domain ON account (tenant_id, domain_norm) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX account_external ON account (tenant_id, external_id) WHERE deleted_at IS NULL;
CREATE INDEX account_owner ON account (tenant_id, owner_id, id);
CREATE INDEX account_parent ON account (tenant_id, parent_id, id);
CREATE INDEX account_trash ON account (tenant_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX person_account ON person (tenant_id, account_id, id);
CREATE INDEX person_by_city ON person (tenant_id, kind, city_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_country ON person (tenant_id, kind, country_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_created_at ON person (tenant_id, kind, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_email ON person (tenant_id, kind, email_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_lead_status ON person (tenant_id, kind, lead_status_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_name ON person (tenant_id, kind, name_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_persona ON person (tenant_id, kind, persona_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_seniority ON person (tenant_id, kind, seniority_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_source_latest ON person (tenant_id, kind, source_latest_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_source_original ON person (tenant_id, kind, source_original_norm, id) WHERE deleted_at IS
    NULL;
CREATE INDEX person_by_status ON person (tenant_id, kind, status, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_title ON person (tenant_id, kind, title_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX person_by_updated_at ON person (tenant_id, kind, updated_at, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX person_email ON person (tenant_id, email_norm) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX person_external ON person (tenant_id, external_id) WHERE deleted_at IS NULL;
CREATE INDEX person_name ON person (tenant_id, name_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX person_owner ON person (tenant_id, owner_id, id);
CREATE INDEX person_trash ON person (tenant_id, deleted_at, id) WHERE deleted_at IS NOT NULL;


CREATE TABLE custom_field (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    object_type text NOT NULL,
    key text NOT NULL,
    label text NOT NULL,
    kind text NOT NULL,
    choices JSONB DEFAULT '[]'::jsonb NOT NULL,
    required BOOLEAN DEFAULT false NOT NULL,
    position BIGINT DEFAULT 0 NOT NULL,
    retired_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT object_type_known CHECK (object_type IN ('account', 'person', 'opportunity', 'product')),
    CONSTRAINT kind_known CHECK (kind IN ('text', 'number', 'date', 'boolean', 'choice'))
);
CREATE UNIQUE INDEX custom_field_key ON custom_field (tenant_id, object_type, key);


CREATE TABLE idempotent (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    api_key_id UUID NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    status BIGINT DEFAULT 0 NOT NULL,
    headers JSONB DEFAULT '{}'::jsonb NOT NULL,
    body text NOT NULL,
    at timestamptz DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, api_key_id, key)
);
CREATE INDEX idempotent_at ON idempotent (tenant_id, at);

CREATE TABLE import_batch (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    kind text NOT NULL,
    file_name text NOT NULL,
    state text DEFAULT 'uploaded' NOT NULL,
    counts JSONB DEFAULT '{}'::jsonb NOT NULL,
    mapping JSONB DEFAULT '{}'::jsonb NOT NULL,
    options JSONB DEFAULT '{}'::jsonb NOT NULL,
    error text DEFAULT '' NOT NULL,
    created_by UUID,
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT state_known CHECK (state IN ('uploaded', 'checking', 'checked', 'running', 'cancelling',
        'cancelled', 'done', 'failed', 'undoing', 'undone'))
);
CREATE INDEX import_batch_at ON import_batch (tenant_id, created_at DESC, id DESC);

CREATE TABLE import_mapping (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    name_norm text COLLATE "C" NOT NULL,
    header text NOT NULL,
    mapping JSONB DEFAULT '{}'::jsonb NOT NULL,
    created_by UUID,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX import_mapping_header ON import_mapping (tenant_id, kind, header);
CREATE UNIQUE INDEX import_mapping_name ON import_mapping (tenant_id, kind, name_norm);

CREATE TABLE pipeline (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_by UUID,
    deleted_at timestamptz,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    name text NOT NULL,
    name_norm text COLLATE "C" NOT NULL,
    position BIGINT DEFAULT 0 NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX pipeline_name ON pipeline (tenant_id, name_norm) WHERE deleted_at IS NULL;

CREATE TABLE product (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_by UUID,
    deleted_at timestamptz,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    name text NOT NULL,
    name_norm text COLLATE "C" NOT NULL,
    sku text,
    sku_norm text COLLATE "C",
    series text,
    series_norm text COLLATE "C",
    price_minor BIGINT,
    currency text,
    active BOOLEAN DEFAULT true NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX product_by_active ON product (tenant_id, active, id) WHERE deleted_at IS NULL;
CREATE INDEX product_by_created_at ON product (tenant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX product_by_price_minor ON product (tenant_id, price_minor, id) WHERE deleted_at IS NULL;
CREATE INDEX product_by_series ON product (tenant_id, series_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX product_by_updated_at ON product (tenant_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX product_name ON product (tenant_id, name_norm) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX product_sku ON product (tenant_id, sku_norm) WHERE deleted_at IS NULL;
CREATE INDEX product_trash ON product (tenant_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE record_change (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    object_type text NOT NULL,
    object_id UUID NOT NULL,
    act text NOT NULL,
    changes JSONB DEFAULT '{}'::jsonb NOT NULL,
    actor_kind text NOT NULL,
    actor_id UUID,
    actor_name text NOT NULL,
    at timestamptz DEFAULT now() NOT NULL,
    batch_id UUID,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT act_known CHECK (act IN ('created', 'changed', 'deleted', 'restored', 'converted')),
    CONSTRAINT actor_kind_known CHECK (actor_kind IN ('member', 'key', 'system'))
);
CREATE INDEX record_change_at ON record_change (tenant_id, at DESC, id DESC);
CREATE INDEX record_change_batch ON record_change (tenant_id, batch_id, id) WHERE batch_id IS NOT NULL;
CREATE INDEX record_change_object ON record_change (tenant_id, object_type, object_id, at DESC, id DESC);

CREATE TABLE search_token (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    token text COLLATE "C" NOT NULL,
    object_type text NOT NULL,
    object_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, token, object_type, object_id)
);
CREATE INDEX search_token_object ON search_token (tenant_id, object_type, object_id);

CREATE TABLE tag (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    name text NOT NULL,
    name_norm text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX tag_name ON tag (tenant_id, name_norm);

CREATE TABLE team (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    name text NOT NULL,
    name_norm text COLLATE "C" NOT NULL,
    parent_id UUID,
    path text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, parent_id) REFERENCES team (tenant_id, id)
);
CREATE UNIQUE INDEX team_name ON team (tenant_id, name_norm);
CREATE INDEX team_parent ON team (tenant_id, parent_id);
CREATE UNIQUE INDEX team_path ON team (tenant_id, path);

CREATE TABLE custom_value (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    field_id UUID NOT NULL,
    object_id UUID NOT NULL,
    text text,
    text_norm text COLLATE "C",
    number double precision,
    at timestamptz,
    PRIMARY KEY (tenant_id, field_id, object_id),
    FOREIGN KEY(tenant_id, field_id) REFERENCES custom_field (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX custom_value_at ON custom_value (tenant_id, field_id, at, object_id);
CREATE INDEX custom_value_number ON custom_value (tenant_id, field_id, number, object_id);
CREATE INDEX custom_value_object ON custom_value (tenant_id, object_id);
CREATE INDEX custom_value_text ON custom_value (tenant_id, field_id, text_norm, object_id);

CREATE TABLE record_tag (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    tag_id UUID NOT NULL,
    object_type text NOT NULL,
    object_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, tag_id, object_type, object_id),
    FOREIGN KEY(tenant_id, tag_id) REFERENCES tag (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT object_type_known CHECK (object_type IN ('account', 'person', 'opportunity', 'product'))
);
CREATE INDEX record_tag_object ON record_tag (tenant_id, object_type, object_id);

CREATE TABLE role_scope (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    role_id UUID NOT NULL,
    object_type text NOT NULL,
    level text NOT NULL,
    PRIMARY KEY (tenant_id, role_id, object_type),
    FOREIGN KEY(tenant_id, role_id) REFERENCES role (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT object_type_known CHECK (object_type IN ('account', 'person', 'opportunity')),
    CONSTRAINT level_known CHECK (level IN ('own', 'team', 'all'))
);

CREATE TABLE stage (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_by UUID,
    deleted_at timestamptz,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    pipeline_id UUID NOT NULL,
    name text NOT NULL,
    name_norm text COLLATE "C" NOT NULL,
    position BIGINT DEFAULT 0 NOT NULL,
    probability BIGINT DEFAULT 0 NOT NULL,
    rot_days BIGINT,
    kind text DEFAULT 'open' NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id),
    CONSTRAINT kind_known CHECK (kind IN ('open', 'won', 'lost'))
);
CREATE UNIQUE INDEX stage_name ON stage (tenant_id, pipeline_id, name_norm) WHERE deleted_at IS NULL;

CREATE TABLE note (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_by UUID,
    deleted_at timestamptz,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    object_type text NOT NULL,
    object_id UUID NOT NULL,
    body text NOT NULL,
    author_id UUID,
    edited_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, author_id) REFERENCES membership (tenant_id, id),
    CONSTRAINT object_type_known CHECK (object_type IN ('account', 'person', 'opportunity', 'product'))
);
CREATE INDEX note_author ON note (tenant_id, author_id);
CREATE INDEX note_object ON note (tenant_id, object_type, object_id, created_at, id);

CREATE TABLE saved_view (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_by UUID,
    deleted_at timestamptz,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    object_type text NOT NULL,
    name text NOT NULL,
    name_norm text COLLATE "C" NOT NULL,
    owner_id UUID NOT NULL,
    shared text DEFAULT 'private' NOT NULL,
    state JSONB DEFAULT '{}'::jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, owner_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT shared_known CHECK (shared IN ('private', 'team'))
);
CREATE UNIQUE INDEX saved_view_name ON saved_view (tenant_id, object_type, owner_id, name_norm) WHERE deleted_at
    IS NULL;
CREATE INDEX saved_view_owner ON saved_view (tenant_id, owner_id);

CREATE TABLE team_member (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    team_id UUID NOT NULL,
    member_id UUID NOT NULL,
    part text DEFAULT 'member' NOT NULL,
    PRIMARY KEY (tenant_id, team_id, member_id),
    FOREIGN KEY(tenant_id, team_id) REFERENCES team (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY(tenant_id, member_id) REFERENCES membership (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT part_known CHECK (part IN ('member', 'lead'))
);
CREATE INDEX team_member_member ON team_member (tenant_id, member_id, team_id);

CREATE TABLE opportunity (
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    row_version BIGINT DEFAULT 1 NOT NULL,
    created_by UUID,
    deleted_at timestamptz,
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    name text NOT NULL,
    name_norm text COLLATE "C" NOT NULL,
    external_id text COLLATE "C",
    account_id UUID,
    pipeline_id UUID NOT NULL,
    stage_id UUID NOT NULL,
    state text DEFAULT 'open' NOT NULL,
    probability BIGINT DEFAULT 0 NOT NULL,
    stage_entered_at timestamptz DEFAULT now() NOT NULL,
    product_id UUID,
    amount_minor BIGINT,
    currency text,
    opened_on DATE,
    close_date DATE,
    closed_at timestamptz,
    owner_id UUID,
    source text,
    source_norm text COLLATE "C",
    type text,
    lost_reason text,
    lost_reason_norm text COLLATE "C",
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, account_id) REFERENCES account (tenant_id, id),
    FOREIGN KEY(tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id),
    FOREIGN KEY(tenant_id, stage_id) REFERENCES stage (tenant_id, id),
    FOREIGN KEY(tenant_id, product_id) REFERENCES product (tenant_id, id),
    FOREIGN KEY(tenant_id, owner_id) REFERENCES membership (tenant_id, id),
    CONSTRAINT state_known CHECK (state IN ('open', 'won', 'lost')),
    CONSTRAINT type_known CHECK (type IN ('new', 'renewal', 'expansion'))
);
CREATE INDEX opportunity_account ON opportunity (tenant_id, account_id, id);
CREATE INDEX opportunity_by_amount_minor ON opportunity (tenant_id, amount_minor, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_close_date ON opportunity (tenant_id, close_date, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_closed_at ON opportunity (tenant_id, closed_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_created_at ON opportunity (tenant_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_lost_reason ON opportunity (tenant_id, lost_reason_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_name ON opportunity (tenant_id, name_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_opened_on ON opportunity (tenant_id, opened_on, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_probability ON opportunity (tenant_id, probability, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_source ON opportunity (tenant_id, source_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_stage_entered_at ON opportunity (tenant_id, stage_entered_at, id) WHERE deleted_at
    IS NULL;
CREATE INDEX opportunity_by_state ON opportunity (tenant_id, state, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_type ON opportunity (tenant_id, type, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_by_updated_at ON opportunity (tenant_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX opportunity_external ON opportunity (tenant_id, external_id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_owner ON opportunity (tenant_id, owner_id, id);
CREATE INDEX opportunity_pipeline ON opportunity (tenant_id, pipeline_id, id);
CREATE INDEX opportunity_product ON opportunity (tenant_id, product_id, id);
CREATE INDEX opportunity_stage ON opportunity (tenant_id, stage_id, stage_entered_at, id);
CREATE INDEX opportunity_trash ON opportunity (tenant_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE TABLE opportunity_person (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    opportunity_id UUID NOT NULL,
    person_id UUID NOT NULL,
    role text NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, opportunity_id, person_id, role),
    FOREIGN KEY(tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY(tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT role_known CHECK (role IN ('champion', 'economic', 'technical', 'user', 'blocker'))
);
CREATE INDEX opportunity_person_person ON opportunity_person (tenant_id, person_id, opportunity_id);

CREATE TABLE opportunity_snapshot (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    opportunity_id UUID NOT NULL,
    day DATE NOT NULL,
    stage_id UUID NOT NULL,
    state text NOT NULL,
    probability BIGINT DEFAULT 0 NOT NULL,
    amount_minor BIGINT,
    currency text,
    owner_id UUID,
    close_date DATE,
    PRIMARY KEY (tenant_id, opportunity_id, day),
    FOREIGN KEY(tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX opportunity_snapshot_day ON opportunity_snapshot (tenant_id, day, opportunity_id);

CREATE TABLE stage_history (
    tenant_id UUID DEFAULT (current_setting('app.tenant_id'))::uuid NOT NULL,
    id UUID NOT NULL,
    opportunity_id UUID NOT NULL,
    stage_id UUID NOT NULL,
    entered_at timestamptz NOT NULL,
    left_at timestamptz,
    moved_by UUID,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, opportunity_id) REFERENCES opportunity (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY(tenant_id, stage_id) REFERENCES stage (tenant_id, id)
);
CREATE INDEX stage_history_deal ON stage_history (tenant_id, opportunity_id, entered_at, id);
CREATE INDEX stage_history_stage ON stage_history (tenant_id, stage_id, entered_at);
