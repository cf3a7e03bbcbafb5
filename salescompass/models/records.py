"""What hangs on records: notes, tags, fields of a tenant's own, what was changed, views, words to search by."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Double, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from salescompass.models.base import (
    Dated,
    Table,
    TenantTable,
    Versioned,
    belongs_to,
    json,
    moment,
    norm,
    number,
    one_of,
    optional_norm,
    tenant_key,
)

OBJECTS = ("account", "person", "opportunity", "product")
NOTED = (*OBJECTS, "event", "action")


class Note(TenantTable, Versioned, table=True):
    """What somebody wrote down about a record, an event or an action: for all who see it, their team, or themselves."""

    __tablename__ = "note"
    __table_args__ = (
        Index("note_object", "tenant_id", "object_type", "object_id", "created_at", "id"),
        belongs_to("membership", "author_id"),
        Index("note_author", "tenant_id", "author_id"),
        one_of("object_type", *NOTED),
        one_of("visibility", "all", "team", "private"),
    )
    object_type: str
    object_id: UUID
    body: str
    visibility: str = Field(default="all", sa_column_kwargs={"server_default": text("'all'")})
    author_id: UUID | None = None
    edited_at: datetime | None = moment(nullable=True)


class Tag(TenantTable, Dated, table=True):
    """A word that records are marked with."""

    __tablename__ = "tag"
    __table_args__ = (Index("tag_name", "tenant_id", "name_norm", unique=True),)
    name: str
    name_norm: str = norm()


class RecordTag(Table, table=True):
    """A tag on a record."""

    __tablename__ = "record_tag"
    __table_args__ = (
        belongs_to("tag", "tag_id", on_delete="CASCADE"),
        Index("record_tag_object", "tenant_id", "object_type", "object_id"),
        one_of("object_type", *OBJECTS),
    )
    tenant_id: UUID = tenant_key()
    tag_id: UUID = Field(primary_key=True)
    object_type: str = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)


class CustomField(TenantTable, Dated, table=True):
    """A field that a tenant gave to its records. `choices` are the values that a choice may have."""

    __tablename__ = "custom_field"
    __table_args__ = (
        Index("custom_field_key", "tenant_id", "object_type", "key", unique=True),
        one_of("object_type", *OBJECTS),
        one_of("kind", "text", "number", "date", "boolean", "choice"),
    )
    object_type: str
    key: str
    label: str
    kind: str
    choices: list[Any] = json("[]")
    required: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    position: int = number()
    retired_at: datetime | None = moment(nullable=True)


class CustomValue(Table, table=True):
    """The value of such a field: typed, so that it can be compared."""

    __tablename__ = "custom_value"
    __table_args__ = (
        belongs_to("custom_field", "field_id", on_delete="CASCADE"),
        Index("custom_value_object", "tenant_id", "object_id"),
        Index("custom_value_text", "tenant_id", "field_id", "text_norm", "object_id"),
        Index("custom_value_number", "tenant_id", "field_id", "number", "object_id"),
        Index("custom_value_at", "tenant_id", "field_id", "at", "object_id"),
    )
    tenant_id: UUID = tenant_key()
    field_id: UUID = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)
    text: str | None = None
    text_norm: str | None = optional_norm()
    number: float | None = Field(default=None, sa_type=Double)
    at: datetime | None = moment(nullable=True)


class RecordChange(TenantTable, table=True):
    """One act on one record: {field: [before, after]}. The history, the way back, and the trash's list."""

    __tablename__ = "record_change"
    __table_args__ = (
        Index("record_change_object", "tenant_id", "object_type", "object_id", text("at DESC"), text("id DESC")),
        Index("record_change_at", "tenant_id", text("at DESC"), text("id DESC")),
        Index("record_change_batch", "tenant_id", "batch_id", "id", postgresql_where=text("batch_id IS NOT NULL")),
        one_of("act", "created", "changed", "deleted", "restored", "converted"),
        one_of("actor_kind", "member", "key", "system"),
    )
    object_type: str
    object_id: UUID
    act: str
    changes: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb")))
    actor_kind: str
    actor_id: UUID | None = None
    actor_name: str
    at: datetime = moment(now=True)
    batch_id: UUID | None = None


class SearchToken(Table, table=True):
    """A word by which a record is found."""

    __tablename__ = "search_token"
    __table_args__ = (Index("search_token_object", "tenant_id", "object_type", "object_id"),)
    tenant_id: UUID = tenant_key()
    token: str = Field(primary_key=True, sa_type=Text(collation="C"))
    object_type: str = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)


class SavedView(TenantTable, Versioned, table=True):
    """A list as somebody likes it: filter, sort, columns. `state` is what the address of the page holds.

    What is shared with a team is that team's; without `team_id` it is everybody's.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        Index(
            "saved_view_name", "tenant_id", "object_type", "owner_id", "name_norm", unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        belongs_to("membership", "owner_id", on_delete="CASCADE"),
        Index("saved_view_owner", "tenant_id", "owner_id"),
        one_of("shared", "private", "team"),
    )  # fmt: skip
    object_type: str
    name: str
    name_norm: str = norm()
    owner_id: UUID
    shared: str = Field(default="private", sa_column_kwargs={"server_default": text("'private'")})
    team_id: UUID | None = None
    state: dict[str, Any] = json()


class Idempotent(Table, table=True):
    """A write that carried an Idempotency-Key, and its answer: sent again within a day, it is answered alike."""

    __tablename__ = "idempotent"
    __table_args__ = (Index("idempotent_at", "tenant_id", "at"),)
    tenant_id: UUID = tenant_key()
    api_key_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request_hash: str
    status: int = number()
    headers: dict[str, Any] = json()
    body: str = ""
    at: datetime = moment(now=True)
