"""Whom we do business with, and the business itself: accounts, people, products, pipelines and opportunities.

What is searched, filtered or sorted is a plain column, text in its `_norm` form (`COLLATE "C"`), because policies let
no function use an index. Indices of lists lead with the tenant and end with the id, and hold live rows only; those
that a foreign key needs hold all.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from salescompass.models.base import (
    Table,
    TenantTable,
    Versioned,
    belongs_to,
    live,
    moment,
    norm,
    number,
    one_of,
    optional_norm,
    tenant_key,
)

LIVE = text("deleted_at IS NULL")
TRASHED = text("deleted_at IS NOT NULL")


class Account(TenantTable, Versioned, table=True):
    """A company; `parent_id` is the one it belongs to."""

    __tablename__ = "account"
    __table_args__ = (
        Index("account_domain", "tenant_id", "domain_norm", unique=True, postgresql_where=LIVE),
        Index("account_external", "tenant_id", "external_id", unique=True, postgresql_where=LIVE),
        Index("account_owner", "tenant_id", "owner_id", "id"),
        Index("account_parent", "tenant_id", "parent_id", "id"),
        Index("account_trash", "tenant_id", "deleted_at", "id", postgresql_where=TRASHED),
        *live(
            "account",
            "name_norm", "industry_norm", "size", "revenue_minor", "country_norm", "region_norm", "city_norm",
            "lifecycle", "founded", "source_original_norm", "source_latest_norm", "created_at", "updated_at",
        ),
        belongs_to("membership", "owner_id"),
        belongs_to("account", "parent_id"),
        one_of("lifecycle", "prospect", "customer", "former", "partner", "other"),
    )  # fmt: skip
    name: str
    name_norm: str = norm()
    domain_norm: str | None = optional_norm()
    external_id: str | None = optional_norm()
    owner_id: UUID | None = None
    parent_id: UUID | None = None
    industry: str | None = None
    industry_norm: str | None = optional_norm()
    size: int | None = number(nullable=True)
    revenue_minor: int | None = number(nullable=True)
    currency: str | None = None
    country: str | None = None
    country_norm: str | None = optional_norm()
    region: str | None = None
    region_norm: str | None = optional_norm()
    city: str | None = None
    city_norm: str | None = optional_norm()
    lifecycle: str | None = None
    founded: int | None = number(nullable=True)
    phone: str | None = None
    website: str | None = None
    description: str | None = None
    source_original: str | None = None
    source_original_norm: str | None = optional_norm()
    source_latest: str | None = None
    source_latest_norm: str | None = optional_norm()


class Person(TenantTable, Versioned, table=True):
    """A lead or a contact: one table, so that conversion loses nothing."""

    __tablename__ = "person"
    __table_args__ = (
        Index("person_email", "tenant_id", "email_norm", unique=True, postgresql_where=LIVE),
        Index("person_external", "tenant_id", "external_id", unique=True, postgresql_where=LIVE),
        Index("person_account", "tenant_id", "account_id", "id"),
        Index("person_name", "tenant_id", "name_norm", "id", postgresql_where=LIVE),
        Index("person_owner", "tenant_id", "owner_id", "id"),
        Index("person_trash", "tenant_id", "deleted_at", "id", postgresql_where=TRASHED),
        *live(
            "person",
            "name_norm", "email_norm", "title_norm", "persona_norm", "seniority_norm", "country_norm", "city_norm",
            "status", "lead_status_norm", "source_original_norm", "source_latest_norm", "converted_at", "created_at",
            "updated_at",
            within="kind",
        ),
        belongs_to("account", "account_id"),
        belongs_to("membership", "owner_id"),
        one_of("kind", "lead", "contact"),
        one_of("status", "active", "left", "bounced"),
    )  # fmt: skip
    kind: str = Field(default="contact", sa_column_kwargs={"server_default": text("'contact'")})
    account_id: UUID | None = None
    name: str
    name_norm: str = norm()
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    email_norm: str | None = optional_norm()
    external_id: str | None = optional_norm()
    phone: str | None = None
    title: str | None = None
    title_norm: str | None = optional_norm()
    persona: str | None = None
    persona_norm: str | None = optional_norm()
    seniority: str | None = None
    seniority_norm: str | None = optional_norm()
    country: str | None = None
    country_norm: str | None = optional_norm()
    city: str | None = None
    city_norm: str | None = optional_norm()
    zone: str | None = None
    language: str | None = None
    owner_id: UUID | None = None
    status: str = Field(default="active", sa_column_kwargs={"server_default": text("'active'")})
    lead_status: str | None = None
    lead_status_norm: str | None = optional_norm()
    source_original: str | None = None
    source_original_norm: str | None = optional_norm()
    source_latest: str | None = None
    source_latest_norm: str | None = optional_norm()
    converted_at: datetime | None = moment(nullable=True)


class Product(TenantTable, Versioned, table=True):
    """What is sold; `sku` is its key outside."""

    __tablename__ = "product"
    __table_args__ = (
        Index("product_name", "tenant_id", "name_norm", unique=True, postgresql_where=LIVE),
        Index("product_sku", "tenant_id", "sku_norm", unique=True, postgresql_where=LIVE),
        Index("product_trash", "tenant_id", "deleted_at", "id", postgresql_where=TRASHED),
        *live("product", "series_norm", "price_minor", "active", "created_at", "updated_at"),
    )
    name: str
    name_norm: str = norm()
    sku: str | None = None
    sku_norm: str | None = optional_norm()
    series: str | None = None
    series_norm: str | None = optional_norm()
    price_minor: int | None = number(nullable=True)
    currency: str | None = None
    active: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})


class Pipeline(TenantTable, Versioned, table=True):
    """A way of selling: stages one after the other. The one with the least position is the usual one."""

    __tablename__ = "pipeline"
    __table_args__ = (Index("pipeline_name", "tenant_id", "name_norm", unique=True, postgresql_where=LIVE),)
    name: str
    name_norm: str = norm()
    position: int = number()


class Stage(TenantTable, Versioned, table=True):
    """A step of a pipeline: how likely a deal in it is won, and after how many days in it a deal rots."""

    __tablename__ = "stage"
    __table_args__ = (
        Index("stage_name", "tenant_id", "pipeline_id", "name_norm", unique=True, postgresql_where=LIVE),
        belongs_to("pipeline", "pipeline_id"),
        one_of("kind", "open", "won", "lost"),
    )
    pipeline_id: UUID
    name: str
    name_norm: str = norm()
    position: int = number()
    probability: int = number()
    rot_days: int | None = number(nullable=True)
    kind: str = Field(default="open", sa_column_kwargs={"server_default": text("'open'")})


class Opportunity(TenantTable, Versioned, table=True):
    """A deal. `state` and `probability` are its stage's, kept here so that lists read one table."""

    __tablename__ = "opportunity"
    __table_args__ = (
        Index("opportunity_external", "tenant_id", "external_id", unique=True, postgresql_where=LIVE),
        Index("opportunity_account", "tenant_id", "account_id", "id"),
        Index("opportunity_owner", "tenant_id", "owner_id", "id"),
        Index("opportunity_product", "tenant_id", "product_id", "id"),
        Index("opportunity_pipeline", "tenant_id", "pipeline_id", "id"),
        Index("opportunity_stage", "tenant_id", "stage_id", "stage_entered_at", "id"),
        Index("opportunity_trash", "tenant_id", "deleted_at", "id", postgresql_where=TRASHED),
        *live(
            "opportunity",
            "name_norm", "amount_minor", "state", "probability", "opened_on", "close_date", "closed_at", "type",
            "source_norm", "lost_reason_norm", "stage_entered_at", "created_at", "updated_at",
        ),
        belongs_to("account", "account_id"),
        belongs_to("pipeline", "pipeline_id"),
        belongs_to("stage", "stage_id"),
        belongs_to("product", "product_id"),
        belongs_to("membership", "owner_id"),
        one_of("state", "open", "won", "lost"),
        one_of("type", "new", "renewal", "expansion"),
    )  # fmt: skip
    name: str
    name_norm: str = norm()
    external_id: str | None = optional_norm()
    account_id: UUID | None = None
    pipeline_id: UUID
    stage_id: UUID
    state: str = Field(default="open", sa_column_kwargs={"server_default": text("'open'")})
    probability: int = number()
    stage_entered_at: datetime = moment(now=True)
    product_id: UUID | None = None
    amount_minor: int | None = number(nullable=True)
    currency: str | None = None
    opened_on: date | None = None
    close_date: date | None = None
    closed_at: datetime | None = moment(nullable=True)
    owner_id: UUID | None = None
    source: str | None = None
    source_norm: str | None = optional_norm()
    type: str | None = None
    lost_reason: str | None = None
    lost_reason_norm: str | None = optional_norm()


