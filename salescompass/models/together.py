"""What people do together: notes as they stood before, mentions, followers; reminders, and calendars for others."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field

from salescompass.models.base import Table, TenantTable, belongs_to, moment, number, one_of, tenant_key


class NoteVersion(TenantTable, table=True):
    """A note as it stood from `at` until it was changed, and who could read it then."""

    __tablename__ = "note_version"
    __table_args__ = (
        belongs_to("note", "note_id", on_delete="CASCADE"),
        Index("note_version_note", "tenant_id", "note_id", "at"),
        one_of("visibility", "all", "team", "private"),
    )
    note_id: UUID
    body: str
    visibility: str
    at: datetime = moment()


class Mention(TenantTable, table=True):
    """A member or a team that a note names; `label` is how, after the @. It stays when the name is taken out again."""

    __tablename__ = "mention"
    __table_args__ = (
        belongs_to("note", "note_id", on_delete="CASCADE"),
        belongs_to("membership", "member_id", on_delete="CASCADE"),
        belongs_to("team", "team_id", on_delete="CASCADE"),
        Index("mention_member", "tenant_id", "note_id", "member_id", unique=True),
        Index("mention_team", "tenant_id", "note_id", "team_id", unique=True),
        Index("mention_of_member", "tenant_id", "member_id"),
        Index("mention_of_team", "tenant_id", "team_id"),
    )
    note_id: UUID
    member_id: UUID | None = None
    team_id: UUID | None = None
    label: str
    at: datetime = moment(now=True)


class Follower(Table, table=True):
    """Who is told of what happens with a record. Who `left` is not made to follow again by what they write."""

    __tablename__ = "follower"
    __table_args__ = (
        belongs_to("membership", "member_id", on_delete="CASCADE"),
        Index("follower_member", "tenant_id", "member_id"),
        one_of("object_type", "account", "person", "opportunity", "action"),
        one_of("state", "following", "left"),
    )
    tenant_id: UUID = tenant_key()
    object_type: str = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    state: str = Field(default="following", sa_column_kwargs={"server_default": text("'following'")})
    at: datetime = moment(now=True)


class Reminder(TenantTable, table=True):
    """A member is to be reminded of an action at a moment; with `again_minutes` until they acknowledge it.

    `at` is when the next one is due, `sent` how many went out; one that is `over` is never sent again.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        belongs_to("action", "action_id", on_delete="CASCADE"),
        belongs_to("membership", "member_id", on_delete="CASCADE"),
        Index("reminder_due", "tenant_id", "at", postgresql_where=text("NOT over")),
        Index("reminder_action", "tenant_id", "action_id", "member_id"),
        Index("reminder_member", "tenant_id", "member_id"),
    )
    action_id: UUID
    member_id: UUID
    at: datetime = moment()
    again_minutes: int | None = number(nullable=True)
    sent_at: datetime | None = moment(nullable=True)
    sent: int = number()
    over: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class CalendarFeed(Table, table=True):
    """The secret address under which a calendar program reads a member's actions; here is only its SHA-256."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        belongs_to("membership", "member_id", on_delete="CASCADE"),
        Index("calendar_feed_token", "tenant_id", "token_hash", unique=True),
    )
    tenant_id: UUID = tenant_key()
    member_id: UUID = Field(primary_key=True)
    token_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_at: datetime = moment()
    read_at: datetime | None = moment(nullable=True)
