"""What the engine room keeps: effects that wait, leases, and errors that happened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from salescompass.models.base import Table, TenantTable, json, moment, number


class Outbox(TenantTable, table=True):
    """An effect that must happen once its transaction is committed. Acknowledged by being deleted."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_due", "tenant_id", "topic", "due_at", postgresql_where=text("dead_at IS NULL")),
        Index("outbox_waiting", "due_at", postgresql_where=text("dead_at IS NULL")),
    )
    topic: str
    payload: dict[str, object] = json()
    created_at: datetime = moment(now=True)
    due_at: datetime = moment(now=True)
    lease_until: datetime | None = moment(nullable=True)
    lease_token: UUID | None = None
    attempts: int = number()
    last_error: str = Field(default="", sa_column_kwargs={"server_default": ""})
    dead_at: datetime | None = moment(nullable=True)


class ScheduleLock(Table, table=True):
    """Which process runs a loop of which there must be one."""

    __tablename__ = "schedule_lock"
    name: str = Field(primary_key=True)
    holder: str
    token: UUID
    lease_until: datetime = moment()


class ErrorEvent(TenantTable, table=True):
    """An unexpected error, counted by its fingerprint; texts are scrubbed of personal data."""

    __tablename__ = "error_event"
    __table_args__ = (
        Index("error_event_fingerprint", "tenant_id", "fingerprint", unique=True),
        Index("error_event_last", "tenant_id", text("last_seen DESC")),
    )
    fingerprint: str
    kind: str
    message: str
    place: str
    request_id: str
    release: str
    n: int = number(1)
    first_seen: datetime = moment(now=True)
    last_seen: datetime = moment(now=True)
