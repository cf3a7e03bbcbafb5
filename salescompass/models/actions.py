"""Actions: what to do next with whom, each step of their lives, and who was asked to take one over."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Double, Index, text
from sqlmodel import Field

from salescompass.models.base import Dated, TenantTable, belongs_to, json, moment, number, one_of
from salescompass.vocabulary import OPEN_ACTION_STATES, ActionState, DelegationState

_OPEN = text("state IN ({})".format(", ".join(f"'{state}'" for state in OPEN_ACTION_STATES)))

_AWAITS = text(f"awaits AND {_OPEN}")


class Action(TenantTable, Dated, table=True):
    """Something to do: by whom, with whom, until when, and why. `snoozed_from` is the state that waking gives back.

    `worth` is what a minute spent on it is expected to bring, as it was when it was last ranked: lists go by it.
    `awaits` says that an event may close or wake it; at `recheck_at` it is looked whether its reason still holds.
    """

    __tablename__ = "action"
    __table_args__ = (
        belongs_to("account", "account_id"),
        belongs_to("person", "person_id"),
        belongs_to("opportunity", "opportunity_id"),
        belongs_to("membership", "assignee_id"),
        belongs_to("membership", "closed_by"),
        belongs_to("action", "parent_id"),
        one_of("state", *ActionState),
        Index("action_open", "tenant_id", "assignee_id", "due_to", "id", postgresql_where=_OPEN),
        Index("action_best", "tenant_id", "assignee_id", "worth", "id", postgresql_where=_OPEN),
        Index("action_best_of_all", "tenant_id", "worth", "id", postgresql_where=_OPEN),
        Index("action_due", "tenant_id", "due_to", "id"),
        Index("action_ended", "tenant_id", "closed_at", "id", postgresql_where=text("closed_at IS NOT NULL")),
        Index("action_account", "tenant_id", "account_id", "created_at"),
        Index("action_person", "tenant_id", "person_id", "created_at"),
        Index("action_opportunity", "tenant_id", "opportunity_id", "created_at"),
        Index("action_closed", "tenant_id", "assignee_id", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
        Index("action_closer", "tenant_id", "closed_by"),
        Index("action_rule", "tenant_id", "rule_id", "created_at", postgresql_where=text("rule_id IS NOT NULL")),
        Index("action_parent", "tenant_id", "parent_id"),
        Index("action_expires", "tenant_id", "expires_at", postgresql_where=_OPEN),
        Index("action_wakes", "tenant_id", "snoozed_until", postgresql_where=text("state = 'snoozed'")),
        Index("action_same", "tenant_id", "dedupe_key", unique=True, postgresql_where=_OPEN),
        Index("action_keyed", "tenant_id", "dedupe_key", "created_at"),
        Index("action_rechecks", "tenant_id", "recheck_at", postgresql_where=_OPEN),
        Index("action_awaits_account", "tenant_id", "account_id", postgresql_where=_AWAITS),
        Index("action_awaits_person", "tenant_id", "person_id", postgresql_where=_AWAITS),
        Index("action_from_client", "tenant_id", "client_ref", unique=True),
    )
    kind: str
    title: str
    detail: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    message: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    state: str = Field(default="proposed", sa_column_kwargs={"server_default": text("'proposed'")})
    row_version: int = number(1)
    account_id: UUID | None = None
    person_id: UUID | None = None
    opportunity_id: UUID | None = None
    assignee_id: UUID | None = None
    assigned_because: list[str] = json("[]")
    source: str = Field(default="person", sa_column_kwargs={"server_default": text("'person'")})
    rule_id: UUID | None = None
    rule_version: int | None = number(nullable=True)
    template_id: UUID | None = None
    template_version: int | None = number(nullable=True)
    reasons: list[str] = json("[]")
    evidence: list[str] = json("[]")
    watch: dict[str, Any] = json()
    awaits: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    recheck_at: datetime | None = moment(nullable=True)
    dedupe_key: str | None = None
    client_ref: str | None = None
    parent_id: UUID | None = None
    due_from: datetime | None = moment(nullable=True)
    due_to: datetime | None = moment(nullable=True)
    expires_at: datetime | None = moment(nullable=True)
    effort_minutes: int = number(10)
    value_minor: int | None = Field(default=None, sa_type=BigInteger, nullable=True)
    chance: float | None = Field(default=None, sa_type=Double, nullable=True)
    worth: float = Field(default=0.0, sa_type=Double, sa_column_kwargs={"server_default": text("0")})
    snoozed_until: datetime | None = moment(nullable=True)
    snoozed_for: str | None = None
    snoozed_from: str | None = None
    snoozes: int = number()
    touched_at: datetime | None = moment(nullable=True)
    closed_at: datetime | None = moment(nullable=True)
    closed_by: UUID | None = None
    outcome: str | None = None
    success: bool | None = None
    closing_note: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    dismissed_for: str | None = None
    created_by: UUID | None = None


class ActionMove(TenantTable, table=True):
    """A step in an action's life: who did what, between which states, and what stood there before (for undo).

    Steps of one batch were done together; a `client_ref` is the name that a client gave the step, to be done once.
    """

    __tablename__ = "action_move"
    __table_args__ = (
        belongs_to("action", "action_id", on_delete="CASCADE"),
        Index("action_move_action", "tenant_id", "action_id", "at", "id"),
        Index("action_move_actor", "tenant_id", "actor_id", "at"),
        Index("action_move_batch", "tenant_id", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
    )
    action_id: UUID
    at: datetime = moment()
    verb: str
    from_state: str | None = None
    to_state: str
    actor_kind: str
    actor_id: UUID | None = None
    reason: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    before: dict[str, Any] = json()
    after: dict[str, Any] = json()
    undone_at: datetime | None = moment(nullable=True)
    undoes_id: UUID | None = None
    batch_id: UUID | None = None
    client_ref: str | None = None


class Delegation(TenantTable, Dated, table=True):
    """A member asks another to take an action over."""

    __tablename__ = "delegation"
    __table_args__ = (
        belongs_to("action", "action_id", on_delete="CASCADE"),
        belongs_to("membership", "from_id", on_delete="CASCADE"),
        belongs_to("membership", "to_id", on_delete="CASCADE"),
        one_of("state", *DelegationState),
        Index(
            "delegation_asked", "tenant_id", "action_id", unique=True, postgresql_where=text("state = 'offered'"),
        ),
        Index("delegation_action", "tenant_id", "action_id", "created_at"),
        Index("delegation_to", "tenant_id", "to_id", "state"),
        Index("delegation_from", "tenant_id", "from_id", "state"),
        Index("delegation_expires", "tenant_id", "expires_at", postgresql_where=text("state = 'offered'")),
    )  # fmt: skip
    action_id: UUID
    from_id: UUID
    to_id: UUID
    state: str = Field(default="offered", sa_column_kwargs={"server_default": text("'offered'")})
    note: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    answer: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    answered_at: datetime | None = moment(nullable=True)
    expires_at: datetime = moment()
