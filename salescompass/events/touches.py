"""How people were touched lately: what they did, and what we did with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from salescompass.events.queries import in_reach
from salescompass.models import Event

_THEIRS = and_(
    col(Event.direction) == "in",
    col(Event.verdict).in_(("human", "unknown")),
    col(Event.duplicate_of).is_(None),
    col(Event.merged_into).is_(None),
)
_OURS = and_(col(Event.direction) == "out", col(Event.merged_into).is_(None))


@dataclass(frozen=True)
class Touches:
    """What a person did (`theirs`) and what was done with them (`ours`): how often, and when last."""

    theirs: int
    last_theirs: datetime | None
    ours: int
    last_ours: datetime | None


def touches(session: Session, *, person_ids: Collection[UUID], since: datetime) -> dict[UUID, Touches]:
    """The touches of these people since a moment, as far as one sees them; who had none is left out."""
    if not person_ids:
        return {}
    query = (
        select(
            col(Event.person_id),
            func.count().filter(_THEIRS), func.max(col(Event.occurred_at)).filter(_THEIRS),
            func.count().filter(_OURS), func.max(col(Event.occurred_at)).filter(_OURS),
        )
        .where(col(Event.person_id).in_(list(person_ids)), col(Event.occurred_at) >= since, *in_reach(session))
        .group_by(col(Event.person_id))
    )  # fmt: skip
    found = {row[0]: Touches(*row[1:]) for row in session.connection().execute(query)}
    return {person: one for person, one in found.items() if person is not None and (one.theirs or one.ours)}
