"""Companies that belong to companies: a tree, never a ring."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.drafts import Draft

_ABOVE = text(
    "WITH RECURSIVE above AS ("
    "  SELECT id, parent_id FROM account WHERE id = ANY(:ids) "
    "  UNION SELECT account.id, account.parent_id FROM account JOIN above ON account.id = above.parent_id"
    ") SELECT id, parent_id FROM above WHERE parent_id IS NOT NULL"
)


def refuse_loops(session: Session, drafts: Sequence[Draft]) -> frozenset[UUID]:
    """Those of these accounts that would, one way or another, stand above themselves."""
    moved = [one for one in drafts if one.now.get("parent_id") != one.before.get("parent_id")]
    asked = [one.now["parent_id"] for one in moved if one.now.get("parent_id")]
    if not asked:
        return frozenset()
    rows = session.connection().execute(_ABOVE, {"ids": asked})
    parents: dict[UUID, UUID | None] = {row.id: row.parent_id for row in rows}
    parents |= {one.id: one.now.get("parent_id") for one in drafts}
    return frozenset(one.id for one in moved if _loops(one.id, parents))


def _loops(start: UUID, parents: dict[UUID, UUID | None]) -> bool:
    place, seen = parents.get(start), {start}
    while place is not None and place not in seen:
        seen.add(place)
        place = parents.get(place)
    return place == start
