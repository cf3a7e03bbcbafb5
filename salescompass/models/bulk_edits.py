"""One change on many records: what was asked, how far it came, and what became of each record."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from salescompass.models.base import Dated, Table, TenantTable, belongs_to, json, moment, number, one_of, tenant_key


class BulkEdit(TenantTable, Dated, table=True):
    """The same change on many records. What it changes carries its id as `record_change.batch_id`."""

    __tablename__ = "bulk_edit"
    __table_args__ = (
        belongs_to("membership", "member_id", on_delete="CASCADE"),
        Index("bulk_edit_member", "tenant_id", "member_id", text("created_at DESC")),
        one_of("state", "running", "cancelled", "done", "undoing", "undone"),
    )
    member_id: UUID
    kind: str
    act: dict[str, Any] = json()
    words: str
    state: str = Field(default="running", sa_column_kwargs={"server_default": text("'running'")})
    total: int = number()
    changed: int = number()
    skipped: int = number()
    failed: int = number()
    undone: int = number()
    ended_at: datetime | None = moment(nullable=True)


class BulkEditRow(Table, table=True):
    """A record of a bulk edit. Without an outcome it is still to be done."""

    __tablename__ = "bulk_edit_row"
    __table_args__ = (
        belongs_to("bulk_edit", "bulk_edit_id", on_delete="CASCADE"),
        Index(
            "bulk_edit_row_waiting", "tenant_id", "bulk_edit_id", "record_id",
            postgresql_where=text("outcome IS NULL"),
        ),
        one_of("outcome", "changed", "skipped", "failed"),
    )  # fmt: skip
    tenant_id: UUID = tenant_key()
    bulk_edit_id: UUID = Field(primary_key=True)
    record_id: UUID = Field(primary_key=True)
    outcome: str | None = None
    reason: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