class OpportunityPerson(Table, table=True):
    """A person's part in a deal."""

    __tablename__ = "opportunity_person"
    __table_args__ = (
        belongs_to("opportunity", "opportunity_id", on_delete="CASCADE"),
        belongs_to("person", "person_id", on_delete="CASCADE"),
        Index("opportunity_person_person", "tenant_id", "person_id", "opportunity_id"),
        one_of("role", "champion", "economic", "technical", "user", "blocker"),
    )
    tenant_id: UUID = tenant_key()
    opportunity_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    role: str = Field(primary_key=True)
    created_at: datetime = moment(now=True)


class StageHistory(TenantTable, table=True):
    """A stay of a deal in a stage; `left_at` is empty for the one it is in."""

    __tablename__ = "stage_history"
    __table_args__ = (
        belongs_to("opportunity", "opportunity_id", on_delete="CASCADE"),
        belongs_to("stage", "stage_id"),
        Index("stage_history_deal", "tenant_id", "opportunity_id", "entered_at", "id"),
        Index("stage_history_stage", "tenant_id", "stage_id", "entered_at"),
    )
    opportunity_id: UUID
    stage_id: UUID
    entered_at: datetime = moment()
    left_at: datetime | None = moment(nullable=True)
    moved_by: UUID | None = None


class OpportunitySnapshot(Table, table=True):
    """A deal as it stood at the end of a day (UTC)."""

    __tablename__ = "opportunity_snapshot"
    __table_args__ = (
        belongs_to("opportunity", "opportunity_id", on_delete="CASCADE"),
        Index("opportunity_snapshot_day", "tenant_id", "day", "opportunity_id"),
    )
    tenant_id: UUID = tenant_key()
    opportunity_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    stage_id: UUID
    state: str
    probability: int = number()
    amount_minor: int | None = number(nullable=True)
    currency: str | None = None
    owner_id: UUID | None = None
    close_date: date | None = None
