"""Who may do what: tenants, users, memberships, roles, sessions, keys, the audit trail, flags, usage."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    text,
)
from sqlmodel import Field

from salescompass.models.base import (
    CURRENT_TENANT,
    Dated,
    Table,
    TenantTable,
    belongs_to,
    json,
    key,
    moment,
    number,
    one_of,
    tenant_key,
)


class Tenant(Dated, table=True):
    """A company using this installation. Only the cross-tenant role sees this table."""

    __tablename__ = "tenant"
    __table_args__ = (one_of("status", "active", "suspended"),)
    id: UUID = key()
    slug: str = Field(unique=True)
    name: str
    status: str = Field(default="active", sa_column_kwargs={"server_default": "active"})


class TenantPublic(Table, table=True):
    """What a tenant's own people see of it."""

    __tablename__ = "tenant_public"
    tenant_id: UUID = tenant_key()
    name: str
    slug: str
    zone: str = Field(default="UTC", sa_column_kwargs={"server_default": "UTC"})
    currency: str = Field(default="USD", sa_column_kwargs={"server_default": "USD"})


class User(Dated, table=True):
    """One global identity; what colleagues see of it is copied to its memberships."""

    __tablename__ = "user"
    id: UUID = key()
    email: str
    email_norm: str = Field(unique=True)
    name: str
    zone: str = Field(default="UTC", sa_column_kwargs={"server_default": "UTC"})
    password_hash: str | None = None
    password_changed_at: datetime | None = moment(nullable=True)
    failed_sign_ins: int = number()
    retry_at: datetime | None = moment(nullable=True)
    last_sign_in_at: datetime | None = moment(nullable=True)


class Device(Table, table=True):
    """A browser that has signed in before: its failures are counted apart, so a stranger locks nobody out."""

    __tablename__ = "device"
    id: UUID = key()
    user_id: UUID = Field(sa_column=Column(ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True))
    token_hash: bytes = Field(sa_column=Column(LargeBinary, unique=True, nullable=False))
    failed_sign_ins: int = number()
    retry_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment(now=True)
    last_seen_at: datetime = moment(now=True)


