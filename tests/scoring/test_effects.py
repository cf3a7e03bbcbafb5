"""What an event did to scores: before and after it, in the order of time, for its person and for the account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import events, scoring
from salescompass.events import FeedEntry, Outcome
from salescompass.kit import clock
from salescompass.vocabulary import SubjectKind

Tell = Callable[..., Outcome]


def _entry(session: Session, done: Outcome) -> FeedEntry:
    assert done.id is not None
    return events.event_by_id(session, done.id)


def _score(session: Session, kind: SubjectKind, subject: UUID | None, at: datetime) -> float:
    assert subject is not None
    return scoring.why(session, kind, subject, now=at).score


def test_a_first_event_moves_from_nothing_to_what_the_score_says(session: Session, tell: Tell) -> None:
    entry = _entry(session, tell())
    found = scoring.impacts(session, [entry])[entry.id]
    assert found.person is not None
    assert found.account is not None
    assert found.person.before == found.account.before == 0.0
    assert found.person.after == pytest.approx(_score(session, SubjectKind.PERSON, entry.person_id, entry.occurred_at))
    assert found.account.after == pytest.approx(
        _score(session, SubjectKind.ACCOUNT, entry.account_id, entry.occurred_at)
    )
    assert found.change == found.account.change


def test_steps_of_one_day_follow_each_other(session: Session, tell: Tell) -> None:
    start = clock.now().replace(hour=0, minute=0, second=1, microsecond=0) - timedelta(days=1)
    told = [tell(at=start + timedelta(minutes=n)) for n in range(3)]
    told.append(tell("email_unsubscribed", start + timedelta(minutes=3)))
    entries = [_entry(session, done) for done in told]
    found = scoring.impacts(session, entries)
    steps = [found[entry.id].account for entry in entries]
    for earlier, following in pairwise(steps):
        assert following.before == pytest.approx(earlier.after, abs=0.05)
    changes = [step.change for step in steps]
    assert changes[0] > changes[1] > changes[2] > 0 > changes[3]


def test_the_day_before_counts_and_the_day_after_does_not(session: Session, tell: Tell) -> None:
    noon = clock.now().replace(hour=12) - timedelta(days=2)
    tell(at=noon - timedelta(days=1))
    middle = _entry(session, tell(at=noon))
    tell(at=noon + timedelta(days=1))
    step = scoring.impacts(session, [middle])[middle.id].person
    assert step is not None
    assert 0 < step.before < step.after
    alone = 100 * (1 - 2.718281828 ** (-15 * 2 ** (-1 / 45) / 40))
    assert step.before == pytest.approx(alone, abs=0.01)


def test_colleagues_are_part_of_the_account_step(session: Session, tell: Tell) -> None:
    ken = _entry(session, tell(contact={"email": "ken@acme.example"}))
    entry = _entry(session, tell())
    found = scoring.impacts(session, [entry])[entry.id]
    assert found.account is not None
    assert found.account.before == pytest.approx(
        0.7 * _score(session, SubjectKind.PERSON, ken.person_id, entry.occurred_at)
    )


def test_an_account_event_without_a_person_moves_the_account_only(session: Session, tell: Tell) -> None:
    entry = _entry(session, tell(contact=None))
    found = scoring.impacts(session, [entry])[entry.id]
    assert found.person is None
    assert found.account is not None
    assert found.account.change > 0


def test_what_does_not_count_has_no_effect(session: Session, tell: Tell) -> None:
    machine, ours = tell("link_clicked", actor="machine"), tell("email_sent")
    entries = [_entry(session, done) for done in (machine, ours)]
    assert scoring.impacts(session, entries) == {}
    assert [scoring.worth_now(session, entry) for entry in entries] == [0.0, 0.0]


def test_what_events_are_worth_now_adds_up_to_the_score(session: Session, tell: Tell) -> None:
    at = clock.now() - timedelta(days=3)
    told = [tell(at=at), tell(at=at), tell("demo_requested"), tell(contact={"email": "ken@acme.example"})]
    told.append(tell("form_submitted", contact=None))
    entries, now = [_entry(session, done) for done in told], clock.now()
    account = entries[0].account_id
    assert account is not None
    worth = sum(scoring.worth_now(session, entry, now=now) for entry in entries)
    assert worth == pytest.approx(_score(session, SubjectKind.ACCOUNT, account, now))
