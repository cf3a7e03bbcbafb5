"""Scores follow events, at once and exactly, whatever happens to the events afterwards."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from salescompass import events, identity, reactions, scoring
from salescompass.events import EventBatch, read_event
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.clock import rfc3339
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict
from salescompass.models import Outbox
from salescompass.scoring.formula import account_score
from salescompass.vocabulary import Source, SubjectKind, Topic
from tests.scoring.conftest import Tell
from tests.scoring.ledgers import Happening, long_way

PERSON, ACCOUNT = SubjectKind.PERSON, SubjectKind.ACCOUNT
EXACT = 1e-9


def actor_of(session: Session) -> Actor:
    return identity.system_actor(session.info["tenant_id"], "Test")


def score(session: Session, kind: SubjectKind, subject_id: UUID) -> float:
    return scoring.scores(session, kind, [subject_id])[subject_id].score


def follow(session: Session) -> None:
    """What a worker does with changes that wait."""
    waiting = session.exec(select(Outbox).where(Outbox.topic == Topic.EVENTS_CHANGED)).all()
    reactions.events_changed(session, events.changed_cells(row.payload for row in waiting))
    for row in waiting:
        session.delete(row)
    session.flush()


def test_a_viewed_proposal_moves_the_person_and_the_account(session: Session, ada: UUID, acme: UUID) -> None:
    assert score(session, PERSON, ada) == pytest.approx(31.27, abs=0.01)
    assert score(session, ACCOUNT, acme) == pytest.approx(0.7 * 31.27, abs=0.01)
    assert scoring.scores(session, PERSON, [ada])[ada].band == "cool"


def test_what_a_machine_did_and_what_we_did_score_nothing(session: Session, tell: Tell) -> None:
    tell(actor="machine")
    tell("proposal_sent")
    found = session.connection().execute(text("SELECT count(*) FROM event_bucket")).scalar_one()
    assert found == 0
    (person,) = session.connection().execute(text("SELECT id FROM person")).scalars()
    why = scoring.why(session, PERSON, person)
    assert why.score == 0
    assert {(one.reason, one.type) for one in why.not_counted} == {
        ("machine", "proposal_viewed"),
        ("own", "proposal_sent"),
    }
    assert why.effort == 1


def test_an_event_without_a_person_counts_for_the_account_alone(session: Session, tell: Tell) -> None:
    tell("demo_requested", contact=None)
    (account,) = session.connection().execute(text("SELECT id FROM account")).scalars()
    why = scoring.why(session, ACCOUNT, account)
    assert why.score == pytest.approx(account_score([39.35]), abs=0.01)
    assert [one.person_id for one in why.contributions] == [None]


def test_shares_add_up_and_name_the_people(session: Session, tell: Tell) -> None:
    for who in ("ada", "bob", "cem"):
        for kind in ("pricing_viewed", "email_opened", "form_submitted", "email_unsubscribed"):
            tell(kind, contact={"email": f"{who}@acme.example"})
    tell("demo_requested", contact=None)
    (account,) = session.connection().execute(text("SELECT id FROM account")).scalars()
    why = scoring.why(session, ACCOUNT, account)
    assert sum(one.share for one in why.contributions) == pytest.approx(why.score, abs=1e-6)
    assert sum(one.share for one in why.people) == pytest.approx(why.score, abs=1e-6)
    assert len({one.person_id for one in why.contributions}) == 4
    assert why.rest is None
    assert min(one.share for one in why.contributions) < 0, "what speaks against is shown too"


def test_beyond_fifty_the_others_are_one_row(session: Session, tell: Tell, ada: UUID) -> None:
    now = clock.now()
    for day in range(1, 60):
        tell("page_viewed", at=now - timedelta(days=day))
    why = scoring.why(session, PERSON, ada)
    assert len(why.contributions) == 50
    assert why.rest is not None
    assert why.rest.count == 10
    assert sum(one.share for one in (*why.contributions, why.rest)) == pytest.approx(why.score, abs=1e-6)


def test_velocity_is_the_change_since_a_week_ago(session: Session, tell: Tell, ada: UUID) -> None:
    why = scoring.why(session, PERSON, ada)
    assert why.velocity == pytest.approx(why.score)
    tell("proposal_viewed", at=clock.now() - timedelta(days=8))
    later = scoring.why(session, PERSON, ada)
    assert 0 < later.velocity < later.score


def test_a_stored_score_is_true_at_its_time(session: Session, tell: Tell, ada: UUID) -> None:
    stored = scoring.scores(session, PERSON, [ada])[ada]
    assert stored.as_of is not None
    assert scoring.why(session, PERSON, ada, now=stored.as_of).score == pytest.approx(stored.score, rel=EXACT)


TYPES = ("page_viewed", "pricing_viewed", "email_opened", "form_submitted", "email_unsubscribed", "meeting_held")


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_order_and_the_batches_scores_are_those_of_the_events(session: Session, seed: int) -> None:
    """Recorded in any order and batching, judged, merged and unmerged: equal to counting from the ledger."""
    chance, now, actor = random.Random(seed), clock.now(), actor_of(session)
    bodies: list[dict[str, Any]] = [
        {
            "type": chance.choice(TYPES),
            "contact": {"email": f"p{chance.randrange(4)}@acme.example"},
            "account": {"domain": "acme.example"},
            "occurred_at": rfc3339(now - timedelta(seconds=chance.randrange(0, 40 * 86400))),
            "idempotency_key": f"k{place}",
            "actor": chance.choice([None, None, "human", "machine"]),
        }
        for place in range(60)
    ]
    written: list[tuple[UUID, datetime]] = []
    while bodies:
        some, bodies = bodies[: chance.randrange(1, 20)], bodies[20:]
        items = [read_event({k: v for k, v in body.items() if v}, now=now) for body in some]
        done = events.record_many(session, items, source=Source.API)
        pairs = [(one.id, one.occurred_at) for one in done.results if one.id and one.occurred_at]
        written += pairs
        reactions.events_recorded(session, EventBatch(tuple(p[0] for p in pairs), tuple(p[1] for p in pairs)))
    for event_id, at in chance.sample(written, 10):
        verdict = chance.choice(["bot", "human", "unknown"])
        events.set_verdict(session, actor, event_id=event_id, occurred_at=at, verdict=verdict)
    merged = _merge_some(session, actor, chance)
    for event_id, at in merged[::2]:
        events.unmerge(session, actor, event_id=event_id, occurred_at=at)
    follow(session)
    _all_as_counted_by_hand(session)
    assert scoring.verify(session).ok


def _merge_some(session: Session, actor: Actor, chance: random.Random) -> list[tuple[UUID, datetime]]:
    rows = session.connection().execute(text("SELECT person_id, type, id, occurred_at FROM event")).all()
    by_act: dict[Any, list[Any]] = {}
    for row in rows:
        by_act.setdefault((row[0], row[1]), []).append((row[2], row[3]))
    merged = []
    for same in by_act.values():
        if len(same) > 1 and chance.random() < 0.7:
            (one, at), (other, other_at) = same[:2]
            # What does not count never swallows what does: then the other one is kept.
            with suppress(Conflict):
                events.merge(session, actor, survivor_id=one, survivor_at=at, merged_id=other, merged_at=other_at)
                merged.append((other, other_at))
    return merged


def _all_as_counted_by_hand(session: Session) -> None:
    now = datetime.now(UTC)
    rows = session.connection().execute(
        text("SELECT person_id, type, occurred_at, direction, verdict, duplicate_of, merged_into FROM event")
    )
    told: dict[UUID, list[Happening]] = {}
    for person, kind, at, direction, verdict, copy, merged in rows:
        counts = direction == "in" and verdict in ("human", "unknown") and copy is None and merged is None
        told.setdefault(person, []).append(Happening(kind, at, counts))
    by_hand = {person: long_way(happened, now) for person, happened in told.items()}
    for person, wanted in by_hand.items():
        assert scoring.why(session, PERSON, person, now=now).score == pytest.approx(wanted, rel=EXACT, abs=EXACT)
    (account,) = session.connection().execute(text("SELECT id FROM account")).scalars()
    wanted = account_score(by_hand.values())
    assert scoring.why(session, ACCOUNT, account, now=now).score == pytest.approx(wanted, rel=EXACT, abs=EXACT)


def test_two_batches_at_once_with_the_same_buckets_lose_nothing(tenant: UUID) -> None:
    import threading

    def record(place: int) -> None:
        for turn in range(10):
            with tenant_session(tenant) as session:
                body = {"type": "page_viewed", "contact": {"email": "ada@acme.example"}}
                items = [
                    read_event({**body, "idempotency_key": f"{place}-{turn}-{one}"}, now=clock.now())
                    for one in range(5)
                ]
                events.record_many(session, items, source=Source.API)

    threads = [threading.Thread(target=record, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_session(tenant) as session:
        assert session.connection().execute(text("SELECT sum(n) FROM event_bucket")).scalar_one() == 200