class Membership(TenantTable, Dated, table=True):
    """A user in a tenant. Without an address (`email` empty) they own records, but cannot sign in."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("membership_user", "tenant_id", "user_id", unique=True),
        Index("membership_email", "tenant_id", "email_norm", unique=True),
        Index("membership_of_user", "user_id"),
        Index("membership_manager", "tenant_id", "manager_id"),
        belongs_to("membership", "manager_id"),
        one_of("status", "invited", "active", "disabled"),
    )
    user_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("user.id"), nullable=True))
    status: str = Field(default="active", sa_column_kwargs={"server_default": "active"})
    name: str
    email: str
    email_norm: str | None = None
    manager_id: UUID | None = None
    zone: str = Field(default="UTC", sa_column_kwargs={"server_default": "UTC"})
    shortcuts: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    invited_by: UUID | None = None
    last_seen_at: datetime | None = moment(nullable=True)


class Role(TenantTable, Dated, table=True):
    """A role. Built-in ones carry their permissions in code, custom ones in role_permission."""

    __tablename__ = "role"
    __table_args__ = (Index("role_key", "tenant_id", "key", unique=True),)
    key: str
    name: str
    builtin: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class RolePermission(Table, table=True):
    """A permission of a custom role."""

    __tablename__ = "role_permission"
    __table_args__ = (belongs_to("role", "role_id", on_delete="CASCADE"),)
    tenant_id: UUID = tenant_key()
    role_id: UUID = Field(primary_key=True)
    permission: str = Field(primary_key=True)


class MembershipRole(Table, table=True):
    """A role that a member has."""

    __tablename__ = "membership_role"
    __table_args__ = (
        belongs_to("membership", "membership_id", on_delete="CASCADE"),
        belongs_to("role", "role_id"),
        Index("membership_role_role", "tenant_id", "role_id"),
    )
    tenant_id: UUID = tenant_key()
    membership_id: UUID = Field(primary_key=True)
    role_id: UUID = Field(primary_key=True)


class SessionRow(Table, table=True):
    """A signed-in browser. The token itself is only in its cookie; here is its SHA-256."""

    __tablename__ = "session"
    id: UUID = key()
    token_hash: bytes = Field(sa_column=Column(LargeBinary, unique=True, nullable=False))
    previous_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary, unique=True, nullable=True))
    rotated_at: datetime | None = moment(nullable=True)
    user_id: UUID = Field(sa_column=Column(ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True))
    tenant_id: UUID = Field(sa_column=Column(ForeignKey("tenant.id", ondelete="CASCADE"), nullable=False, index=True))
    membership_id: UUID
    created_at: datetime = moment(now=True)
    last_seen_at: datetime = moment(now=True)
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)
    user_agent: str = Field(default="", sa_column_kwargs={"server_default": ""})
    ip: str = Field(default="", sa_column_kwargs={"server_default": ""})


class ResetToken(Table, table=True):
    """A single-use link by email: an invitation or a new password."""

    __tablename__ = "reset_token"
    __table_args__ = (one_of("kind", "invitation", "reset"),)
    id: UUID = key()
    kind: str
    token_hash: bytes = Field(sa_column=Column(LargeBinary, unique=True, nullable=False))
    user_id: UUID = Field(sa_column=Column(ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True))
    tenant_id: UUID | None = Field(
        default=None, sa_column=Column(ForeignKey("tenant.id", ondelete="CASCADE"), nullable=True)
    )
    created_at: datetime = moment(now=True)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class ApiKey(TenantTable, Dated, table=True):
    """An API key: its secret is shown once and stored as a hash."""

    __tablename__ = "api_key"
    __table_args__ = (Index("api_key_name", "tenant_id", "name", unique=True),)
    name: str
    prefix: str
    key_hash: bytes = Field(sa_column=Column(LargeBinary, unique=True, nullable=False))
    scopes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    expires_at: datetime | None = moment(nullable=True)
    last_used_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    created_by: UUID | None = None


class AuditLog(TenantTable, table=True):
    """Who did what. The application role may add rows, never change or take them away."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("audit_log_at", "tenant_id", text("at DESC"), text("id DESC")),
        Index("audit_log_action", "tenant_id", "action", text("at DESC"), text("id DESC")),
        Index("audit_log_actor", "tenant_id", "actor_id", text("at DESC"), text("id DESC")),
        one_of("actor_kind", "member", "key", "system"),
    )
    at: datetime = moment(sa_column_kwargs={"server_default": text("clock_timestamp()")})
    actor_kind: str
    actor_id: UUID | None = None
    actor_name: str
    action: str
    object_type: str
    object_id: str
    detail: dict[str, object] = json()
    request_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    ip: str = Field(default="", sa_column_kwargs={"server_default": ""})


class AuditSeal(Table, table=True):
    """The hash chain over the audit log: one link per row, in the order they were sealed."""

    __tablename__ = "audit_seal"
    __table_args__ = (Index("audit_seal_audit", "tenant_id", "audit_id", unique=True),)
    tenant_id: UUID = tenant_key()
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    audit_id: UUID
    prev_hash: bytes
    hash: bytes
    sealed_at: datetime = moment(now=True)


class FeatureFlag(Table, table=True):
    """A flag's state for the whole installation. The application role only reads it."""

    __tablename__ = "feature_flag"
    key: str = Field(primary_key=True)
    enabled: bool
    percent: int = number(100)
    killed: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    updated_at: datetime = moment(now=True)


class FlagOverride(Table, table=True):
    """A tenant's own choice for a flag; a kill switch beats it."""

    __tablename__ = "flag_override"
    tenant_id: UUID = tenant_key()
    flag_key: str = Field(primary_key=True)
    enabled: bool
    updated_at: datetime = moment(now=True)


class UsageCounter(Table, table=True):
    """How often a member used a handler in an hour: own product analytics, no content."""

    __tablename__ = "usage_counter"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "membership_id"], ["membership.tenant_id", "membership.id"], ondelete="CASCADE"
        ),
        Index("usage_counter_hour", "tenant_id", "hour"),
    )
    tenant_id: UUID = Field(primary_key=True, sa_column_kwargs={"server_default": CURRENT_TENANT})
    membership_id: UUID = Field(primary_key=True)
    handler: str = Field(primary_key=True)
    hour: datetime = moment(primary_key=True)
    n: int = number()
