"""Deals as of the end of a day, and their time in stages beside that of others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import crm
from salescompass.identity import Actor

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def _kept(session: Session) -> list[tuple[UUID, date, int]]:
    rows = session.connection().execute(text("SELECT opportunity_id, day, probability FROM opportunity_snapshot"))
    return [tuple(row) for row in rows]


def test_each_day_keeps_open_deals_and_those_closed_that_day_once(session: Session, boss: Actor) -> None:
    won = crm.pipelines(session)[0].stages[4].id
    old = NOW - timedelta(days=30)
    rows = [
        {"name": "Open", "created_at": old},
        {"name": "Won", "created_at": old, "stage_id": won, "closed_at": NOW - timedelta(days=1)},
        {"name": "Long won", "created_at": old, "stage_id": won, "closed_at": old},
        {"name": "Of today", "created_at": NOW},
    ]
    ids = [one.id for one in crm.upsert_records(session, boss, "opportunities", rows, now=NOW)]
    assert crm.write_deal_snapshots(session, now=NOW) == 2
    assert crm.write_deal_snapshots(session, now=NOW) == 0
    day = NOW.date() - timedelta(days=1)
    assert set(_kept(session)) == {(ids[0], day, 10), (ids[1], day, 100)}
    assert crm.write_deal_snapshots(session, now=NOW + timedelta(days=1)) == 2


def test_a_stay_is_told_beside_the_median(session: Session, boss: Actor) -> None:
    first, second = (stage.id for stage in crm.pipelines(session)[0].stages[:2])
    for days in (2, 4, 9):
        deal = crm.create_record(session, boss, "opportunities", {"name": f"{days}"}, now=NOW)
        later = NOW + timedelta(days=days)
        crm.move_stage(session, boss, opportunity_id=deal.id, stage_id=second, now=later)
    mine = crm.create_record(session, boss, "opportunities", {"name": "Mine"}, now=NOW)
    (stay,) = crm.stage_stays(session, opportunity_id=mine.id, now=NOW + timedelta(days=6))
    assert (stay.stage_id, stay.days, stay.median_days, stay.rot_days) == (first, 6.0, 4.0, 14)
