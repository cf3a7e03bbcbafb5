"""Whom we do business with: accounts and people."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from salescompass.models.base import Dated, TenantTable, belongs_to, one_of


class Account(TenantTable, Dated, table=True):
    """A company. What is searched is a plain `_norm` column: policies let no function use an index."""

    __tablename__ = "account"
    __table_args__ = (
        Index("account_domain", "tenant_id", "domain_norm", unique=True),
        Index("account_external", "tenant_id", "external_id", unique=True),
        Index("account_name", "tenant_id", "name_norm"),
        Index("account_owner", "tenant_id", "owner_id"),
        belongs_to("membership", "owner_id"),
    )
    name: str
    name_norm: str
    domain_norm: str | None = None
    external_id: str | None = None
    owner_id: UUID | None = None


class Person(TenantTable, Dated, table=True):
    """A lead or a contact: one table, so that conversion loses nothing."""

    __tablename__ = "person"
    __table_args__ = (
        Index("person_email", "tenant_id", "email_norm", unique=True),
        Index("person_external", "tenant_id", "external_id", unique=True),
        Index("person_account", "tenant_id", "account_id"),
        Index("person_name", "tenant_id", "name_norm"),
        belongs_to("account", "account_id"),
        one_of("kind", "lead", "contact"),
    )
    kind: str = Field(default="contact", sa_column_kwargs={"server_default": text("'contact'")})
    account_id: UUID | None = None
    name: str
    name_norm: str
    email: str | None = None
    email_norm: str | None = None
    external_id: str | None = None
