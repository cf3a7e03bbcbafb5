"""A sharp drop is told to the account's owner, once; old snapshots are kept for each week."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import identity, notifications, reactions, scoring
from salescompass.kit import clock
from salescompass.scoring.drops import is_sharp

STEADY = [60.0, 61.0, 60.5, 61.5] * 15


@pytest.fixture
def owner(session: Session, acme: UUID) -> identity.Actor:
    """A member who owns Acme."""
    made = identity.create_user(session, email="rep@house.example", password=None, role="rep", name="Rep")
    session.connection().execute(text("UPDATE account SET owner_id = :owner"), {"owner": made.id})
    return identity.Actor(
        tenant_id=session.info["tenant_id"], kind="user", name="Rep", permissions=frozenset(), member_id=made.id
    )


def ended(session: Session, kind: str, subject_id: UUID, last: date, values: list[float]) -> None:
    """These are the subject's scores at the ends of the days until `last`."""
    session.connection().execute(text("DELETE FROM score_snapshot WHERE subject_id = :id"), {"id": subject_id})
    session.connection().execute(
        text(
            "INSERT INTO score_snapshot (subject_kind, subject_id, day, value) SELECT :kind, :id, "
            "CAST(:last AS date) - CAST(:length AS int) + place::int, value "
            "FROM unnest(CAST(:values AS float8[])) WITH ORDINALITY AS v (value, place) WHERE value > 0"
        ),
        {"kind": kind, "id": subject_id, "last": last, "length": len(values), "values": values},
    )


@pytest.mark.parametrize(
    ("series", "sharp"),
    [
        ([*STEADY, 40.0], True),
        ([*STEADY, 50.0], False),  # fifteen points are needed
        ([*STEADY[:20], 40.0], False),  # nothing is usual yet
        ([20.0, 60.0, 30.0, 65.0, 25.0] * 10 + [20.0], False),  # as it always does
        ([60.0] * 40 + [40.0], True),
        ([60.0] * 40, False),
        ([], False),
    ],
)
def test_a_drop_is_far_and_unusual(series: list[float], sharp: bool) -> None:
    assert is_sharp(series) is sharp


def test_the_owner_is_told_once_and_by_whom(session: Session, owner: identity.Actor, ada: UUID, acme: UUID) -> None:
    now = clock.now()
    yesterday = now.astimezone(UTC).date() - timedelta(days=1)
    ended(session, "account", acme, yesterday, [*STEADY, 40.0])
    ended(session, "person", ada, yesterday, [*STEADY, 41.0])
    assert reactions.scores_dropped(session, now=now) == 1
    assert reactions.scores_dropped(session, now=now + timedelta(seconds=1)) == 0
    (line,) = notifications.inbox(session, owner).items
    assert (line.kind, line.link) == ("score_drop", f"/accounts/{acme}")
    assert line.title == "Acme fell from 61 to 40 in a week"
    assert line.body.endswith(" \N{MINUS SIGN}20.")
    # The day after it is still falling: that is the same drop.
    assert scoring.drops(session, day=yesterday) != ()
    ended(session, "account", acme, yesterday, [*STEADY, 40.0, 39.0])
    assert scoring.drops(session, day=yesterday) == ()


def test_nobody_is_told_of_days_that_are_still_to_be_written(
    session: Session, owner: identity.Actor, acme: UUID
) -> None:
    yesterday = clock.now().astimezone(UTC).date() - timedelta(days=1)
    ended(session, "account", acme, yesterday, [*STEADY, 40.0])
    session.connection().execute(text("UPDATE score SET stale_from = :day"), {"day": yesterday})
    assert scoring.drops(session, day=yesterday) == ()


def test_snapshots_of_more_than_two_years_ago_are_kept_for_each_week(session: Session, ada: UUID) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    ended(session, "person", ada, now.date(), [10.0] * 800)
    while scoring.thin_snapshots(session, now=now, most=10):
        pass
    days = sorted(session.connection().execute(text("SELECT day FROM score_snapshot")).scalars())
    limit = now.date() - timedelta(days=730)
    old = [day for day in days if day < limit]
    assert {day.isoweekday() for day in old} == {7}
    assert {(after - before).days for before, after in itertools.pairwise(old)} == {7}
    assert len([day for day in days if day >= limit]) == 731
