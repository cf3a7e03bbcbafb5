"""Rules that turn patterns into actions: their versions, what they did and did not do, and templates of actions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from salescompass.models.base import Dated, Table, TenantTable, belongs_to, json, moment, number, one_of, tenant_key


class Rule(TenantTable, Dated, table=True):
    """A rule; `key` names one that came with the product. `draft` is what is being written.

    What the engine asks of each batch stands here: the kind of trigger of the live version, and its types of events.
    """

    __tablename__ = "rule"
    __table_args__ = (
        Index("rule_key", "tenant_id", "key", unique=True),
        Index("rule_live", "tenant_id", "trigger_kind", postgresql_where=text("state = 'live'")),
        one_of("state", "draft", "live", "paused"),
        one_of("trigger_kind", "event", "crossing", "schedule", "absence"),
    )
    key: str | None = None
    name: str
    about: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    state: str = Field(default="draft", sa_column_kwargs={"server_default": text("'draft'")})
    row_version: int = number(1)
    live_version: int | None = number(nullable=True)
    trigger_kind: str
    types: list[str] = json("[]")
    draft: dict[str, Any] = json()
    created_by: UUID | None = None
    published_at: datetime | None = moment(nullable=True)


class RuleVersion(Table, table=True):
    """What a rule was when it was published."""

    __tablename__ = "rule_version"
    __table_args__ = (belongs_to("rule", "rule_id", on_delete="CASCADE"),)
    tenant_id: UUID = tenant_key()
    rule_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    definition: dict[str, Any] = json()
    note: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    published_by: UUID | None = None
    published_at: datetime = moment()


class RulePass(Table, table=True):
    """How many records a rule looked at: one row for a daily pass, one for each hour of what came by itself."""

    __tablename__ = "rule_pass"
    __table_args__ = (
        belongs_to("rule", "rule_id", on_delete="CASCADE"),
        Index("rule_pass_at", "tenant_id", "at"),
    )
    tenant_id: UUID = tenant_key()
    rule_id: UUID = Field(primary_key=True)
    at: datetime = moment(primary_key=True)
    version: int = number(1)
    looked: int = number()
    matched: int = number()
    made: int = number()
    last_at: datetime = moment()


class RuleRun(TenantTable, table=True):
    """A rule fired, or was held back, for a record: what it saw then. It also is the memory of cooldowns and caps."""

    __tablename__ = "rule_run"
    __table_args__ = (
        belongs_to("rule", "rule_id", on_delete="CASCADE"),
        Index("rule_run_subject", "tenant_id", "rule_id", "subject_id", "at"),
        Index("rule_run_at", "tenant_id", "rule_id", text("at DESC"), text("id DESC")),
        Index("rule_run_member", "tenant_id", "rule_id", "member_id", "at", postgresql_where=text("result = 'fired'")),
        Index("rule_run_action", "tenant_id", "action_id", postgresql_where=text("action_id IS NOT NULL")),
        Index("rule_run_old", "tenant_id", "at"),
        one_of("subject_kind", "account", "person", "opportunity"),
        one_of("result", "fired", "cooldown", "episode", "cap", "duplicate", "team", "loop"),
    )
    rule_id: UUID
    version: int = number(1)
    at: datetime = moment()
    subject_kind: str
    subject_id: UUID
    result: str
    action_id: UUID | None = None
    member_id: UUID | None = None
    depth: int = number()
    evidence: list[str] = json("[]")
    trace: dict[str, Any] = json()


class ActionTemplate(TenantTable, Dated, table=True):
    """A template of actions; `key` names one that came with the product."""

    __tablename__ = "action_template"
    __table_args__ = (Index("action_template_key", "tenant_id", "key", unique=True),)
    key: str | None = None
    name: str
    row_version: int = number(1)
    version: int = number(1)
    created_by: UUID | None = None
    retired_at: datetime | None = moment(nullable=True)


class ActionTemplateVersion(Table, table=True):
    """What a template said, version by version."""

    __tablename__ = "action_template_version"
    __table_args__ = (belongs_to("action_template", "template_id", on_delete="CASCADE"),)
    tenant_id: UUID = tenant_key()
    template_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger)
    content: dict[str, Any] = json()
    created_by: UUID | None = None
    created_at: datetime = moment(now=True)
