"""Deals as they stood at the end of each day, and how long deals usually stay in a stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.lists import in_reach
from salescompass.kit.errors import NotFound


@dataclass(frozen=True)
class Stay:
    """A deal's stay in a stage, and how long others stayed there: the median in days, None when nobody left yet."""

    stage_id: UUID
    stage: str
    entered_at: datetime
    left_at: datetime | None
    days: float
    median_days: float | None
    rot_days: int | None


def write_deal_snapshots(session: Session, *, now: datetime) -> int:
    """Keep every open deal, and those closed that day, as of the end of yesterday (UTC), once. Returns how many."""
    end = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    day = (end - timedelta(days=1)).date()
    there = text("SELECT EXISTS (SELECT FROM opportunity_snapshot WHERE day = :day)")
    if session.connection().execute(there, {"day": day}).scalar():
        return 0
    done = session.connection().execute(
        text(
            "INSERT INTO opportunity_snapshot (opportunity_id, day, stage_id, state, probability, amount_minor, "
            "currency, owner_id, close_date) SELECT id, :day, stage_id, state, probability, amount_minor, currency, "
            "owner_id, close_date FROM opportunity WHERE deleted_at IS NULL AND created_at < :end "
            "AND (state = 'open' OR closed_at >= :start) ON CONFLICT DO NOTHING"
        ),
        {"day": day, "end": end, "start": end - timedelta(days=1)},
    )
    return done.rowcount


def stage_stays(session: Session, *, opportunity_id: UUID, now: datetime) -> list[Stay]:
    """The stages a deal was in, in order, each beside the median of the deals that have left that stage."""
    if not in_reach(session, "opportunity", [opportunity_id]):
        raise NotFound("no such opportunity")
    rows = session.connection().execute(_STAYS, {"id": opportunity_id, "now": now})
    return [Stay(*row) for row in rows]


_STAYS = text(
    "WITH mine AS (SELECT * FROM stage_history WHERE opportunity_id = :id), "
    "usual AS (SELECT o.stage_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY "
    "  extract(epoch FROM o.left_at - o.entered_at) / 86400.0) AS days FROM stage_history o "
    "  WHERE o.stage_id IN (SELECT stage_id FROM mine) AND o.left_at IS NOT NULL AND o.opportunity_id <> :id "
    "  GROUP BY o.stage_id) "
    "SELECT mine.stage_id, stage.name, mine.entered_at, mine.left_at, "
    "extract(epoch FROM coalesce(mine.left_at, :now) - mine.entered_at)::float8 / 86400.0, usual.days, stage.rot_days "
    "FROM mine JOIN stage ON stage.id = mine.stage_id LEFT JOIN usual ON usual.stage_id = mine.stage_id "
    "ORDER BY mine.entered_at, mine.id"
)
