"""The stored worth of open actions, which lists go by: written when they are made or changed, and now and then anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select, text
from sqlmodel import Session

from salescompass.actions.cards import currency_of, parts_of, rows_of
from salescompass.actions.past import past
from salescompass.actions.views import ACTION
from salescompass.vocabulary import OPEN_ACTION_STATES

MOST_RANKED = 5000
_NOTICEABLE = 0.02
"""What differs by less is left as it is: lists need not be written anew for it."""


def rank(session: Session, ids: Sequence[UUID], *, at: datetime) -> int:
    """Rank these open actions. Returns how many were worth something else before."""
    return _rank(session, ACTION.c.id == any_(literal(list(ids), ARRAY(Uuid()))), len(ids), at)[0] if ids else 0


def rerank(session: Session, *, at: datetime, after: UUID | None = None) -> UUID | None:
    """Rank open actions anew, a batch in the order of their ids. Returns where the next one begins, None at the end.

    Urgency grows and fades, deals change, closed actions teach: what is stored is as old as the last such round.
    """
    _, last = _rank(session, ACTION.c.id > (after or UUID(int=0)), MOST_RANKED, at)
    return last


def _rank(session: Session, which: Any, most: int, at: datetime) -> tuple[int, UUID | None]:
    currency = currency_of(session)
    query = select(ACTION.c.id).where(ACTION.c.state.in_(OPEN_ACTION_STATES), which).order_by(ACTION.c.id).limit(most)
    ids = session.connection().execute(query).scalars().all()
    rows = rows_of(session, ids, currency=currency)
    known = past(session, at=at) if rows else None
    new: dict[UUID, float] = {}
    for row in rows:
        worth = parts_of(row, known, currency=currency, at=at).worth if known else 0.0
        if abs(worth - row.priority) > _NOTICEABLE * max(worth, row.priority):
            new[row.id] = worth
    _store(session, new)
    return len(new), ids[-1] if len(ids) == most else None


def _store(session: Session, worths: dict[UUID, float]) -> None:
    """Write them; what somebody is changing this moment is left to them."""
    if not worths:
        return
    session.connection().execute(
        text(
            "WITH free AS (SELECT id FROM action WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED) "
            "UPDATE action SET worth = new.worth FROM unnest(CAST(:ids AS uuid[]), CAST(:worths AS float8[])) "
            "  AS new (id, worth), free WHERE action.id = free.id AND new.id = free.id"
        ),
        {"ids": list(worths), "worths": list(worths.values())},
    )
