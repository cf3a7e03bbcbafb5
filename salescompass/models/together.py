"""What people do together: notes as they stood before, who is mentioned in them, who follows a record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from salescompass.models.base import Table, TenantTable, belongs_to, moment, one_of, tenant_key


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
