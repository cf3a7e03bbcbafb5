"""Counts per person and UTC day, made from the ledger by the reaction, each event once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, exists, text
from sqlmodel import Session, col, func, select

from salescompass.crm import Sight
from salescompass.events.batch import EventBatch
from salescompass.events.queries import in_reach
from salescompass.models import Event, EventBucket, PersonDay
from salescompass.vocabulary import SubjectKind

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
                "ids": batch.id_array,
                "times": batch.time_array,
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
    theirs = exists().where(
        col(EventBucket.subject_kind) == SubjectKind.PERSON.value,
        col(EventBucket.subject_id) == col(PersonDay.person_id),
        col(EventBucket.day) == col(PersonDay.day),
    )
    days = select(func.count()).select_from(PersonDay).where(col(PersonDay.day) == day, theirs)
    return int(session.exec(days.where(_people(session))).one())


def events_on(session: Session, day: date) -> int:
    """How many events there were on a UTC day: those of people, and those of an account alone, found by index."""
    days = select(func.coalesce(func.sum(PersonDay.n), 0)).where(col(PersonDay.day) == day)
    known = session.exec(days.where(_people(session))).one()
    midnight = datetime.combine(day, time(), UTC)
    nobodys = session.exec(
        select(func.count())
        .select_from(Event)
        .where(col(Event.person_id).is_(None))
        .where(col(Event.occurred_at) >= midnight, col(Event.occurred_at) < midnight + timedelta(days=1))
        .where(*in_reach(session))
    ).one()
    return int(known) + nobodys


def _people(session: Session) -> ColumnElement[bool]:
    """The days of people whom the reader sees."""
    return Sight.of(session, "person").reference(col(PersonDay.person_id))
