"""Who gets what is to be done: when members are there, territories, whose turn it is in a team, the fallback."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from salescompass.models.base import Dated, Table, TenantTable, belongs_to, json, norm, number, tenant_key


class MemberAvailability(Dated, table=True):
    """When a member is there and how much they take on; whoever has no row is there always.

    Times are those of the member's zone, `work_days` the days of the week from Monday (1), the days out inclusive.
    """

    __tablename__ = "availability"
    __table_args__ = (
        belongs_to("membership", "member_id", on_delete="CASCADE"),
        belongs_to("membership", "delegate_id"),
        Index("availability_delegate", "tenant_id", "delegate_id"),
    )
    tenant_id: UUID = tenant_key()
    member_id: UUID = Field(primary_key=True)
    weight: int = number(1)
    max_open: int | None = number(nullable=True)
    work_from: time | None = None
    work_to: time | None = None
    work_days: str = Field(default="1234567", sa_column_kwargs={"server_default": text("'1234567'")})
    quiet_from: time | None = None
    quiet_to: time | None = None
    out_from: date | None = None
    out_to: date | None = None
    delegate_id: UUID | None = None


def _may_lose(table: str, column: str) -> ForeignKeyConstraint:
    """A key whose column empties when what it points at goes."""
    return belongs_to(table, column, on_delete=f"SET NULL ({column})")


class Territory(TenantTable, Dated, table=True):
    """Accounts that a team looks after: those for which the conditions hold, unless an earlier territory's do."""

    __tablename__ = "territory"
    __table_args__ = (
        Index("territory_name", "tenant_id", "name_norm", unique=True),
        Index("territory_team", "tenant_id", "team_id"),
        _may_lose("team", "team_id"),
    )
    name: str
    name_norm: str = norm()
    conditions: dict[str, Any] = json()
    position: int = number()
    team_id: UUID | None = None


class AssignmentSetting(Dated, table=True):
    """Who gets what nobody else does, and after how many working hours without a touch an action moves on."""

    __tablename__ = "assignment_setting"
    __table_args__ = (
        _may_lose("membership", "fallback_member_id"),
        _may_lose("team", "fallback_team_id"),
        Index("assignment_setting_member", "tenant_id", "fallback_member_id"),
        Index("assignment_setting_team", "tenant_id", "fallback_team_id"),
    )
    tenant_id: UUID = tenant_key()
    fallback_member_id: UUID | None = None
    fallback_team_id: UUID | None = None
    idle_hours: int | None = number(nullable=True)


class AssignmentTurn(Table, table=True):
    """How far a member is ahead (negative) or behind in the turns of a team."""

    __tablename__ = "assignment_turn"
    __table_args__ = (
        belongs_to("team", "team_id", on_delete="CASCADE"),
        belongs_to("membership", "member_id", on_delete="CASCADE"),
        Index("assignment_turn_member", "tenant_id", "member_id"),
    )
    tenant_id: UUID = tenant_key()
    team_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    credit: int = number()
