"""The worklist: each view holds what it says, in its order, page by page; board, calendar, triage and badges agree."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from salescompass import actions, crm, identity
from salescompass.actions import Query, Sorts, Views
from salescompass.actions.advice import LYING, Advices, Lying, advise
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Invalid
from tests.actions.given import AT, DAY, HOUR, account, add, closed, deal, hired, offer


@pytest.fixture
def boss(tenant: UUID) -> Actor:
    """Whoever may do all."""
    return identity.system_actor(tenant, "Boss")


@pytest.fixture
def ann(tenant: UUID) -> Actor:
    """A rep."""
    return hired(tenant, "Ann", zone="Pacific/Auckland")


@pytest.fixture
def bob(tenant: UUID) -> Actor:
    """Another."""
    return hired(tenant, "Bob")


def titles(session: Session, actor: Actor, **asked: object) -> list[str]:
    query = Query(**asked)  # type: ignore[arg-type]
    found, cursor = [], None
    while True:
        page = actions.worklist(session, actor, query=query, at=AT, cursor=cursor, limit=2)
        found += [one.action.title for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


def some_of_each(session: Session, boss: Actor, ann: Actor, bob: Actor) -> None:
    """One of each kind of thing."""
    acme = account(session, boss, "Acme")
    add(session, ann, "Hers", worth=3.0, due_to=AT + DAY)
    add(session, ann, "Hers, late", worth=2.0, due_to=AT - DAY)
    add(session, ann, "Hers, asleep", state="snoozed", worth=9.0, due_to=AT - DAY)
    add(session, bob, "His", worth=2.5, account_id=acme)
    add(session, None, "Nobody's", worth=1.0, account_id=acme)
    closed(session, ann, title="Hers, done", account_id=acme)
    closed(session, ann, title="Hers, not done", state="dismissed", dismissed_for="not_mine")
    offer(session, add(session, ann, "Offered", worth=0.5, account_id=acme), ann, bob)


def test_each_view_holds_what_it_says(session: Session, boss: Actor, ann: Actor, bob: Actor) -> None:
    some_of_each(session, boss, ann, bob)
    assert titles(session, ann) == ["Hers", "Hers, late", "Offered"]
    assert titles(session, ann, view=Views.TEAM) == ["Hers", "His", "Hers, late", "Offered"]
    assert titles(session, ann, view=Views.UNASSIGNED) == ["Nobody's"]
    assert titles(session, ann, view=Views.SNOOZED) == ["Hers, asleep"]
    assert titles(session, ann, view=Views.OVERDUE) == ["Hers, late"]
    assert titles(session, ann, view=Views.DONE) == ["Hers, done"]
    assert titles(session, ann, view=Views.DISMISSED) == ["Hers, not done"]
    assert titles(session, ann, view=Views.DELEGATED) == ["Offered"]
    assert titles(session, bob, view=Views.DONE) == []
    assert titles(session, bob, view=Views.DONE, team=True) == ["Hers, done"]
    assert titles(session, ann, view=Views.TEAM, assignee_id=bob.member_id) == ["His"]
    found = actions.counts(session, ann, at=AT)
    assert (found.my, found.team, found.unassigned, found.snoozed, found.overdue) == (3, 4, 1, 1, 1)
    assert (found.delegated, found.offers, actions.counts(session, bob, at=AT).offers) == (1, 0, 1)


def test_orders_and_their_pages(session: Session, boss: Actor, ann: Actor) -> None:
    zoo, acme = account(session, boss, "Zoo"), account(session, boss, "Acme")
    add(session, ann, "A", worth=1.0, created_at=AT - 4 * HOUR, account_id=zoo)
    add(session, ann, "B", worth=1.0, created_at=AT - 3 * HOUR, due_to=AT + DAY)
    add(session, ann, "C", worth=2.0, created_at=AT - 2 * HOUR, due_to=AT, account_id=acme)
    add(session, ann, "D", worth=0.0, created_at=AT - 1 * HOUR, account_id=acme)
    assert titles(session, ann, sort=Sorts.WORTH) == ["C", "B", "A", "D"]
    assert titles(session, ann, sort=Sorts.DUE) == ["C", "B", "A", "D"]
    assert titles(session, ann, sort=Sorts.CREATED) == ["D", "C", "B", "A"]
    assert titles(session, ann, sort=Sorts.ACCOUNT) == ["C", "D", "A", "B"]


def test_a_cursor_of_another_order_is_refused(session: Session, ann: Actor) -> None:
    for n in range(3):
        add(session, ann, f"{n}")
    cursor = actions.worklist(session, ann, query=Query(), at=AT, limit=1).next_cursor
    for asked, given_ in ((Query(sort=Sorts.DUE), cursor), (Query(), "nonsense"), (Query(), "WzEsMl0")):
        with pytest.raises(Invalid):
            actions.worklist(session, ann, query=asked, at=AT, cursor=given_)


def test_filters_and_words_narrow(session: Session, boss: Actor, ann: Actor) -> None:
    acme = account(session, boss, "Acme Söhne")
    sale = deal(session, boss, "Renewal", acme, 100)
    eva = crm.create_record(session, boss, "contacts", {"name": "Eva Ek", "account_id": acme}).id
    add(session, ann, "Call 100%", worth=3.0, account_id=acme, due_to=AT)
    add(session, ann, "Write", worth=2.0, kind="email", opportunity_id=sale)
    add(session, ann, "Meet", worth=1.0, person_id=eva, due_to=AT + 2 * DAY)
    assert titles(session, ann, kind="email") == ["Write"]
    assert titles(session, ann, account_id=acme) == ["Call 100%"]
    assert titles(session, ann, person_id=eva) == ["Meet"]
    assert titles(session, ann, opportunity_id=sale) == ["Write"]
    assert titles(session, ann, due_after=AT, due_before=AT + DAY) == ["Call 100%"]
    assert titles(session, ann, search="söhne") == ["Call 100%"]
    assert titles(session, ann, search="EVA") == ["Meet"]
    assert titles(session, ann, search="renewal write") == ["Write"]
    assert titles(session, ann, search="0%") == ["Call 100%"]
    assert titles(session, ann, search="_") == []


def test_a_team_is_whose_accounts_one_sees(tenant: UUID, boss: Actor, ann: Actor, bob: Actor) -> None:
    max_ = hired(tenant, "Max", "manager")
    with tenant_session(tenant) as session:
        identity.save_team(session, boss, team_id=None, name="Hers", member_ids=[ann.member_id])  # type: ignore[list-item]
        his = account(session, boss, "Bob's", owner_id=bob.member_id)
        add(session, bob, "His", account_id=his, worth=1.0)
        add(session, bob, "His, about nothing", worth=2.0)
        add(session, ann, "Hers, about his", account_id=his, worth=3.0)
        add(session, None, "Nobody's, about his", account_id=his)
    with tenant_session(tenant, reader=ann) as session:
        assert titles(session, ann, view=Views.TEAM) == []
        assert titles(session, ann, view=Views.UNASSIGNED) == []
        assert titles(session, ann, view=Views.TEAM, assignee_id=bob.member_id) == []
    with tenant_session(tenant, reader=max_) as session:
        assert titles(session, max_, view=Views.TEAM) == ["Hers, about his", "His, about nothing", "His"]
        assert titles(session, max_, view=Views.UNASSIGNED) == ["Nobody's, about his"]


def test_the_board_has_a_column_for_each_state(session: Session, boss: Actor, ann: Actor, bob: Actor) -> None:
    some_of_each(session, boss, ann, bob)
    closed(session, ann, title="Done long ago", closed_at=AT - 10 * DAY)
    columns = {one.state: one for one in actions.board(session, ann, query=Query(), at=AT)}
    assert [one.action.title for one in columns["accepted"].cards] == ["Hers", "Hers, late", "Offered"]
    assert [one.action.title for one in columns["done"].cards] == ["Hers, done"]
    assert {state: one.count for state, one in columns.items()} == {
        "proposed": 0, "accepted": 3, "in_progress": 0, "snoozed": 1, "done": 1,
    }  # fmt: skip


def test_the_calendar_goes_by_the_members_own_days(session: Session, ann: Actor) -> None:
    # 20 November 10:42 UTC is 23:42 in Auckland.
    add(session, ann, "Today", due_to=AT)
    add(session, ann, "Tomorrow", due_to=AT + HOUR)
    add(session, ann, "Later", due_to=AT + 3 * DAY)
    add(session, ann, "Whenever")
    found = actions.calendar(session, ann, query=Query(), first=date(2026, 11, 20), last=date(2026, 11, 21))
    assert [(one.day.day, [card.action.title for card in one.cards]) for one in found.days] == [
        (20, ["Today"]), (21, ["Tomorrow"]),
    ]  # fmt: skip
    assert not found.more
    for first, last in ((date(2026, 1, 1), date(2026, 12, 31)), (date(2026, 2, 1), date(2026, 1, 1))):
        with pytest.raises(Invalid):
            actions.calendar(session, ann, query=Query(), first=first, last=last)


def test_the_triage_finds_what_lies_about(session: Session, boss: Actor, ann: Actor) -> None:
    acme, zoo = account(session, boss, "Acme"), account(session, boss, "Zoo")
    sale = deal(session, boss, "Sale", acme, 1000)
    lost = deal(session, boss, "Lost", zoo, 1000)
    pipeline = crm.pipelines(session)[0]
    shut = next(one for one in pipeline.stages if one.kind == "lost")
    crm.update_record(session, boss, "opportunities", lost, {"stage_id": shut.id, "lost_reason": "Price"})
    old = {"due_to": AT - 15 * DAY, "created_at": AT - 40 * DAY}
    add(session, ann, "Keep", account_id=acme, opportunity_id=sale, **old)
    add(session, ann, "Drop", **old | {"due_to": AT - 14.5 * DAY})
    add(session, ann, "Drop, lost", account_id=zoo, opportunity_id=lost, **old | {"due_to": AT - 14.2 * DAY})
    add(session, ann, "Touched", touched_at=AT - DAY, **old)
    add(session, ann, "Late, not very", due_to=AT - 13 * DAY, created_at=AT - 40 * DAY)
    add(session, ann, "Put off", state="snoozed", snoozes=4, account_id=acme)
    add(session, ann, "Put off thrice", state="snoozed", snoozes=3)
    found = [(one.card.action.title, one.advice.what) for one in actions.stale(session, ann, at=AT)]
    assert found == [
        ("Keep", Advices.KEEP), ("Drop", Advices.DROP), ("Drop, lost", Advices.DROP), ("Put off", Advices.DELEGATE),
    ]  # fmt: skip
    assert actions.counts(session, ann, at=AT).stale == 4


@given(
    st.none() | st.booleans(), st.booleans(), st.integers(0, 9), st.integers(0, 99),
    st.none() | st.timedeltas(timedelta(), LYING * 5),
)  # fmt: skip
def test_nothing_with_an_open_deal_is_dropped_and_nothing_of_a_closed_one_kept(
    deal_open: bool | None, money: bool, snoozes: int, load: int, age: timedelta | None
) -> None:
    found = advise(Lying(AT, snoozes, deal_open, money, None if age is None else AT - age, load), at=AT)
    assert found.why
    if deal_open:
        assert found.what is not Advices.DROP
    if deal_open is False:
        assert found.what is Advices.DROP
