"""Recording: told once, kept once, with what follows from it in the same transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from salescompass.events import EventIn, Outcome, feed, record, record_many
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import FieldError, Invalid
from salescompass.models import Event, EventKey, Outbox, Person
from salescompass.vocabulary import Source, UnknownSubjects

Make = Callable[..., EventIn]


def statuses(outcomes: tuple[Outcome, ...]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def test_an_event_is_kept_with_its_subject(session: Session, event: Make) -> None:
    told = record(session, event(account={"name": "Acme"}, properties={"page": "/pricing"}), source=Source.API)
    (entry,) = feed(session).items
    assert (entry.id, entry.type, entry.direction, entry.channel) == (told.id, "page_viewed", "in", "web")
    assert (entry.account_name, entry.person_name) == ("Acme", "ada@acme.example")
    assert (entry.verdict, entry.source, entry.properties) == ("unknown", "api", {"page": "/pricing"})


@pytest.mark.parametrize(("actor", "verdict"), [("human", "human"), ("machine", "bot"), (None, "unknown")])
def test_the_sender_may_say_who_acted(session: Session, event: Make, actor: str | None, verdict: str) -> None:
    record(session, event(actor=actor), source=Source.API)
    (entry,) = feed(session).items
    assert (entry.verdict, entry.actor) == (verdict, actor)
    assert bool(entry.verdict_reasons) == (actor is not None)


def test_a_repeated_key_answers_with_the_first_id(session: Session, event: Make) -> None:
    first = record(session, event(idempotency_key="k"), source=Source.API)
    again = record(session, event(idempotency_key="k"), source=Source.API)
    assert (again.status, again.id, again.occurred_at) == ("duplicate", first.id, first.occurred_at)
    assert len(feed(session).items) == 1


def test_a_key_used_for_another_event_is_refused(session: Session, event: Make) -> None:
    record(session, event(idempotency_key="k"), source=Source.API)
    other = record(session, event(idempotency_key="k", properties={"a": 1}), source=Source.API)
    assert other.status == "invalid"
    assert other.errors[0].pointer == "/idempotency_key"


def test_without_a_key_nothing_is_a_duplicate(session: Session, event: Make) -> None:
    done = record_many(session, [event(), event()], source=Source.API)
    assert done.created == 2


def test_one_bad_event_never_loses_the_others(session: Session, event: Make) -> None:
    refused = Invalid("no", errors=(FieldError("no", pointer="/type"),))
    done = record_many(
        session,
        [
            event(idempotency_key="a"),
            refused,
            event(idempotency_key="a"),
            event(idempotency_key="a", type="form_submitted"),
            event(contact={"id": "0190f3c2-5b7e-7c3a-9d4e-2f6a1b8c0d1e"}, idempotency_key="b"),
            event(contact={"id": "0190f3c2-5b7e-7c3a-9d4e-2f6a1b8c0d1e"}, idempotency_key="b"),
            event(),
        ],
        source=Source.API,
    )
    assert statuses(done.results) == ["created", "invalid", "duplicate", "invalid", "invalid", "invalid", "created"]
    assert (done.created, done.duplicates, done.invalid) == (2, 1, 4)
    assert done.results[2].id == done.results[0].id
    assert [one.errors[0].pointer for one in done.results if one.status == "invalid"] == [
        "/type", "/idempotency_key", "/contact/id", "/contact/id",
    ]  # fmt: skip


def test_a_refused_event_leaves_its_key_free(session: Session, event: Make) -> None:
    stranger = {"email": "new@other.example"}
    done = record_many(
        session,
        [event(contact=stranger, idempotency_key="k")],
        source=Source.API,
        unknown=UnknownSubjects.REJECT,
    )
    assert done.invalid == 1
    assert record(session, event(contact=stranger, idempotency_key="k"), source=Source.API).status == "created"


def test_of_several_with_one_key_the_first_that_can_be_recorded_is(session: Session, event: Make) -> None:
    nobody = {"id": "0190f3c2-5b7e-7c3a-9d4e-2f6a1b8c0d1e"}
    stranger = event(idempotency_key="k", contact={"email": "other@acme.example"})
    batch = [
        event(idempotency_key="k", contact=nobody),
        event(idempotency_key="k"),
        event(idempotency_key="k"),
        stranger,
    ]
    done = record_many(session, batch, source=Source.API)
    assert statuses(done.results) == ["invalid", "created", "duplicate", "invalid"]
    assert [one.errors[0].pointer for one in (done.results[0], done.results[3])] == ["/contact/id", "/idempotency_key"]
    assert done.results[2].id == done.results[1].id
    assert [person.email for person in session.exec(select(Person))] == ["ada@acme.example"]


@pytest.mark.parametrize("name", ["a'b", 'a"b', "a\\b", '","', "{}", "a,b", "é\u2028"])
def test_keys_and_names_of_any_letters_are_known_again(session: Session, event: Make, name: str) -> None:
    batch = [event(idempotency_key=f"{name}{n}", contact={"external_id": f"{name}{n}"}) for n in range(3)]
    first = record_many(session, batch, source=Source.API)
    again = record_many(session, batch, source=Source.API)
    assert (first.created, first.people_made, again.duplicates) == (3, 3, 3)
    assert [one.id for one in again.results] == [one.id for one in first.results]
    more = record_many(session, [event(contact={"external_id": f"{name}1"})], source=Source.API)
    assert (more.created, more.people_made) == (1, 0)


def test_a_duplicate_makes_no_records(session: Session, event: Make) -> None:
    record(session, event(idempotency_key="k"), source=Source.API)
    record(session, event(idempotency_key="k", contact={"email": "other@acme.example"}), source=Source.API)
    assert len(session.exec(select(Person)).all()) == 1


def test_what_follows_waits_in_the_outbox_of_the_same_transaction(
    tenant: UUID, event: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Exception):
        pass

    def break_off() -> None:
        with tenant_session(tenant) as session:
            record_many(session, [event(idempotency_key=f"k{n}") for n in range(1201)], source=Source.API)
            raise Broken

    with pytest.raises(Broken):
        break_off()
    with tenant_session(tenant) as session:
        assert [len(session.exec(select(table)).all()) for table in (Event, EventKey, Outbox, Person)] == [0, 0, 0, 0]
    with tenant_session(tenant) as session:
        record_many(session, [event(idempotency_key=f"k{n}") for n in range(1201)], source=Source.API)
        waiting = session.exec(select(Outbox)).all()
    sizes = sorted(len(row.payload["events"]) for row in waiting)  # type: ignore[arg-type]
    assert sizes == [201, 500, 500]


def test_two_batches_in_one_transaction_do_not_mix(session: Session, event: Make) -> None:
    record_many(session, [event(idempotency_key="a")], source=Source.API)
    record_many(session, [event(idempotency_key="b")], source=Source.API)
    assert len(feed(session).items) == 2


def test_one_key_at_once_makes_one_event(tenant: UUID, event: Make) -> None:
    results: list[Outcome] = []
    start = threading.Barrier(10)

    def send() -> None:
        start.wait()
        for _ in range(5):
            with tenant_session(tenant) as session:
                results.append(record(session, event(idempotency_key="same"), source=Source.API))

    _together(send, 10)
    assert len(results) == 50
    assert sorted(one.status for one in results) == ["created"] + ["duplicate"] * 49
    assert len({one.id for one in results}) == 1
    with tenant_session(tenant) as session:
        assert session.connection().execute(text("SELECT count(*) FROM event")).scalar() == 1


def test_batches_that_overlap_at_once_keep_each_event_once(tenant: UUID, event: Make) -> None:
    with tenant_session(tenant) as session:
        # Known from here on: nothing but the keys makes the batches wait for each other.
        record(session, event(), source=Source.API)
    keys = [f"k{n}" for n in range(600)]
    created: list[int] = []
    start, turns, lock = threading.Barrier(6), iter(range(6)), threading.Lock()

    def send() -> None:
        with lock:
            turn = next(turns)
        mine = keys[turn * 100 :] + keys[: turn * 100]
        events = [event(idempotency_key=key) for key in mine[:: -1 if turn % 2 else 1]]
        start.wait()
        with tenant_session(tenant) as session:
            created.append(record_many(session, events, source=Source.API).created)

    _together(send, 6)
    assert sum(created) == 600
    with tenant_session(tenant) as session:
        assert session.connection().execute(text("SELECT count(*) FROM event")).scalar() == 601


def test_keys_are_written_in_one_order_so_that_batches_never_wait_in_a_circle(session: Session, event: Make) -> None:
    record_many(session, [event(idempotency_key=f"k{n * 7 % 100:02}") for n in range(100)], source=Source.API)
    written = list(session.connection().execute(text("SELECT key FROM event_key ORDER BY ctid")).scalars())
    assert written == sorted(written)
    assert len(written) == 100


def _together(work: Callable[[], Any], n: int) -> None:
    errors: list[BaseException] = []

    def act() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=act) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
