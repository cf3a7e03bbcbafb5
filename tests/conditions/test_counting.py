"""Counting what matches: bounded, ended when it takes too long or is not wanted any more, within what one sees."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, func, literal, text
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.catalogue import catalogue, names
from salescompass.conditions import Cancel, Catalogue, TooSlow, Tree, count, evaluate, explain, facts, matching, parse
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from tests.conditions.conftest import NOW, Asked

SLEEP = func.pg_sleep(literal(30)).is_not(None)


@pytest.fixture
def boss(tenant: UUID) -> Actor:
    return identity.system_actor(tenant, "Boss")


@pytest.fixture
def towns(session: Session, boss: Actor) -> list[UUID]:
    rows = [{"name": f"Shop {n}", "city": "Oslo" if n % 2 else "Bergen"} for n in range(7)]
    return [one.id for one in crm.upsert_records(session, boss, "accounts", rows, now=NOW) if one.id]


def test_a_count_is_what_matches(
    session: Session, known: Catalogue, ask: Asked, towns: list[UUID], boss: Actor
) -> None:
    oslo = ask("account", ("city", "is", "OSLO"))
    assert count(session, oslo, catalogue=known, now=NOW) == 3
    assert count(session, oslo, catalogue=known, now=NOW, most=2) == 2
    assert set(session.connection().execute(matching(oslo, catalogue=known, now=NOW)).scalars()) == set(towns[1::2])
    crm.delete_records(session, boss, "accounts", [towns[1]])
    assert count(session, oslo, catalogue=known, now=NOW) == 2
    assert count(session, Tree("account"), catalogue=known, now=NOW) == 6


def test_a_count_that_takes_too_long_is_ended_and_the_session_goes_on(
    session: Session, known: Catalogue, towns: list[UUID]
) -> None:
    before = session.connection().execute(text("SHOW statement_timeout")).scalar_one()
    with pytest.raises(TooSlow) as told:
        count(session, Tree("account"), catalogue=known, now=NOW, also=(SLEEP,), seconds=0.1)
    assert told.value.code == "too_slow"
    assert session.connection().execute(text("SHOW statement_timeout")).scalar_one() == before
    assert count(session, Tree("account"), catalogue=known, now=NOW) == 7
    assert session.connection().execute(text("SHOW statement_timeout")).scalar_one() == before


def test_a_count_is_ended_by_whoever_asked_for_it(tenant: UUID, known: Catalogue) -> None:
    cancel = Cancel()

    def counted() -> int:
        with tenant_session(tenant) as session:
            crm.upsert_records(session, identity.system_actor(tenant, "Boss"), "accounts", [{"name": "Only"}], now=NOW)
            return count(session, Tree("account"), catalogue=known, now=NOW, also=(SLEEP,), seconds=60, cancel=cancel)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(counted)
        while not running.done():
            cancel()
        assert isinstance(running.exception(), TooSlow)


def test_ending_what_has_ended_ends_nothing_else(session: Session, known: Catalogue, towns: list[UUID]) -> None:
    cancel = Cancel()
    assert count(session, Tree("account"), catalogue=known, now=NOW, cancel=cancel) == 7
    cancel()
    assert session.connection().execute(text("SELECT 1 FROM pg_sleep(0.05)")).scalar_one() == 1
    with pytest.raises(TooSlow):
        count(session, Tree("account"), catalogue=known, now=NOW, cancel=cancel)


def test_what_one_does_not_see_is_not_counted_and_decides_nothing(tenant: UUID, boss: Actor) -> None:
    with tenant_session(tenant) as session:
        ann = identity.create_user(session, email=f"ann-{uuid4().hex[:6]}@house.example", role="rep", name="Ann")
        bob = identity.create_user(session, email=f"bob-{uuid4().hex[:6]}@house.example", role="rep", name="Bob")
        levels = dict.fromkeys(("account", "person", "opportunity"), "own")
        identity.set_role_scope(session, boss, key="rep", levels=levels)
        mine = crm.create_record(session, boss, "accounts", {"name": "Ann's", "owner_id": ann.id, "city": "Oslo"})
        his = crm.create_record(session, boss, "accounts", {"name": "Bob's", "owner_id": bob.id, "city": "Oslo"})
        for name, account in (("At Ann's", mine.id), ("At Bob's", his.id)):
            crm.create_record(session, boss, "contacts", {"name": name, "account_id": account, "owner_id": ann.id})
    reader = Actor(tenant, "Ann", "member", permissions=identity.BUILT_IN["rep"][1], member_id=ann.id)
    with tenant_session(tenant, reader=reader) as session:
        known = catalogue(session)
        accounts = parse({"rules": [{"field": "city", "operator": "is", "value": "oslo"}]}, known, object="account")
        people = parse(
            {"rules": [{"field": "account.city", "operator": "is", "value": "Oslo"}]}, known, object="person"
        )
        assert count(session, accounts, catalogue=known, now=NOW) == 1
        found = set(session.connection().execute(matching(people, catalogue=known, now=NOW)).scalars())
        everybody = [one.id for one in crm.list_records(session, "contacts").items]
        told = facts(session, people, everybody, catalogue=known, now=NOW)
        assert len(everybody) == 2
        assert found == {one for one, fact in told.items() if evaluate(people, fact, catalogue=known, now=NOW).holds}
        assert len(found) == 1


def test_why_and_why_not(session: Session, known: Catalogue, boss: Actor, make_why: Callable[..., Tree]) -> None:
    account = crm.create_record(session, boss, "accounts", {"name": "Acme", "industry": "Retail ", "size": 40})
    tree = make_why()
    told = facts(session, tree, [account.id, uuid4()], catalogue=known, now=NOW)
    assert set(told) == {account.id}
    seen = evaluate(tree, told[account.id], catalogue=known, now=NOW)
    assert not seen.holds
    assert [(part.holds, part.seen) for part in seen.of] == [(True, "Retail"), (False, 40), (False, 0), (True, 0)]
    assert explain(tree, catalogue=known, names=names(session, tree)) == (
        "Industry is RETAIL and Employees is more than 50 and at least 2 human events Link clicked in the last 30 days "
        "and none of Deals are such that State is Open"
    )


@pytest.fixture
def make_why(ask: Asked) -> Callable[..., Tree]:
    clicks = {"count": 2, "types": ["link_clicked"], "who": "human", "days": 30}
    none_open = {"combinator": "and", "rules": [{"field": "state", "operator": "is", "value": "open"}]}
    return lambda: ask(
        "account", ("industry", "is", "RETAIL"), ("size", "gt", 50), ("events", "at_least", clicks),
        ("opportunities", "=", none_open, {"mode": "none"}),
    )  # fmt: skip


def test_facts_of_many_take_as_many_statements_as_of_one(
    session: Session, known: Catalogue, towns: list[UUID], make_why: Callable[..., Tree]
) -> None:
    tree, connection, asked = make_why(), session.connection(), list[str]()

    def note(conn: object, cursor: object, statement: str, *more: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    assert len(facts(session, tree, towns[:1], catalogue=known, now=NOW)) == 1
    one = len(asked)
    assert len(facts(session, tree, towns, catalogue=known, now=NOW)) == len(towns)
    event.remove(connection, "before_cursor_execute", note)
    assert 0 < one <= 5
    assert len(asked) == 2 * one
