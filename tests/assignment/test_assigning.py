"""The ladder on the database: owners, who stands in, territories, teams, what everybody may see."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import assignment, crm, identity
from salescompass.assignment import About, Rung
from salescompass.identity import Reach
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict, Exists, Invalid, NotFound
from salescompass.models import Account, Opportunity, Person
from tests.assignment.conftest import NOON, House, is_


def who(house: House, **about: UUID) -> tuple[str | None, Rung, tuple[str, ...]]:
    found = assignment.assignee_for(house.session, now=NOON, **about)
    return house.who(found.member_id), found.rung, found.because


def test_the_owner_gets_it_then_who_stands_in(house: House) -> None:
    account = house.account("Acme", owner="Anna")
    assert who(house, account_id=account) == ("Anna", Rung.OWNER, ("Anna owns the account",))
    identity.set_out_of_office(
        house.session, house.actor, member_id=house.ids["Anna"], out_from=NOON.date(), out_to=date(2026, 11, 23),
        delegate_id=house.ids["Ben"],
    )  # fmt: skip
    name, rung, because = who(house, account_id=account)
    assert (name, rung) == ("Ben", Rung.DELEGATE)
    assert because == ("Anna owns the account, but is out, back on Tue 24 Nov", "Ben stands in for Anna")
    later = assignment.assignee_for(house.session, account_id=account, now=NOON + timedelta(days=4))
    assert house.who(later.member_id) == "Anna"


def test_the_deals_owner_comes_before_the_accounts(house: House) -> None:
    account = house.account("Acme", owner="Anna")
    fields = {"name": "Deal", "account_id": str(account), "owner_id": str(house.ids["Ben"])}
    deal = crm.create_record(house.session, house.actor, kind="opportunities", fields=fields).id
    fields = {"name": "Pat", "account_id": str(account)}
    person = crm.create_record(house.session, house.actor, kind="contacts", fields=fields).id
    assert who(house, opportunity_id=deal)[0] == "Ben"
    assert who(house, person_id=person) == ("Anna", Rung.OWNER, ("Anna owns the account",))


def test_the_first_territory_that_holds_decides_and_its_team_takes_turns(house: House) -> None:
    house.territory("Germany", "North", is_("country", "DE"))
    house.territory("Rest of the world", "South")
    for member, weight in (("Anna", 2), ("Ben", 1), ("Carl", 1)):
        identity.set_capacity(house.session, house.actor, member_id=house.ids[member], weight=weight)
    german = [About(house.account(f"G{n}", country="de")) for n in range(8)]
    found = assignment.assignees_for(house.session, german, now=NOON)
    names = [house.who(one.member_id) for one in found]
    assert sorted(map(str, names)) == ["Anna"] * 4 + ["Ben"] * 2 + ["Carl"] * 2
    assert found[0].because[:2] == ("Nobody owns it", "Territory Germany holds (Country is DE): the team North")
    french = who(house, account_id=house.account("F", country="fr"))
    assert french[:2] == ("Dora", Rung.TERRITORY)
    assert "Territory Rest of the world holds (everything): the team South" in french[2]


def test_turns_go_on_where_the_last_one_ended(house: House) -> None:
    house.territory("All", "North")
    subjects = [About(house.account(f"A{n}")) for n in range(6)]
    at_once = [one.member_id for one in assignment.assignees_for(house.session, subjects, now=NOON, keep=False)]
    in_turn = [assignment.assignee_for(house.session, account_id=one.account_id, now=NOON) for one in subjects]
    assert [one.member_id for one in in_turn] == at_once
    assert len({one.member_id for one in in_turn[:3]}) == 3


def test_a_company_stays_with_whoever_of_the_team_had_it_last(house: House) -> None:
    house.territory("All", "North")
    account = house.account("Acme")
    house.actions(["Dora"], "Acme", days=1)
    house.actions(["Carl"], "Acme", days=2)
    found = [who(house, account_id=account) for _ in range(3)]
    assert [name for name, _, _ in found] == ["Carl"] * 3
    assert found[0][2][-1] == "Carl has this company already"
    identity.set_capacity(house.session, house.actor, member_id=house.ids["Carl"], weight=1, max_open=1)
    name, _, because = who(house, account_id=account)
    assert name != "Carl"
    assert "Carl has 1 of 1 open" in because


def test_nobody_gets_more_than_they_may_have_open(house: House) -> None:
    house.territory("All", "North")
    for member in ("Anna", "Ben", "Carl"):
        identity.set_capacity(house.session, house.actor, member_id=house.ids[member], weight=1, max_open=2)
    house.actions(["Anna"])
    subjects = [About(house.account(f"A{n}")) for n in range(8)]
    names = [house.who(one.member_id) for one in assignment.assignees_for(house.session, subjects, now=NOON)]
    assert sorted(map(str, names)) == ["Anna", "Ben", "Ben", "Carl", "Carl", "None", "None", "None"]
    assignment.set_assignment(house.session, house.actor, fallback_member_id=house.ids["Dora"])
    found = assignment.assignees_for(house.session, subjects, now=NOON)
    assert [house.who(one.member_id) for one in found].count("Dora") == 3
    assignment.set_assignment(house.session, house.actor, fallback_team_id=house.teams["South"])
    assert who(house)[:2] == ("Dora", Rung.FALLBACK)


def test_who_may_not_see_a_record_never_gets_it(house: House) -> None:
    house.territory("All", "South")
    account = house.account("Acme", owner="Anna")
    identity.set_out_of_office(house.session, house.actor, member_id=house.ids["Anna"], out_from=NOON.date())
    name, rung, because = who(house, account_id=account)
    assert (name, rung) == (None, Rung.NOBODY)
    assert "Dora may not see the record" in because


def test_who_cannot_work_on_it_never_gets_it(house: House) -> None:
    house.territory("All", "North")
    identity.disable_member(house.session, house.actor, member_id=house.ids["Anna"])
    role = identity.save_role(house.session, house.actor, key=None, name="Reader", permissions=["records.read"])
    identity.set_roles(house.session, house.actor, member_id=house.ids["Ben"], role_keys=[role.key])
    account = house.account("Acme", owner="Anna")
    name, _, because = who(house, account_id=account)
    assert name == "Carl"
    assert because[0] == "Anna owns the account, but is disabled"
    assert because[2] == "Anna is disabled; Ben may not work on actions"


def test_a_territory_whose_field_is_gone_holds_for_nothing_and_says_so(house: House) -> None:
    crm.save_custom_field(house.session, house.actor, object_type="account", key=None, label="Tier", kind="text")
    house.territory("Gold", "North", is_("custom_tier", "gold"))
    assert [one.problem for one in assignment.territories(house.session)] == [""]
    crm.retire_custom_field(house.session, house.actor, object_type="account", key="tier")
    told = assignment.territories(house.session)[0]
    assert "custom_tier" in told.problem
    assert who(house, account_id=house.account("Acme"))[1] is Rung.NOBODY
    with pytest.raises(Invalid):
        house.territory("Odd", "North", is_("nothing", "x"))
    with pytest.raises(NotFound):
        assignment.save_territory(house.session, house.actor, name="X", conditions={"rules": []}, team_id=None)


def test_territories_have_names_an_order_and_sizes(house: House) -> None:
    first = house.territory("Germany", "North", is_("country", "DE"))
    second = house.territory("All", "South")
    for n in range(3):
        house.account(f"A{n}", country="DE" if n else "FR")
    with pytest.raises(Exists):
        house.territory("GERMANY", "South")
    assert assignment.territory_sizes(house.session, now=NOON) == {first.id: 2, second.id: 1}
    turned = assignment.order_territories(house.session, house.actor, territory_ids=[second.id, first.id])
    assert [one.name for one in turned] == ["All", "Germany"]
    assert assignment.territory_sizes(house.session, now=NOON) == {second.id: 3, first.id: 0}
    with pytest.raises(Conflict):
        assignment.order_territories(house.session, house.actor, territory_ids=[first.id])
    identity.delete_team(house.session, house.actor, team_id=house.teams["South"])
    house.session.expire_all()
    assert [one.team_id for one in assignment.territories(house.session)] == [None, house.teams["North"]]
    assignment.delete_territory(house.session, house.actor, territory_id=second.id)
    assert [one.name for one in assignment.territories(house.session)] == ["Germany"]


def test_the_fallback_is_a_member_or_a_team_that_is_there(house: House) -> None:
    session, boss = house.session, house.actor
    with pytest.raises(Invalid):
        assignment.set_assignment(
            session, boss, fallback_member_id=house.ids["Anna"], fallback_team_id=house.teams["North"]
        )
    with pytest.raises(NotFound):
        assignment.set_assignment(session, boss, fallback_team_id=house.ids["Anna"])
    with pytest.raises(Invalid):
        assignment.set_assignment(session, boss, idle_hours=0)
    told = assignment.set_assignment(session, boss, idle_hours=24)
    assert (told.idle_hours, told.fallback_member_id) == (24, None)


def test_what_the_ladder_takes_for_seen_is_what_lists_show(house: House) -> None:
    house.hire("Eve")
    for owner in ("", "Anna", "Dora"):
        account = house.account(f"of {owner}", owner=owner)
        for kind in ("contacts", "opportunities"):
            for mine in ("", "Anna", "Dora"):
                owned = {"owner_id": str(house.ids[mine])} if mine else {}
                fields = {"name": f"{kind} {owner} {mine}", "account_id": str(account), **owned}
                crm.create_record(house.session, house.actor, kind=kind, fields=fields)
    members = [house.ids[name] for name in ("Anna", "Ben", "Dora", "Eve")]
    reaches = identity.reaches(house.session, members)
    tables = {"account": Account, "person": Person, "opportunity": Opportunity}
    for member_id in members:
        actor = identity.acting_member(house.session, member_id)
        assert Reach.of(house.session, actor) == reaches[member_id]
        for kind, model in tables.items():
            table = model.__table__  # type: ignore[attr-defined]
            sight = crm.Sight.of(house.session, kind, actor)
            ids = list(house.session.connection().execute(table.select().with_only_columns(table.c.id)).scalars())
            told = crm.ownerships(house.session, kind, ids)
            shown = house.session.connection().execute(
                table.select().with_only_columns(table.c.id).where(sight.condition())
            )
            assert {one for one in ids if sight.takes_in(told[one])} == set(shown.scalars())


def test_many_at_once_share_the_turns(tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        house = House(session, identity.system_actor(tenant))
        house.hire("Anna", "Ben", "Carl")
        house.team("North", "Anna", "Ben", "Carl")
        house.territory("All", "North")
        accounts = [house.account(f"A{n}") for n in range(30)]

    def one(account_id: UUID) -> UUID | None:
        with tenant_session(tenant) as own:
            return assignment.assignee_for(own, account_id=account_id, now=NOON).member_id

    with ThreadPoolExecutor(10) as threads:
        got = list(threads.map(one, accounts))
    assert {member: got.count(member) for member in got} == dict.fromkeys(
        (house.ids["Anna"], house.ids["Ben"], house.ids["Carl"]), 10
    )


def test_nothing_asked_nothing_read(session: Session) -> None:
    assert assignment.assignees_for(session, [], now=NOON) == ()
