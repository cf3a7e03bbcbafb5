"""What became of the last closed actions, counted by what they were alike in: the data of every chance."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.actions.ranking import Chance, Level, chance_of
from salescompass.kit.database import session_tenant

LOOK_BACK = timedelta(days=365)
MOST = 5000
"""So many of the last closed ones are counted: more would say little more."""
KEPT = timedelta(minutes=5)
"""A chance changes slowly, and each Today asks for it."""
_MOST_KEPT = 1000
_kept: dict[UUID, tuple[float, Past]] = {}

# What expired by itself was neither tried nor turned down. Who says nothing of how it went says nothing bad.
_CLOSED = (
    "SELECT c.kind, c.rule_id, account.lifecycle, c.assignee_id, count(*), "
    "count(*) FILTER (WHERE c.state = 'done' AND c.success IS NOT FALSE) "
    "FROM (SELECT kind, rule_id, account_id, assignee_id, state, success FROM action "
    "  WHERE closed_at >= :since AND state IN ('done', 'dismissed') ORDER BY closed_at DESC LIMIT :most) c "
    "LEFT JOIN account ON account.id = c.account_id GROUP BY 1, 2, 3, 4"
)


@dataclass(frozen=True)
class Past:
    """Closed actions counted at each level of likeness."""

    counts: dict[tuple[Hashable, ...], tuple[int, int]] = field(default_factory=dict)

    def chance(
        self, *, kind: str, rule_id: UUID | None, segment: str | None, member_id: UUID | None, given: float | None
    ) -> Chance:
        """How likely an open action like these ends well."""
        keys = _keys(kind, rule_id, segment, member_id)
        levels = [Level(str(key[0]), *self.counts.get(key, (0, 0))) for key in keys]
        return chance_of(levels, given=given)


def past(session: Session, *, at: datetime) -> Past:
    """The last closed actions of the tenant, as they were counted at most KEPT ago in this process."""
    tenant, now = session_tenant(session), time.monotonic()
    known = _kept.get(tenant)
    if known is None or known[0] < now - KEPT.total_seconds():
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[tenant] = (now, _count(session, at))
    return known[1]


def _count(session: Session, at: datetime) -> Past:
    rows = session.connection().execute(text(_CLOSED), {"since": at - LOOK_BACK, "most": MOST})
    counts: dict[tuple[Hashable, ...], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for kind, rule_id, segment, member_id, tried, worked in rows:
        for key in _keys(kind, rule_id, segment, member_id):
            before = counts[key]
            counts[key] = (before[0] + tried, before[1] + worked)
    return Past(dict(counts))


def _keys(
    kind: str, rule_id: UUID | None, segment: str | None, member_id: UUID | None
) -> tuple[tuple[Hashable, ...], ...]:
    """From what is common to all to what is most alike."""
    return (
        ("tenant",), ("kind", kind), ("rule", kind, rule_id), ("segment", kind, rule_id, segment),
        ("member", kind, rule_id, member_id),
    )  # fmt: skip
