"""The filter of a list: read from its address, told in words, counted, and the addresses that keep it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.conditions import Cancel, TooSlow
from salescompass.kit.errors import Invalid
from salescompass.ui.condition_choices import Counts, offered
from salescompass.ui.records.filtering import counted, read_filter
from salescompass.ui.records.kinds import ACCOUNTS, CONTACTS, DEALS, LEADS
from salescompass.ui.records.listing import listed, shown_again
from salescompass.ui.records.narrowing import Lens
from tests import world

VIEW = "01a1f99e-3e5a-7131-bac2-b4d55c76c4eb"


def _tree(field: str, operator: str, value: object) -> str:
    return json.dumps({"rules": [{"field": field, "operator": operator, "value": value}]})


@pytest.fixture
def session(servers: dict[str, str]) -> Iterator[Session]:
    """A session of a tenant with three contacts and a lead."""
    of = world.build("filters", bare=True)
    with of.session() as opened:
        boss = identity.system_actor(of.tenant_id, "Boss")
        for name, title in (("Ada", "Analyst"), ("Grace", "Admiral"), ("Mary", "Analyst")):
            crm.create_record(opened, boss, "contacts", {"name": name, "title": title})
        crm.create_record(opened, boss, "leads", {"name": "Sofia", "title": "Analyst"})
        yield opened


def _boss(session: Session) -> identity.Actor:
    return identity.system_actor(UUID(int=1), "Boss")


def test_a_list_is_narrowed_by_the_tree_of_its_address(session: Session) -> None:
    boss = _boss(session)
    query = {"where": _tree("title", "is", "ANALYST"), "sort": "name"}
    page = listed(session, boss, of=CONTACTS, lens=Lens.of(query, CONTACTS), cursor=None)
    assert ([row.name for row in page.rows], page.count) == (["Ada", "Mary"], 2)
    assert (page.filter.words, page.filter.problem, page.offered) == ("Job title is ANALYST", "", {})


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"rules": 1}', _tree("nope", "is", "x"), _tree("band", "is", "purple"), "x" * 1501, "[" * 1500]
)
def test_a_tree_that_makes_no_sense_says_so_and_hides_nothing(session: Session, text: str) -> None:
    page = listed(session, _boss(session), of=CONTACTS, lens=Lens.of({"where": text}, CONTACTS), cursor=None)
    assert len(page.rows) == 3
    assert page.filter.problem
    assert not page.filter.words


def test_a_count_is_of_this_list_and_ends_with_the_next(session: Session) -> None:
    boss, text = _boss(session), _tree("title", "is", "analyst")
    counts = Counts()
    first = counts.begin("tab")
    assert counted(session, boss, of=CONTACTS, lens=Lens(), text=text, cancel=first) == "2 of 3"
    assert counted(session, boss, of=LEADS, lens=Lens(), text=text, cancel=Cancel()) == "1 of 1"
    with pytest.raises(Invalid):
        counted(session, boss, of=DEALS, lens=Lens(), text=text, cancel=Cancel())
    second = counts.begin("tab")
    with pytest.raises(TooSlow):
        counted(session, boss, of=CONTACTS, lens=Lens(), text=text, cancel=first)
    assert (counts.end("tab", first), counts.end("tab", second)) == (False, True)


def test_an_editor_is_offered_every_field_with_its_operators(session: Session) -> None:
    offer = offered(session, object_type="person")
    kinds = {one["kind"] for one in offer["fields"]} - {"related"}
    assert kinds <= set(offer["operators"])
    assert offer["choices"]["membership"][0] == {"name": "me", "label": "Me"}
    assert {"name", "band", "events", "account.industry"} <= {one["name"] for one in offer["fields"]}


def test_an_address_keeps_filter_and_view(session: Session) -> None:
    text = _tree("title", "exists", None)
    lens = Lens.of({"where": text, "view": VIEW, "q": "a"}, CONTACTS)
    assert lens.kept(CONTACTS) == {"q": "a", "where": text}
    assert f"view={VIEW}" in lens.address(CONTACTS, q="")
    # Without anything in it a view is the whole list.
    assert lens.address(CONTACTS, q="", where="") == "/contacts"
    assert Lens.of({"view": "no id"}, CONTACTS).view == ""
    assert read_filter(session, _boss(session), of=CONTACTS, text="").problem == ""


def test_accounts_come_by_score_and_by_band(session: Session) -> None:
    boss = _boss(session)
    for name in ("Kan-code", "Bolt"):
        crm.create_record(session, boss, "accounts", {"name": name})
    lens = Lens.of({}, ACCOUNTS)
    assert (lens.sort, lens.address(ACCOUNTS)) == ("-score", "/accounts")
    page = listed(session, boss, of=ACCOUNTS, lens=lens, cursor=None)
    assert ([row.name for row in page.rows], page.count, page.whole) == (["Bolt", "Kan-code"], 2, 2)
    assert {one.look.word for one in page.lives.values()} == {"Cold"}
    for band, found in (("cold", 2), ("hot", 0)):
        lens = Lens.of({"band": band}, ACCOUNTS)
        assert lens.address(ACCOUNTS) == f"/accounts?band={band}"
        page = listed(session, boss, of=ACCOUNTS, lens=lens, cursor=None)
        assert (len(page.rows), page.count, page.whole) == (found, found, 2)


def test_rows_are_read_again_as_they_are_now(session: Session) -> None:
    boss, lens = _boss(session), Lens.of({}, CONTACTS)
    ada, grace = crm.list_records(session, "contacts", sort="name", limit=2).items
    crm.update_record(session, boss, "contacts", ada.id, {"title": "Countess"})
    crm.delete_records(session, boss, "contacts", [grace.id])
    (row,) = shown_again(session, of=CONTACTS, lens=lens, ids=[ada.id, grace.id]).rows
    assert (row.name, "Countess" in [one.text for one in row.cells]) == ("Ada", True)


def test_a_filter_is_applied_by_a_handful_of_statements_whatever_it_finds(session: Session) -> None:
    boss, lens = _boss(session), Lens.of({"where": _tree("title", "is", "analyst"), "sort": "name"}, CONTACTS)

    def asked() -> int:
        statements: list[str] = []

        def note(_: object, __: object, statement: str, *more: object) -> None:
            statements.append(statement)

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        listed(session, boss, of=CONTACTS, lens=lens, cursor=None)
        event.remove(connection, "before_cursor_execute", note)
        return len(statements)

    few = asked()
    rows = [{"name": f"Person {n}", "title": "Analyst", "tags": ["met"]} for n in range(40)]
    crm.upsert_records(session, boss, "contacts", rows)
    assert 0 < few <= 8
    assert asked() == few
