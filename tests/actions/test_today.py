"""Today: at most fifteen, the best first, what is asked of one beside them, each with its reasons."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import event
from sqlmodel import Session

from salescompass import actions, crm, identity
from salescompass.actions import Today
from salescompass.identity import Actor
from salescompass.kit.database import app_engine, tenant_session
from tests.actions.given import AT, DAY, HOUR, account, add, closed, deal, hired, offer


@pytest.fixture
def boss(tenant: UUID) -> Actor:
    """Whoever may do all."""
    return identity.system_actor(tenant, "Boss")


@pytest.fixture
def ann(tenant: UUID) -> Actor:
    """Whose day it is."""
    return hired(tenant, "Ann")


@pytest.fixture
def bob(tenant: UUID) -> Actor:
    """A colleague."""
    return hired(tenant, "Bob")


def of(session: Session, actor: Actor) -> Today:
    actions.rerank(session, at=AT)
    return actions.today(session, actor, at=AT)


def titles(session: Session, actor: Actor) -> list[str]:
    return [one.action.title for one in of(session, actor).cards]


def test_what_is_mine_awake_and_due_is_shown(session: Session, ann: Actor, bob: Actor) -> None:
    add(session, ann, "No date")
    add(session, ann, "Tonight", due_to=AT + 8 * HOUR)
    add(session, ann, "Late", due_to=AT - 5 * DAY)
    add(session, ann, "Proposed by a rule", state="proposed", source="rule", due_to=AT + 3 * DAY, reasons=["Hot"])
    add(session, ann, "My task of next week", due_to=AT + 7 * DAY)
    add(session, ann, "Not before tomorrow", due_from=AT + DAY)
    add(session, ann, "Asleep", state="snoozed", snoozed_until=AT + DAY)
    add(session, ann, "Expired, not swept yet", expires_at=AT - HOUR)
    add(session, bob, "Of Bob")
    add(session, None, "Of nobody")
    closed(session, ann, title="Done yesterday")
    closed(session, ann, title="Done today", closed_at=AT - HOUR)
    found = of(session, ann)
    assert {one.action.title for one in found.cards} == {"No date", "Tonight", "Late", "Proposed by a rule"}
    assert (found.waiting, found.done) == (0, 1)


def test_the_best_minute_comes_first(session: Session, boss: Actor, ann: Actor) -> None:
    acme = account(session, boss, "Acme", owner_id=ann.member_id)
    big = deal(session, boss, "Big", acme, 5_000_000)
    add(session, ann, "Nothing at stake")
    add(session, ann, "Big deal", account_id=acme, opportunity_id=big)
    add(session, ann, "Its account", account_id=acme, effort_minutes=20)
    add(session, ann, "Big deal, quick", account_id=acme, opportunity_id=big, effort_minutes=5)
    assert titles(session, ann) == ["Big deal, quick", "Big deal", "Its account", "Nothing at stake"]
    first = of(session, ann).cards[0]
    assert (first.action.account, first.action.opportunity, first.amount_minor, first.currency) == (
        "Acme",
        "Big",
        5_000_000,
        "USD",
    )
    assert any("USD at stake: the deal's amount by its stage" in why for why in first.why_rank)


def test_amounts_of_other_currencies_are_not_taken_for_ours(session: Session, boss: Actor, ann: Actor) -> None:
    acme = account(session, boss, "Acme")
    yen = deal(session, boss, "Yen", acme, 900_000_000, currency="JPY")
    add(session, ann, "Yen", account_id=acme, opportunity_id=yen)
    add(session, ann, "Due now", due_to=AT)
    assert titles(session, ann) == ["Due now", "Yen"]


def test_what_worked_before_ranks_higher(session: Session, ann: Actor) -> None:
    for n in range(30):
        closed(session, ann, kind="call", success=n < 25)
        closed(session, ann, kind="email", success=n < 2)
    add(session, ann, "Mail", kind="email")
    add(session, ann, "Phone", kind="call")
    assert titles(session, ann) == ["Phone", "Mail"]
    assert "25 of 30 such actions of this assignee did" in of(session, ann).cards[0].why_rank[0]


def test_fifteen_are_shown_and_the_list_does_not_jump(session: Session, ann: Actor) -> None:
    for n in range(40):
        add(session, ann, f"Task {n:02}", effort_minutes=5 + n)
    found = of(session, ann)
    assert (len(found.cards), found.waiting) == (15, 25)
    assert [one.action.title for one in found.cards[:14]] == [f"Task {n:02}" for n in range(14)]
    assert [one.explored for one in found.cards] == [False] * 14 + [True]
    assert "to learn from" in found.cards[-1].why_rank[0]
    assert found == of(session, ann)


def test_offers_are_apart_and_the_first_to_run_out_is_first(
    session: Session, boss: Actor, ann: Actor, bob: Actor
) -> None:
    acme = account(session, boss, "Acme")
    one, other, over = (add(session, bob, title, account_id=acme) for title in ("One", "Other", "Over"))
    offer(session, one, bob, ann, note="I am away")
    offer(session, other, bob, ann, expires_at=AT + HOUR)
    offer(session, over, bob, ann, expires_at=AT - HOUR)
    found = of(session, ann)
    assert [action.title for _, action in found.offers] == ["Other", "One"]
    assert found.cards == ()
    asked, _ = found.offers[1]
    assert (asked.from_name, asked.note) == ("Bob", "I am away")


def test_a_card_says_how_to_do_it(session: Session, boss: Actor, ann: Actor) -> None:
    acme = account(session, boss, "Acme", city="Oslo", country="Norway", phone="+47 1")
    row = {"name": "Eva", "email": "eva@acme.example", "phone": "+47 2", "account_id": acme}
    eva = crm.create_record(session, boss, "contacts", row).id
    add(session, ann, "Her", account_id=acme, person_id=eva)
    add(session, ann, "Them", account_id=acme, effort_minutes=20)
    her, them = of(session, ann).cards
    assert (her.action.person, her.phone, her.email, her.place) == (
        "Eva",
        "+47 2",
        "eva@acme.example",
        "Acme, Oslo, Norway",
    )
    assert (them.action.person, them.phone, them.email) == ("", "+47 1", "")
    assert (her.score, her.band) == (0.0, "cold")


def test_what_names_a_record_out_of_reach_is_not_there(tenant: UUID, boss: Actor, ann: Actor, bob: Actor) -> None:
    with tenant_session(tenant) as session:
        levels = dict.fromkeys(("account", "person", "opportunity"), "own")
        identity.set_role_scope(session, boss, key="rep", levels=levels)
        his = account(session, boss, "Bob's", owner_id=bob.member_id)
        add(session, ann, "About Bob's", account_id=his)
        add(session, ann, "About nothing")
    with tenant_session(tenant, reader=ann) as session:
        assert titles(session, ann) == ["About nothing"]


def test_a_day_is_asked_for_in_a_handful_of_statements(tenant: UUID, ann: Actor) -> None:
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    with tenant_session(tenant, reader=ann) as session:
        for n in range(40):
            add(session, ann, f"Task {n}")
    event.listen(app_engine(), "before_cursor_execute", note)
    try:
        with tenant_session(tenant, reader=ann) as session:
            actions.today(session, ann, at=AT)
    finally:
        event.remove(app_engine(), "before_cursor_execute", note)
    assert len(asked) <= 12, "\n".join(asked)


def test_the_stored_worth_follows_what_changed(session: Session, boss: Actor, ann: Actor) -> None:
    acme = account(session, boss, "Acme")
    one = add(session, ann, "One", account_id=acme)
    assert actions.rank(session, [one], at=AT) == 1
    assert actions.rank(session, [one], at=AT) == 0
    before = actions.worklist(session, ann, query=actions.Query(), at=AT).items[0].action.priority
    deal(session, boss, "New", acme, 5_000_000)
    assert actions.rerank(session, at=AT) is None
    assert actions.worklist(session, ann, query=actions.Query(), at=AT).items[0].action.priority > 10 * before


def test_what_is_made_or_given_is_ranked_at_once(session: Session, boss: Actor, ann: Actor) -> None:
    acme = account(session, boss, "Acme")
    deal(session, boss, "Big", acme, 5_000_000)
    made = actions.create(session, ann, actions.NewAction("Call", "call", account_id=acme), now=AT)
    (found,) = actions.worklist(session, ann, query=actions.Query(), at=AT).items
    assert found.action.priority > 0
    actions.edit(session, ann, action_id=made.action.id, changes={"effort_minutes": 5}, now=AT)
    (after,) = actions.worklist(session, ann, query=actions.Query(), at=AT).items
    assert after.action.priority == pytest.approx(2 * found.action.priority)
