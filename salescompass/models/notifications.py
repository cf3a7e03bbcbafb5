"""What members are told, and how each of them wants to be told of what."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from salescompass.models.base import Table, TenantTable, belongs_to, moment, number, one_of, tenant_key

EMAIL = ("now", "digest", "off")


class Notification(TenantTable, table=True):
    """A line in a member's inbox, shown from `due_at` on: after quiet hours, or when it was put off.

    What is told again about the same `subject` within half an hour (`slot`) is the same line, `times` times. One that
    is not `shown` is told by email only.
    """

    __tablename__ = "notification"
    __table_args__ = (
        belongs_to("membership", "membership_id", on_delete="CASCADE"),
        Index("notification_inbox", "tenant_id", "membership_id", text("due_at DESC"), text("id DESC")),
        Index("notification_same", "tenant_id", "membership_id", "kind", "subject", "slot", unique=True),
        Index("notification_digest", "tenant_id", "mail_at", postgresql_where=text("mail = 'digest'")),
        one_of("mail", "none", "now", "digest", "sent"),
    )
    membership_id: UUID
    kind: str
    subject: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    slot: int = number()
    times: int = number(1)
    title: str
    body: str = Field(default="", sa_column_kwargs={"server_default": ""})
    link: str = Field(default="", sa_column_kwargs={"server_default": ""})
    shown: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    due_at: datetime = moment(now=True)
    read_at: datetime | None = moment(nullable=True)
    acked_at: datetime | None = moment(nullable=True)
    mail: str = Field(default="none", sa_column_kwargs={"server_default": text("'none'")})
    mail_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment(now=True)


class NotificationPref(Table, table=True):
    """How a member wants to be told of one kind of thing, where it is not the usual way."""

    __tablename__ = "notification_pref"
    __table_args__ = (
        belongs_to("membership", "membership_id", on_delete="CASCADE"),
        one_of("email", *EMAIL),
    )
    tenant_id: UUID = tenant_key()
    membership_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    in_app: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    email: str
