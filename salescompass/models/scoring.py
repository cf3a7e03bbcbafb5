"""What scores are made of and what they are: event types, rules, daily buckets, configurations, scores, crossings."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, Double, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from salescompass.models.base import Dated, Table, TenantTable, json, moment, number, one_of, tenant_key

SUBJECTS = ("person", "account")


def double(*, nullable: bool = False) -> Any:
    """A double precision column: scores are never kept with less."""
    return Field(default=None if nullable else 0.0, sa_type=Double, nullable=nullable)


class EventTypeRow(Dated, table=True):
    """A tenant's own event type, or what it changed of a built-in one."""

    __tablename__ = "event_type"
    __table_args__ = (one_of("direction", "in", "out", "own"),)
    tenant_id: UUID = tenant_key()
    key: str = Field(primary_key=True)
    label: str
    family: str
    direction: str
    channel: str
    points: float = double()
    decay_group: str
    json_schema: dict[str, object] | None = Field(default=None, sa_column=Column(JSONB, nullable=True))
    object_key: str | None = None
    window_seconds: int | None = number(nullable=True)
    retired_at: datetime | None = moment(nullable=True)


class EventRule(Table, table=True):
    """A rule in force that narrows a type by properties: the ledger counts an event under the first that holds.

    `key` is "type:name"; the bare type comes last and needs no row.
    """

    __tablename__ = "event_rule"
    tenant_id: UUID = tenant_key()
    key: str = Field(primary_key=True)
    type: str
    place: int = number()
    conditions: list[dict[str, object]] = json("[]")


class EventBucket(Table, table=True):
    """How many counting events a subject had under a rule on a UTC day, and when the last of them was.

    Events that name a person are that person's; those without a person are the account's own.
    """

    __tablename__ = "event_bucket"
    __table_args__ = (one_of("subject_kind", *SUBJECTS),)
    tenant_id: UUID = tenant_key()
    subject_kind: str = Field(primary_key=True)
    subject_id: UUID = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    day: dt.date = Field(primary_key=True)
    n: int = number()
    last_at: datetime = moment()


class EventMerge(TenantTable, table=True):
    """Two events that somebody said are one. Undone by setting `undone_at`."""

    __tablename__ = "event_merge"
    __table_args__ = (Index("event_merge_survivor", "tenant_id", "survivor_id"),)
    survivor_id: UUID
    survivor_at: datetime = moment()
    merged_id: UUID
    merged_at: datetime = moment()
    done_by: UUID | None = None
    done_at: datetime = moment(now=True)
    undone_at: datetime | None = moment(nullable=True)


class ScoreConfig(TenantTable, table=True):
    """A version of how this tenant scores. One is live, at most one is a draft; the first one is the product's."""

    __tablename__ = "score_config"
    __table_args__ = (
        one_of("state", "draft", "publishing", "live", "old"),
        Index("score_config_version", "tenant_id", "version", unique=True),
        Index("score_config_live", "tenant_id", unique=True, postgresql_where=text("state = 'live'")),
        Index(
            "score_config_draft", "tenant_id", unique=True, postgresql_where=text("state IN ('draft', 'publishing')")
        ),
    )
    version: int = number(1)
    state: str = Field(default="draft", sa_column_kwargs={"server_default": "draft"})
    content: dict[str, object] = json()
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})
    created_by: UUID | None = None
    created_at: datetime = moment(now=True)
    published_by: UUID | None = None
    published_at: datetime | None = moment(nullable=True)


class Score(Table, table=True):
    """The stored score of a person or an account: true within 0.5 until `due_at`.

    `raw` is the evidence per group at `as_of`: what the buckets sum to, from which any later value follows. An
    account's own `raw` is of its events without a person. `stale_from`: snapshots from this day on must be rewritten.
    """

    __tablename__ = "score"
    __table_args__ = (
        one_of("subject_kind", *SUBJECTS),
        one_of("band", "cold", "cool", "warm", "hot"),
        Index("score_value", "tenant_id", "subject_kind", text("value DESC"), "subject_id"),
        Index("score_band", "tenant_id", "subject_kind", "band", text("value DESC")),
        Index("score_due", "tenant_id", "due_at"),
        Index("score_stale", "tenant_id", "stale_from", postgresql_where=text("stale_from IS NOT NULL")),
    )
    tenant_id: UUID = tenant_key()
    subject_kind: str = Field(primary_key=True)
    subject_id: UUID = Field(primary_key=True)
    value: float = double()
    band: str = Field(default="cold", sa_column_kwargs={"server_default": "cold"})
    held_edge: float | None = double(nullable=True)
    raw: list[float] = Field(sa_column=Column(ARRAY(Double), nullable=False))
    as_of: datetime = moment()
    due_at: datetime | None = moment(nullable=True)
    config_version: int = number(1)
    stale_from: dt.date | None = None


class ScoreSnapshot(Table, table=True):
    """A score at the end of a UTC day. A day without a row was a day without a score."""

    __tablename__ = "score_snapshot"
    __table_args__ = (one_of("subject_kind", *SUBJECTS),)
    tenant_id: UUID = tenant_key()
    subject_kind: str = Field(primary_key=True)
    subject_id: UUID = Field(primary_key=True)
    day: dt.date = Field(primary_key=True)
    value: float = double()


class BandCrossing(TenantTable, table=True):
    """A subject went from one band into another."""

    __tablename__ = "band_crossing"
    __table_args__ = (
        one_of("subject_kind", *SUBJECTS),
        one_of("cause", "events", "time", "configuration"),
        Index("band_crossing_at", "tenant_id", text("at DESC"), text("id DESC")),
        Index("band_crossing_subject", "tenant_id", "subject_kind", "subject_id", text("at DESC")),
    )
    subject_kind: str
    subject_id: UUID
    from_band: str
    to_band: str
    value: float = double()
    cause: str
    config_version: int = number(1)
    at: datetime = moment()
