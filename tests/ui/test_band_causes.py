"""Which event is named as the one that made a score leave its band."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from salescompass.events import FeedEntry
from salescompass.scoring import CrossingView, Impact, Step
from salescompass.ui.band_causes import FRESH, SOON, cause, caused
from salescompass.vocabulary import SubjectKind

AT = datetime(2026, 11, 20, 10, 41, 8, tzinfo=UTC)
ACCOUNT, PERSON = uuid4(), uuid4()
HOT = CrossingView(uuid4(), SubjectKind.ACCOUNT, ACCOUNT, "warm", "hot", 75.0, "events", AT)
UP, DOWN = Impact(Step(53.0, 78.0), Step(67.2, 75.0)), Impact(Step(78.0, 53.0), Step(75.0, 67.2))


def entry(*, told: timedelta = timedelta(seconds=1), happened: timedelta = timedelta(seconds=2)) -> FeedEntry:
    """A view of the proposal so long before the band was left."""
    return FeedEntry(
        id=uuid4(),
        type="proposal_viewed",
        occurred_at=AT - happened,
        received_at=AT - told,
        account_id=ACCOUNT,
        person_id=PERSON,
        opportunity_id=None,
        direction="in",
        channel="document",
        verdict="human",
        verdict_reasons=(),
        actor=None,
        source="api",
        duplicate_of=None,
        merged_into=None,
        properties={},
        account_name="Kan-code",
        person_name="Devin Okafor",
    )


def test_what_just_came_and_moved_the_score_that_way_is_a_cause() -> None:
    assert caused(HOT, entry(), UP)
    assert not caused(HOT, entry(), DOWN)
    assert caused(replace(HOT, from_band="hot", to_band="warm"), entry(), DOWN)
    assert not caused(HOT, entry(), None)
    assert not caused(HOT, entry(), Impact(UP.person, None))
    assert caused(replace(HOT, kind=SubjectKind.PERSON, subject_id=PERSON), entry(), Impact(UP.person, None))


def test_what_came_later_or_long_before_or_is_old_is_none() -> None:
    assert not caused(HOT, entry(told=timedelta(seconds=-1)), UP)
    assert not caused(HOT, entry(told=SOON + timedelta(seconds=1), happened=SOON + timedelta(seconds=2)), UP)
    assert not caused(HOT, entry(happened=FRESH + timedelta(seconds=1)), UP)


def test_another_subject_and_the_passing_of_time_have_no_event_as_cause() -> None:
    assert not caused(replace(HOT, subject_id=uuid4()), entry(), UP)
    assert not caused(replace(HOT, cause="time"), entry(), UP)


def test_of_several_the_one_that_moved_most_is_named() -> None:
    small, large, other = entry(), entry(), entry()
    impacts = {small.id: Impact(None, Step(74.0, 75.0)), large.id: UP}
    assert cause(HOT, [small, large, other], impacts) == large
    assert cause(HOT, [other], impacts) is None
