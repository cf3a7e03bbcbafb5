"""Counts per person and UTC day, made from the ledger by the reaction, each event once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from salescompass.events.batch import EventBatch
from salescompass.models import Event, PersonDay

# Bounded by time so that only the batch's months are opened; sorted so that two batches lock in one order.
_COUNT = text(
    "INSERT INTO person_day (person_id, day, n, last_at) "
    "SELECT event.person_id, (event.occurred_at AT TIME ZONE 'UTC')::date AS day, count(*), max(event.occurred_at) "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[])) AS told (id, at) "
    "JOIN event ON event.occurred_at = told.at AND event.id = told.id "
    "WHERE event.occurred_at >= :low AND event.occurred_at <= :high AND event.person_id IS NOT NULL "
    "GROUP BY event.person_id, day ORDER BY event.person_id, day "
    "ON CONFLICT (tenant_id, person_id, day) "
    "DO UPDATE SET n = person_day.n + excluded.n, last_at = greatest(person_day.last_at, excluded.last_at)"
)


def count_days(session: Session, batch: EventBatch) -> None:
    """Add a batch to the counts of its people's days. To be called once per event: it adds, it does not look back."""
    if batch.ids:
        session.connection().execute(
            _COUNT,
            {
                "ids": list(batch.ids),
                "times": list(batch.times),
                "low": min(batch.times),
                "high": max(batch.times),
            },
        )


_COUNT_STAGED = text(
    "INSERT INTO person_day (person_id, day, n, last_at) "
    "SELECT person_id, (occurred_at AT TIME ZONE 'UTC')::date AS day, count(*), max(occurred_at) "
    "FROM event_staging WHERE person_id IS NOT NULL GROUP BY person_id, day ORDER BY person_id, day "
    "ON CONFLICT (tenant_id, person_id, day) "
    "DO UPDATE SET n = person_day.n + excluded.n, last_at = greatest(person_day.last_at, excluded.last_at)"
)


def count_staged(session: Session) -> None:
    """Add what was just staged and written, in this transaction, to the counts of its people's days."""
    session.connection().execute(_COUNT_STAGED)


def people_active(session: Session, day: date) -> int:
    """How many people did something on a UTC day: what we sent them and what machines did for them are not theirs."""
    found = session.connection().execute(
        text(
            "SELECT count(*) FROM person_day d WHERE d.day = :day AND EXISTS (SELECT FROM event_bucket b "
            "WHERE b.subject_kind = 'person' AND b.subject_id = d.person_id AND b.day = d.day)"
        ),
        {"day": day},
    )
    return int(found.scalar_one())


def events_on(session: Session, day: date) -> int:
    """How many events there were on a UTC day: those of people, and those of an account alone, found by index."""
    known = session.exec(select(func.coalesce(func.sum(PersonDay.n), 0)).where(col(PersonDay.day) == day)).one()
    midnight = datetime.combine(day, time(), UTC)
    nobodys = session.exec(
        select(func.count())
        .select_from(Event)
        .where(col(Event.person_id).is_(None))
        .where(col(Event.occurred_at) >= midnight, col(Event.occurred_at) < midnight + timedelta(days=1))
    ).one()
    return int(known) + nobodys
