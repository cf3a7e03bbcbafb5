"""Saying afterwards what an event is; told twice; bursts: what counts follows, and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import events, identity
from salescompass.events import EventBatch, EventIn, FeedEntry
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.clock import rfc3339
from salescompass.kit.errors import Conflict, Invalid, NotFound
from salescompass.vocabulary import Source

Make = Callable[..., EventIn]
Place = tuple[UUID, datetime]


@pytest.fixture
def actor(session: Session) -> Actor:
    return identity.system_actor(session.info["tenant_id"], "Test")


@pytest.fixture
def record(session: Session, event: Make) -> Callable[..., FeedEntry]:
    """Record one event, as it then stands in the ledger."""

    def do(ago: float = 0, **changes: Any) -> FeedEntry:
        at = rfc3339(clock.now() - timedelta(seconds=ago))
        done = events.record(session, event(occurred_at=at, **changes), source=Source.API)
        assert done.id is not None
        return events.event_by_id(session, done.id)

    return do


def counted(session: Session) -> int:
    return int(session.connection().execute(text("SELECT coalesce(sum(n), 0) FROM event_bucket")).scalar_one())


VIEW = {"properties": {"url": "/pricing"}}


def test_the_same_act_told_twice_is_folded(session: Session, record: Callable[..., FeedEntry]) -> None:
    first = record(ago=600, **VIEW)
    again = record(**VIEW)
    assert (again.duplicate_of, counted(session)) == (first.id, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"properties": {"url": "/about"}},
        {"type": "landing_page_visited", **VIEW},
        {"contact": {"email": "bob@acme.example"}, **VIEW},
        {"idempotency_key": "k", **VIEW},
        {"properties": {}},
        {"ago": 2400, **VIEW},
    ],
)
def test_another_act_is_not(session: Session, record: Callable[..., FeedEntry], other: dict[str, Any]) -> None:
    record(ago=60, **VIEW)
    assert record(**other).duplicate_of is None
    assert counted(session) == 2


def test_an_act_told_twice_in_one_batch_is_folded(session: Session, event: Make) -> None:
    done = events.record_many(session, [event(**VIEW), event(**VIEW), event(**VIEW)], source=Source.API)
    assert done.created == 3
    folded = [entry.duplicate_of for entry in events.feed(session).items if entry.duplicate_of]
    assert len(folded) == 2
    assert len(set(folded)) == 1
    assert counted(session) == 1


def test_what_a_person_did_never_repeats_what_a_machine_did(
    session: Session, record: Callable[..., FeedEntry], event: Make
) -> None:
    record(**VIEW, actor="machine", ago=60)
    person = record(**VIEW)
    assert (person.duplicate_of, counted(session)) == (None, 1)
    assert record(**VIEW, actor="machine").duplicate_of is not None
    again = {"properties": {"url": "/docs"}}
    events.record_many(session, [event(**again, actor="machine"), event(**again)], source=Source.API)
    assert counted(session) == 2


def test_a_merge_never_takes_away_what_counts(session: Session, record: Callable[..., FeedEntry], actor: Actor) -> None:
    first, folded = record(**VIEW, ago=60), record(**VIEW)
    with pytest.raises(Conflict, match="keep the other"):
        events.merge(
            session, actor, survivor_id=folded.id, survivor_at=folded.occurred_at, merged_id=first.id,
            merged_at=first.occurred_at,
        )  # fmt: skip
    events.merge(
        session, actor, survivor_id=first.id, survivor_at=first.occurred_at, merged_id=folded.id,
        merged_at=folded.occurred_at,
    )  # fmt: skip
    assert counted(session) == 1


def test_what_names_no_person_is_folded_by_account(session: Session, record: Callable[..., FeedEntry]) -> None:
    nobody = {"contact": None, "account": {"domain": "acme.example"}, **VIEW}
    first = record(**nobody)
    assert record(**nobody).duplicate_of == first.id
    assert record(**VIEW, account={"domain": "acme.example"}).duplicate_of is None


def test_a_folded_event_is_released(session: Session, record: Callable[..., FeedEntry], actor: Actor) -> None:
    record(ago=60, **VIEW)
    again = record(**VIEW)
    events.release(session, actor, event_id=again.id, occurred_at=again.occurred_at)
    assert counted(session) == 2
    with pytest.raises(Conflict):
        events.release(session, actor, event_id=again.id, occurred_at=again.occurred_at)
    assert events.check_buckets(session).wrong == 0


def test_a_merge_keeps_the_survivor_and_is_taken_back(
    session: Session, record: Callable[..., FeedEntry], actor: Actor
) -> None:
    one, other = record(ago=86400 * 3), record()

    def merge(first: FeedEntry, second: FeedEntry) -> None:
        events.merge(
            session, actor, survivor_id=first.id, survivor_at=first.occurred_at, merged_id=second.id,
            merged_at=second.occurred_at,
        )  # fmt: skip

    merge(one, other)
    assert events.event_by_id(session, other.id).merged_into == one.id
    assert counted(session) == 1
    with pytest.raises(Conflict):
        merge(one, other)
    with pytest.raises(Conflict):
        merge(record(), one)
    events.unmerge(session, actor, event_id=other.id, occurred_at=other.occurred_at)
    assert counted(session) == 3
    merge(other, one)
    assert events.check_buckets(session).wrong == 0


def test_only_events_of_one_kind_and_subject_are_merged(
    session: Session, record: Callable[..., FeedEntry], actor: Actor
) -> None:
    one = record()
    for other in (record(type="form_submitted"), record(contact={"email": "bob@acme.example"}), one):
        with pytest.raises(Invalid):
            events.merge(
                session, actor, survivor_id=one.id, survivor_at=one.occurred_at, merged_id=other.id,
                merged_at=other.occurred_at,
            )  # fmt: skip


def test_a_verdict_changes_what_counts(session: Session, record: Callable[..., FeedEntry], actor: Actor) -> None:
    one = record()
    record(ago=5)

    def judge(verdict: str) -> FeedEntry:
        return events.set_verdict(
            session, actor, event_id=one.id, occurred_at=one.occurred_at, verdict=verdict, reason="a test"
        )

    assert judge("bot").verdict_reasons == ("a test",)
    assert counted(session) == 1
    judge("human")
    assert counted(session) == 2
    with pytest.raises(Invalid):
        judge("ghost")
    with pytest.raises(NotFound):
        events.set_verdict(session, actor, event_id=one.id, occurred_at=clock.now(), verdict="bot")


@pytest.mark.parametrize(
    ("type_key", "agent", "verdict"),
    [
        ("email_opened", "Mozilla/5.0 (Windows NT 5.1) (via ggpht.com GoogleImageProxy)", "proxy_open"),
        ("page_viewed", "Mozilla/5.0 (compatible; Googlebot/2.1)", "bot"),
        ("page_viewed", "curl/8.5.0", "bot"),
        ("page_viewed", "Mozilla/5.0 (X11) AppleWebKit/537.36 HeadlessChrome/130.0", "bot"),
        ("page_viewed", "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Safari/605.1.15", "unknown"),
        ("page_viewed", "Mozilla/5.0 (Linux; Android 14; CUBOT X70) Chrome/130.0", "unknown"),
    ],
)
def test_a_user_agent_tells_a_machine(
    record: Callable[..., FeedEntry], type_key: str, agent: str, verdict: str
) -> None:
    assert record(type=type_key, properties={"user_agent": agent}).verdict == verdict


def test_what_the_sender_declares_comes_first(record: Callable[..., FeedEntry]) -> None:
    assert record(actor="human", properties={"user_agent": "curl/8"}).verdict == "human"


def _clicks(record: Callable[..., FeedEntry], *, links: int, apart: float) -> list[FeedEntry]:
    return [
        record(ago=60 - place * apart, type="link_clicked", properties={"url": f"/{place}", "message_id": "m1"})
        for place in range(links)
    ]


def _judge(session: Session, clicks: list[FeedEntry]) -> int:
    batch = EventBatch(tuple(one.id for one in clicks), tuple(one.occurred_at for one in clicks))
    return events.judge_bursts(session, batch)


def test_all_links_at_once_are_a_scanners(session: Session, record: Callable[..., FeedEntry]) -> None:
    clicks = _clicks(record, links=5, apart=1)
    late = record(ago=-0.0, type="link_clicked", properties={"url": "/1", "message_id": "m1"})
    # The last of them tells it of those before.
    assert _judge(session, clicks[-1:]) == 5
    verdicts = {entry.id: entry.verdict for entry in events.feed(session).items}
    assert {verdicts[one.id] for one in clicks} == {"likely_bot"}
    assert verdicts[late.id] == "unknown"
    assert counted(session) == 1
    assert _judge(session, clicks) == 0
    assert events.check_buckets(session).wrong == 0


def test_a_reader_who_clicks_around_is_none(session: Session, record: Callable[..., FeedEntry]) -> None:
    assert _judge(session, _clicks(record, links=3, apart=1)) == 0
    assert _judge(session, _clicks(record, links=6, apart=8)) == 0
