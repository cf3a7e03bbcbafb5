"""What time alone does: scores fade, bands are left, days end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import scoring
from salescompass.kit import clock
from salescompass.vocabulary import SubjectKind
from tests.scoring.conftest import Tell

PERSON, ACCOUNT = SubjectKind.PERSON, SubjectKind.ACCOUNT


def crossed(session: Session, kind: SubjectKind, subject_id: UUID) -> list[str]:
    found = scoring.crossings(session, kind=kind, subject_id=subject_id)
    return [f"{one.from_band}>{one.to_band} {one.cause}" for one in reversed(found)]


def swept_until(session: Session, start: datetime, days: float, *, step: timedelta) -> datetime:
    now, end = start, start + timedelta(days=days)
    while now < end:
        now += step
        scoring.sweep(session, now=now)
    return now


def test_a_band_is_left_once_though_no_event_arrives(session: Session, ada: UUID) -> None:
    assert crossed(session, PERSON, ada) == ["cold>cool events"]
    # A proposal seen fades from 31 to 15 points in 53 days.
    swept_until(session, clock.now(), 60, step=timedelta(hours=12))
    assert crossed(session, PERSON, ada) == ["cold>cool events", "cool>cold time"]


def test_a_crossing_is_told_within_a_minute_of_its_time(session: Session, ada: UUID) -> None:
    now = clock.now()
    edge = next(
        now + timedelta(hours=hour)
        for hour in range(24 * 90)
        if scoring.why(session, PERSON, ada, now=now + timedelta(hours=hour)).score < 15
    )
    scoring.sweep(session, now=edge - timedelta(hours=1))
    assert crossed(session, PERSON, ada) == ["cold>cool events"]
    told = edge - timedelta(hours=1)
    while len(crossed(session, PERSON, ada)) == 1:
        told += timedelta(minutes=1)
        scoring.sweep(session, now=told)
    before = scoring.why(session, PERSON, ada, now=told - timedelta(minutes=2)).score
    assert scoring.why(session, PERSON, ada, now=told).score < 15 <= before


def test_the_sweep_keeps_stored_scores_true(session: Session, tell: Tell) -> None:
    for who, kind in (("ada", "proposal_viewed"), ("bob", "email_opened"), ("cem", "demo_requested")):
        for _ in range(3):
            tell(kind, contact={"email": f"{who}@acme.example"})
    tell("email_unsubscribed", contact={"email": "ada@acme.example"})
    people = list(session.connection().execute(text("SELECT id FROM person")).scalars())
    (account,) = session.connection().execute(text("SELECT id FROM account")).scalars()
    now = clock.now()
    for _ in range(120):
        now += timedelta(hours=9)
        scoring.sweep(session, now=now)
        for kind, one in [*((PERSON, person) for person in people), (ACCOUNT, account)]:
            stored = scoring.scores(session, kind, [one])[one]
            assert abs(stored.score - scoring.why(session, kind, one, now=now).score) <= 0.5
    assert scoring.verify(session, now=now).ok


def test_nothing_is_rewritten_before_its_time(session: Session, ada: UUID) -> None:
    assert scoring.sweep(session) == scoring.Scored()


def test_days_that_ended_are_kept(session: Session, tell: Tell, ada: UUID, acme: UUID) -> None:
    now = clock.now()
    tell("demo_requested", at=now - timedelta(days=10))
    while scoring.write_snapshots(session, now=now):
        pass
    for kind, one in ((PERSON, ada), (ACCOUNT, acme)):
        trend = scoring.trend(session, kind, one, days=20, now=now)
        assert len(trend) == 20
        assert [point.value > 0 for point in trend] == [False] * 10 + [True] * 10
        for point in trend[10:]:
            assert point.value == pytest.approx(at_end_of(session, kind, one, point.day), abs=0.01)


def at_end_of(session: Session, kind: SubjectKind, one: UUID, day: object) -> float:
    """The score at 24:00 of a day, from velocity a week later: it is computed from the buckets."""
    seven = datetime.fromisoformat(f"{day}T12:00:00+00:00") + timedelta(days=7)
    later = scoring.why(session, kind, one, now=seven)
    return later.score - later.velocity


def test_a_late_event_rewrites_the_days_since(session: Session, tell: Tell, ada: UUID, acme: UUID) -> None:
    now = clock.now()
    tell("demo_requested", at=now - timedelta(days=5))
    while scoring.write_snapshots(session, now=now):
        pass
    before = scoring.trend(session, PERSON, ada, days=12, now=now)
    tell("meeting_held", at=now - timedelta(days=9))
    while scoring.write_snapshots(session, now=now):
        pass
    after = scoring.trend(session, PERSON, ada, days=12, now=now)
    assert [later.value > earlier.value + 1 for earlier, later in zip(before, after, strict=True)] == [
        point.day >= (now - timedelta(days=9)).astimezone(UTC).date() for point in after
    ]
    company = scoring.trend(session, ACCOUNT, acme, days=12, now=now)
    for point, whole in zip(after, company, strict=True):
        assert whole.value == pytest.approx(0.7 * point.value, abs=0.01)


def test_midnight_makes_the_days_snapshot_by_itself(session: Session, ada: UUID) -> None:
    now = clock.now()
    while scoring.write_snapshots(session, now=now):
        pass
    assert scoring.trend(session, PERSON, ada, days=1, now=now)[0].value == 0
    tomorrow = now + timedelta(days=1)
    while scoring.write_snapshots(session, now=tomorrow):
        pass
    (today,) = scoring.trend(session, PERSON, ada, days=1, now=tomorrow)
    assert today.value == pytest.approx(31, abs=0.5)
    assert scoring.write_snapshots(session, now=tomorrow) == 0


def test_long_histories_stay_within_numbers(session: Session, tell: Tell, ada: UUID) -> None:
    now = clock.now()
    for years in (2, 6, 12):
        tell("email_opened", at=now - timedelta(days=365 * years))
    while scoring.write_snapshots(session, now=now):
        pass
    assert len(scoring.trend(session, PERSON, ada, days=400, now=now)) == 400
    why = scoring.why(session, PERSON, ada)
    assert sum(one.share for one in why.contributions) == pytest.approx(why.score, abs=1e-6)
