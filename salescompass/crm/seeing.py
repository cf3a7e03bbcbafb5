"""Which records somebody sees: one rule, as a condition for any list, and as SQL for what joins records.

A record is seen by its owner and by whoever reaches the owner's records. A person or a deal without an owner is its
account's owner's; what belongs to nobody is seen by everybody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, exists, literal, not_, or_, select, true
from sqlmodel import Session

from salescompass.identity import Actor, Reach
from salescompass.models import Account, Opportunity, Person

_TABLES: dict[str, Any] = {
    "account": Account.__table__,  # type: ignore[attr-defined]
    "person": Person.__table__,  # type: ignore[attr-defined]
    "opportunity": Opportunity.__table__,  # type: ignore[attr-defined]
}


@dataclass(frozen=True)
class Ownership:
    """Whose a record is: its own owner, its account, and whose that is."""

    owner_id: UUID | None
    account_id: UUID | None
    account_owner_id: UUID | None


# Made once: to make one takes longer than to ask for a page.
_ABOVE: Any = _TABLES["account"].alias("above")
_THERE: dict[str, Any] = {kind: table.alias(f"seen_{kind}") for kind, table in _TABLES.items()}


@dataclass(frozen=True)
class Sight:
    """How far somebody sees of one kind of record: those of these members, or all."""

    object_type: str
    owners: frozenset[UUID] | None

    @staticmethod
    def of(session: Session, object_type: str, actor: Actor | None = None) -> Sight:
        """How far `actor` sees, or whoever the session was opened for. What nobody owns (products) is seen by all."""
        owners = Reach.of(session, actor).owners(object_type)
        return Sight(object_type, owners if object_type in _TABLES else None)

    def condition(self, table: Any = None) -> ColumnElement[bool]:
        """Which rows of the table, or of an alias of it, are seen."""
        rows = _TABLES[self.object_type] if table is None and self.object_type in _TABLES else table
        if self.owners is None:
            return true()
        owners = literal(sorted(self.owners), ARRAY(Uuid()))
        mine = rows.c.owner_id == any_(owners)
        if self.object_type == "account":
            return or_(mine, rows.c.owner_id.is_(None))
        above = _ABOVE
        others = exists().where(
            above.c.id == rows.c.account_id, above.c.owner_id.is_not(None), not_(above.c.owner_id == any_(owners))
        )
        return or_(mine, and_(rows.c.owner_id.is_(None), not_(others)))

    def reference(self, column: Any) -> ColumnElement[bool]:
        """Where a column of another table names a record that is seen, or none."""
        if self.owners is None:
            return true()
        there = _THERE[self.object_type]
        return or_(column.is_(None), exists().where(there.c.id == column, self.condition(there)))

    def takes_in(self, record: Ownership) -> bool:
        """Whether a record of this kind is seen: what `condition` asks, of one that is known."""
        whose = record.owner_id or record.account_owner_id
        return self.owners is None or whose is None or whose in self.owners

    def hidden(self, session: Session, ids: Collection[UUID]) -> frozenset[UUID]:
        """Those of these records that are there, but not seen."""
        if self.owners is None or not ids:
            return frozenset()
        table = _TABLES[self.object_type]
        query = select(table.c.id).where(table.c.id == any_(literal(list(ids), ARRAY(Uuid()))))
        query = query.where(self.condition().is_not(true()))  # nobody's owner is no answer to whose it is
        return frozenset(session.connection().execute(query).scalars())


def ownerships(session: Session, object_type: str, ids: Collection[UUID]) -> dict[UUID, Ownership]:
    """Whose these records are, whoever sees them; of an account, it is itself the account."""
    rows, above = _TABLES[object_type], _TABLES["account"].alias()
    wanted = rows.c.id == any_(literal(list(ids), ARRAY(Uuid())))
    if object_type == "account":
        query = select(rows.c.id, rows.c.owner_id, rows.c.id, rows.c.owner_id).where(wanted)
    else:
        query = select(rows.c.id, rows.c.owner_id, rows.c.account_id, above.c.owner_id).where(wanted)
        query = query.select_from(rows.outerjoin(above, above.c.id == rows.c.account_id))
    return {one: Ownership(*told) for one, *told in session.connection().execute(query)}
