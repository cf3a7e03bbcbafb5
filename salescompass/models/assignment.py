"""Who gets what is to be done: when members are there, territories, and how far each team's rotation has come."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from salescompass.models.base import Dated, belongs_to, number, tenant_key


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
