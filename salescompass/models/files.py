"""Files brought in, the column maps that are kept, and lists written to files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from salescompass.models.base import Dated, TenantTable, json, moment, norm, number, one_of


class ImportBatch(TenantTable, Dated, table=True):
    """A file that is or was brought in. Its rows' effects carry its id as `record_change.batch_id`."""

    __tablename__ = "import_batch"
    __table_args__ = (
        Index("import_batch_at", "tenant_id", text("created_at DESC"), text("id DESC")),
        one_of(
            "state", "uploaded", "checking", "checked", "running", "cancelling", "cancelled", "done", "failed",
            "undoing", "undone",
        ),
    )  # fmt: skip
    kind: str
    file_name: str
    state: str = Field(default="uploaded", sa_column_kwargs={"server_default": text("'uploaded'")})
    counts: dict[str, Any] = json()
    mapping: dict[str, Any] = json()
    options: dict[str, Any] = json()
    error: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    created_by: UUID | None = None
    started_at: datetime | None = moment(nullable=True)
    finished_at: datetime | None = moment(nullable=True)


class ImportMapping(TenantTable, Dated, table=True):
    """Which column becomes which field, kept for files with the same header."""

    __tablename__ = "import_mapping"
    __table_args__ = (Index("import_mapping_name", "tenant_id", "kind", "name_norm", unique=True),
                      Index("import_mapping_header", "tenant_id", "kind", "header"),)  # fmt: skip
    kind: str
    name: str
    name_norm: str = norm()
    header: str
    mapping: dict[str, Any] = json()
    created_by: UUID | None = None


class ListExport(TenantTable, Dated, table=True):
    """A list that is or was written to a file for one member. Row and file go together when they expire.

    `asked` is what the list showed: condition, search, order, columns. `holder` is who writes it now, and `beat_at`
    when they last told so.
    """

    __tablename__ = "list_export"
    __table_args__ = (
        Index("list_export_of", "tenant_id", "created_by", text("created_at DESC")),
        one_of("state", "waiting", "running", "done", "failed", "stopped"),
    )
    kind: str
    format: str
    state: str = Field(default="waiting", sa_column_kwargs={"server_default": text("'waiting'")})
    asked: dict[str, Any] = json()
    total: int = number()
    rows: int = number()
    size: int = number()
    file: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    reach: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    error: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    holder: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    created_by: UUID
    beat_at: datetime | None = moment(nullable=True)
    expires_at: datetime = moment()
