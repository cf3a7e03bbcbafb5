"""What every table shares: columns, their types, and the lists that the policies and grants are made from."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from salescompass.kit.ids import new_id

CURRENT_TENANT = text("(current_setting('app.tenant_id'))::uuid")


def key(**more: Any) -> Any:
    """A primary key made here, UUIDv7."""
    return Field(default_factory=new_id, primary_key=True, **more)


def tenant_key() -> Any:
    """The tenant of a row: part of the primary key, filled by the database from the session."""
    return Field(default=None, primary_key=True, sa_column_kwargs={"server_default": CURRENT_TENANT})


def moment(*, nullable: bool = False, now: bool = False, **more: Any) -> Any:
    """A timestamptz column; with `now` the database fills it."""
    default = {"server_default": text("now()")} if now else {}
    kwargs = {**default, **more.pop("sa_column_kwargs", {})}
    return Field(default=None, nullable=nullable, sa_type=DateTime(timezone=True), sa_column_kwargs=kwargs, **more)


def json(default: str = "{}") -> Any:
    """A JSONB column: stored and shown, never filtered."""
    return Field(
        default_factory=dict if default == "{}" else list,
        sa_column=Column(JSONB, nullable=False, server_default=text(f"'{default}'::jsonb")),
    )


def number(default: int = 0, *, nullable: bool = False) -> Any:
    """A bigint column."""
    if nullable:
        return Field(default=None, sa_type=BigInteger, nullable=True)
    return Field(
        default=default,
        sa_type=BigInteger,
        nullable=False,
        sa_column_kwargs={"server_default": text(str(default))},
    )


def norm() -> Any:
    """A text in the form it is compared in, ordered by code point."""
    return Field(sa_type=Text(collation="C"))


def optional_norm() -> Any:
    """Such a text, or nothing."""
    return Field(default=None, nullable=True, sa_type=Text(collation="C"))


def live(table: str, *columns: str, within: str | None = None) -> tuple[Index, ...]:
    """The indices of a table's lists: live rows by each column, then by id; `within` narrows a list to one kind."""
    where, first = text("deleted_at IS NULL"), (within,) if within else ()
    return tuple(
        Index(f"{table}_by_{column.removesuffix('_norm')}", "tenant_id", *first, column, "id", postgresql_where=where)
        for column in columns
    )


def one_of(column: str, *values: str) -> CheckConstraint:
    """An enumeration: text with a check, since enums are no index conditions under a policy."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def belongs_to(table: str, column: str, *, on_delete: str = "NO ACTION") -> ForeignKeyConstraint:
    """A composite foreign key, so that a row cannot point into another tenant even by mistake."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=on_delete)


class Table(SQLModel):
    """Base of all tables."""


class Dated(Table):
    """Rows that say when they were made and last changed."""

    created_at: datetime = moment(now=True)
    updated_at: datetime = moment(now=True, sa_column_kwargs={"onupdate": text("now()")})


class TenantTable(Table):
    """Rows of a tenant: `tenant_id` leads the primary key and every index."""

    tenant_id: UUID = tenant_key()
    id: UUID = key()


class Versioned(Dated):
    """Records that people edit: each change counts up, a deleted one lies in the trash for a while."""

    row_version: int = number(1)
    created_by: UUID | None = None
    deleted_at: datetime | None = moment(nullable=True)
