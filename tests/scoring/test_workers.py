"""What workers do for scores: react, catch up with changes, sweep, keep days; all tenants, each in its own session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import events, identity, scoring
from salescompass.events import read_event, recounting
from salescompass.kit import clock, jobs
from salescompass.kit.database import tenant_session
from salescompass.kit.jobs import Claimed
from salescompass.vocabulary import Source, SubjectKind, Topic
from workers import drains, upkeep

PERSON = SubjectKind.PERSON


@pytest.fixture
def ada(tenant: UUID) -> UUID:
    """Somebody who viewed a proposal, recorded and not reacted to yet."""
    with tenant_session(tenant) as session:
        item = read_event({"type": "proposal_viewed", "contact": {"email": "ada@acme.example"}}, now=clock.now())
        events.record(session, item, source=Source.API)
        return session.connection().execute(text("SELECT id FROM person")).scalar_one()


def score(tenant: UUID, person: UUID) -> float:
    with tenant_session(tenant) as session:
        return scoring.scores(session, PERSON, [person])[person].score


def crossings(tenant: UUID) -> list[str]:
    with tenant_session(tenant) as session:
        return [one.to_band for one in scoring.crossings(session)]


def test_a_drain_scores_what_was_recorded_once(tenant: UUID, ada: UUID) -> None:
    assert score(tenant, ada) == 0
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    assert score(tenant, ada) == pytest.approx(31.27, abs=0.01)
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    assert crossings(tenant) == ["cool"]


def test_a_past_that_is_brought_in_crosses_no_band(tenant: UUID) -> None:
    """Months of events of somebody new say where they stand; what happens next crosses from there."""

    def tell(key: str, days: float, kind: str = "demo_requested") -> None:
        at = (clock.now() - timedelta(days=days)).isoformat()
        body = {"type": kind, "contact": {"email": "bea@brandt.example"}, "occurred_at": at, "idempotency_key": key,
                "account": {"name": "Brandt", "domain": "brandt.example"}}  # fmt: skip
        with tenant_session(tenant) as session:
            events.record(session, read_event(body, now=clock.now()), source=Source.API)

    for days in (40, 30, 20):
        tell(f"{days}", days)
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    with tenant_session(tenant) as session:
        (bea,) = session.connection().execute(text("SELECT subject_id FROM score WHERE subject_kind = 'person'")).all()
        assert scoring.scores(session, PERSON, [bea[0]])[bea[0]].band == "warm"
    assert crossings(tenant) == []
    tell("now", 0, "meeting_held")
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    assert crossings(tenant) == ["hot"] or crossings(tenant) == ["warm", "hot"]


def test_a_verdict_reaches_the_score(tenant: UUID, ada: UUID) -> None:
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    with tenant_session(tenant) as session:
        entry = events.feed(session).items[0]
        actor = identity.system_actor(tenant, "Test")
        events.set_verdict(session, actor, event_id=entry.id, occurred_at=entry.occurred_at, verdict="bot")
    drains.drain(str(tenant), Topic.EVENTS_CHANGED)
    assert score(tenant, ada) == 0
    assert crossings(tenant) == ["cold", "cool"]


def test_the_sweep_finds_what_is_due_in_every_tenant(tenant: UUID, ada: UUID) -> None:
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    with tenant_session(tenant) as session:
        # As if written sixty days ago and never since.
        session.connection().execute(
            text("UPDATE score SET as_of = as_of - make_interval(days => 60), due_at = now() - interval '1 minute'")
        )
        session.connection().execute(text("UPDATE event_bucket SET last_at = last_at - make_interval(days => 60)"))
    upkeep.sweep_scores()
    assert crossings(tenant) == ["cold", "cool"]
    upkeep.sweep_scores()
    assert crossings(tenant) == ["cold", "cool"], "each crossing is told once"


def test_days_that_ended_are_written_by_themselves(tenant: UUID, ada: UUID) -> None:
    with tenant_session(tenant) as session:
        body = {"type": "demo_requested", "contact": {"id": str(ada)}}
        at = clock.now() - timedelta(days=3)
        item = read_event({**body, "occurred_at": at.isoformat()}, now=clock.now())
        events.record(session, item, source=Source.API)
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    upkeep.write_snapshots()
    with tenant_session(tenant) as session:
        trend = scoring.trend(session, PERSON, ada, days=5)
    assert [point.value > 0 for point in trend] == [False, False, True, True, True]


def test_rules_with_conditions_are_put_in_force_by_the_drain(tenant: UUID, ada: UUID) -> None:
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    rule = {
        "key": "proposal_viewed:long", "type": "proposal_viewed", "points": 90, "group": "intent",
        "how": "diminishing", "most": 0, "conditions": [{"property": "seconds", "operator": "missing"}],
    }  # fmt: skip
    with tenant_session(tenant) as session:
        actor = identity.system_actor(tenant, "Test")
        scoring.start_draft(session, actor)
        scoring.save_draft(session, actor, content={**scoring.to_json(scoring.DEFAULT), "rules": [rule]})
        assert scoring.publish(session, actor) is None
    drains.drain(str(tenant), Topic.SCORES_REBUILT)
    assert score(tenant, ada) == pytest.approx(89.46, abs=0.01)
    with tenant_session(tenant) as session:
        assert scoring.verify(session).ok


def test_events_are_recorded_while_everything_is_counted_anew(tenant: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step counts a few people anew and lets go: what is told before each counts by the new rule like the rest."""
    monkeypatch.setattr(recounting, "MOST_SUBJECTS", 4)
    for who in range(18):
        told(tenant, who, seconds=who)
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    rule = {
        "key": "proposal_viewed:long", "type": "proposal_viewed", "points": 90, "group": "intent",
        "how": "diminishing", "most": 0, "conditions": [{"property": "seconds", "operator": "gte", "value": 9}],
    }  # fmt: skip
    with tenant_session(tenant) as session:
        actor = identity.system_actor(tenant, "Test")
        scoring.start_draft(session, actor)
        scoring.save_draft(session, actor, content={**scoring.to_json(scoring.DEFAULT), "rules": [rule]})
        assert scoring.publish(session, actor) is None
    states: list[str] = []

    def step(session: Session, rows: Sequence[Claimed]) -> None:
        told(tenant, len(states) * 7 % 20, seconds=len(states) * 5)
        states.append(scoring.versions(session)[0].state)
        drains._rebuild_scores(session, rows)

    jobs.drain(tenant, Topic.SCORES_REBUILT, step)
    assert states == ["publishing"] * len(states)
    assert len(states) >= 5
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    with tenant_session(tenant) as session:
        assert scoring.versions(session)[0].state == "live"
        verified = scoring.verify(session)
        assert (verified.ok, verified.waiting, verified.publishing) == (True, 0, False)
        by_rule = dict(
            session.connection().execute(text("SELECT rule, sum(n)::int FROM event_bucket GROUP BY rule")).all()  # type: ignore[arg-type]
        )
    long = sum(who >= 9 for who in range(18)) + sum(one * 5 >= 9 for one in range(len(states)))
    assert by_rule == {"proposal_viewed:long": long, "proposal_viewed": 18 + len(states) - long}


def told(tenant: UUID, who: int, *, seconds: int) -> None:
    """Somebody views a proposal; whoever would have to wait for long fails."""
    body = {
        "type": "proposal_viewed",
        "contact": {"email": f"p{who}@acme.example"},
        "properties": {"seconds": seconds},
        "idempotency_key": str(uuid4()),
    }
    with tenant_session(tenant) as session:
        session.connection().execute(text("SET LOCAL lock_timeout = '5s'"))
        events.record(session, read_event(body, now=clock.now()), source=Source.API)
