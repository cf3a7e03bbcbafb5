"""Counts per person and day: a function of the set of events, whatever the batches and their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, select

from salescompass.events import EventIn, count_days, events_on, from_payloads, people_active, read_event, record_many
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.models import Outbox, PersonDay
from salescompass.vocabulary import Source, Topic
from workers.drains import drain

START = datetime(2025, 12, 31, 20, 0, tzinfo=UTC)

told = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 100)),  # who, and how many hours after START
    min_size=1,
    max_size=30,
)


def _event(who: int, hours: int, number: int) -> EventIn:
    return read_event(
        {
            "type": "page_viewed",
            "contact": {"email": f"p{who}@acme.example"},
            "occurred_at": (START + timedelta(hours=hours)).isoformat(),
            "idempotency_key": f"{number}",
        },
        now=clock.now(),
    )


def _counts(tenant: UUID) -> dict[tuple[str, date], tuple[int, datetime]]:
    with tenant_session(tenant) as session:
        rows = session.connection().execute(
            text("SELECT email, day, n, last_at FROM person_day d JOIN person p ON p.id = d.person_id")
        )
        return {(email, day): (n, last_at) for email, day, n, last_at in rows}


@given(events=told, cuts=st.lists(st.integers(0, 30), max_size=4), seed=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_batching_gives_the_same_counts(
    make_tenant: Callable[[], UUID], events: list[tuple[int, int]], cuts: list[int], seed: object
) -> None:
    expected: Counter[tuple[str, date]] = Counter()
    latest: dict[tuple[str, date], datetime] = {}
    for who, hours in events:
        at = START + timedelta(hours=hours)
        place = (f"p{who}@acme.example", at.date())
        expected[place] += 1
        latest[place] = max(at, latest.get(place, at))
    numbered = [_event(who, hours, number) for number, (who, hours) in enumerate(events)]
    seed.shuffle(numbered)  # type: ignore[attr-defined]
    edges = [0, *sorted(cuts), len(numbered)]
    tenant = make_tenant()
    for start, end in pairwise(edges):
        with tenant_session(tenant) as session:
            # The one before goes along again: a repetition adds nothing.
            record_many(session, numbered[max(0, start - 1) : end], source=Source.API)
        if start % 2:
            drain(str(tenant), Topic.EVENTS_RECORDED)
    drain(str(tenant), Topic.EVENTS_RECORDED)
    assert _counts(tenant) == {place: (n, latest[place]) for place, n in expected.items()}


def test_a_day_ends_at_midnight_utc(tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        record_many(session, [_event(0, 3, 1), _event(0, 4, 2), _event(1, 4, 3)], source=Source.API)
    drain(str(tenant), Topic.EVENTS_RECORDED)
    with tenant_session(tenant) as session:
        assert people_active(session, date(2025, 12, 31)) == 1
        assert people_active(session, date(2026, 1, 1)) == 2


def test_what_machines_do_and_what_we_send_makes_nobody_active(tenant: UUID) -> None:
    def body(who: str, kind: str, **more: str) -> EventIn:
        told = {"type": kind, "contact": {"email": f"{who}@acme.example"}, "occurred_at": START.isoformat(), **more}
        return read_event(told, now=clock.now())

    told = [
        body("ada", "email_sent"),
        body("bob", "page_viewed", actor="machine"),
        body("cem", "link_clicked", actor="machine"),
        body("cem", "email_opened"),
    ]
    with tenant_session(tenant) as session:
        record_many(session, told, source=Source.API)
    drain(str(tenant), Topic.EVENTS_RECORDED)
    with tenant_session(tenant) as session:
        assert people_active(session, START.date()) == 1
        assert events_on(session, START.date()) == 4


def test_events_of_an_account_alone_count_for_nobody(session: Session) -> None:
    event = read_event({"type": "renewal_due", "account": {"name": "Acme"}}, now=clock.now())
    record_many(session, [event], source=Source.API)
    count_days(session, from_payloads(row.payload for row in session.exec(select(Outbox)).all()))
    assert session.exec(select(PersonDay)).all() == []


def test_the_events_of_a_day_are_those_of_people_and_of_accounts_alone(tenant: UUID) -> None:
    at = "2026-01-01T00:00:00Z"
    alone = [
        read_event({"type": "renewal_due", "account": {"name": "Acme"}, "occurred_at": moment}, now=clock.now())
        for moment in (at, "2026-01-01T23:59:59Z", "2026-01-02T00:00:00Z")
    ]
    with tenant_session(tenant) as session:
        record_many(session, [_event(0, 3, 1), _event(0, 4, 2), _event(1, 4, 3), *alone], source=Source.API)
    drain(str(tenant), Topic.EVENTS_RECORDED)
    with tenant_session(tenant) as session:
        assert [events_on(session, date(2026, 1, day)) for day in (1, 2, 3)] == [4, 1, 0]
        assert events_on(session, date(2025, 12, 31)) == 1
