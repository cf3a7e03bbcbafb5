"""The ledger of what happened, its idempotency keys, and the counts made from it."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field

from salescompass.models.base import Table, belongs_to, json, moment, number, one_of, tenant_key


class Event(Table, table=True):
    """Something a customer, or we, did. Append-only, partitioned by month of `occurred_at`.

    The primary key, read backwards, is the index of the feed. References to it carry (event_id, occurred_at)
    without a foreign key, which would block dropping a month.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("event_account", "tenant_id", "account_id", text("occurred_at DESC")),
        Index("event_person", "tenant_id", "person_id", text("occurred_at DESC")),
        Index("event_id", "tenant_id", "id"),
        Index("event_by_type", "tenant_id", "type", "occurred_at"),
        Index(
            "event_folded",
            "tenant_id",
            text("occurred_at DESC"),
            text("id DESC"),
            postgresql_where=text("duplicate_of IS NOT NULL"),
        ),
        one_of("verdict", "human", "unknown", "proxy_open", "likely_bot", "bot"),
        one_of("direction", "in", "out", "own"),
        {"postgresql_partition_by": "RANGE (occurred_at)"},
    )
    tenant_id: UUID = tenant_key()
    occurred_at: datetime = moment(primary_key=True)
    id: UUID = Field(primary_key=True)
    received_at: datetime = moment(now=True)
    type: str
    direction: str
    channel: str
    account_id: UUID | None = None
    person_id: UUID | None = None
    opportunity_id: UUID | None = None
    verdict: str = Field(default="unknown", sa_column_kwargs={"server_default": "unknown"})
    verdict_reasons: list[str] = json("[]")
    actor: str | None = None
    source: str
    duplicate_of: UUID | None = None
    merged_into: UUID | None = None
    properties: dict[str, object] = json()


class EventKey(Table, table=True):
    """An idempotency key and the event it stands for; it lives as long as its event."""

    __tablename__ = "event_key"
    tenant_id: UUID = tenant_key()
    key: str = Field(primary_key=True)
    event_id: UUID
    occurred_at: datetime = moment()
    body_hash: bytes = Field(sa_type=LargeBinary)


class PersonDay(Table, table=True):
    """How many events a person had on a UTC day: counted by the reaction, once per event."""

    __tablename__ = "person_day"
    __table_args__ = (
        belongs_to("person", "person_id", on_delete="CASCADE"),
        Index("person_day_day", "tenant_id", "day"),
    )
    tenant_id: UUID = tenant_key()
    person_id: UUID = Field(primary_key=True)
    day: dt.date = Field(primary_key=True)
    n: int = number()
    last_at: datetime = moment()
