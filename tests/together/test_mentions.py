"""Mentions and followers: who is named, who may be, and who is told, once."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from salescompass import crm, identity, notifications, together
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import NotFound
from salescompass.models import Mention
from salescompass.together import pieces
from salescompass.together.mentions import Nameable, named_in
from salescompass.vocabulary import RecordKind
from tests.together.conftest import House
from tests.together.test_notes import on, write

ANN, ANNA, NORTH, TWIN = (
    Nameable("member", uuid4(), "Ann"), Nameable("member", uuid4(), "Ann Arbor"), Nameable("team", uuid4(), "North"),
    Nameable("member", uuid4(), "north"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("@Ann look", {ANN.id}),
        ("@ann arbor, look", {ANNA.id}),
        ("(@Ann Arbor) and @Ann", {ANN.id, ANNA.id}),
        ("write to x@Ann or joe.@Ann", set()),
        ("@@Ann and a+@Ann", set()),
        ("@Annika @ Ann", set()),
        ("@Ann_x @Ann's @Ann.", {ANN.id}),
        ("@", set()),
    ],
)
def test_names_after_an_at_count_and_addresses_do_not(body: str, named: set[UUID]) -> None:
    assert {one.id for one in named_in(body, [ANN, ANNA])} == named


def test_of_one_name_the_picked_one_is_meant_and_without_a_pick_none() -> None:
    assert named_in("@North", [NORTH, TWIN]) == []
    assert [one.id for one in named_in("@North", [NORTH, TWIN], [TWIN.key])] == [TWIN.id]
    assert [one.id for one in named_in("@North", [NORTH, ANN], [ANN.key, f"member:{uuid4()}"])] == [NORTH.id]


@given(st.text(alphabet="@Ann Arbo.x\n", max_size=60))
def test_a_text_in_pieces_is_the_text(body: str) -> None:
    parts = pieces(body, ["Ann", "Ann Arbor"])
    assert "".join(text for text, _ in parts) == body
    assert all(text.lower() in ("@ann", "@ann arbor") for text, named in parts if named)


def _names(house: House, who: str, beginning: str = "", **more: Any) -> list[str]:
    with tenant_session(house.tenant) as session:
        return [one.name for one in together.nameable(session, house[who], **on(house), beginning=beginning, **more)]


def test_only_who_may_read_it_is_offered(house: House) -> None:
    assert _names(house, "Ann") == ["admin", "Bob", "Mia", "North"]
    assert _names(house, "Ann", "n") == ["North"]
    assert _names(house, "Ann", visibility="team") == ["Bob", "North"]
    assert _names(house, "Ann", visibility="private") == ["North"], "a team with oneself in it"
    with tenant_session(house.tenant) as session, pytest.raises(NotFound):
        together.nameable(session, house["Cid"], **on(house))


def test_who_sees_a_record_is_the_same_for_one_and_for_all(house: House) -> None:
    """The two readings of reach: `Sight` in SQL for one reader, `Colleague` for everybody at once."""
    with tenant_session(house.tenant) as session:
        for kind in ("contacts", "opportunities", "accounts"):
            for owner in (None, "Ann", "Cid"):
                given = {"name": f"{kind} {owner}", "owner_id": str(house[owner].member_id) if owner else None}
                crm.create_record(session, house.boss, kind, given)
        for under in (None, "Ann", "Cid"):
            above = {"name": f"Over {under}", "owner_id": str(house[under].member_id) if under else None}
            account = crm.create_record(session, house.boss, "accounts", above)
            crm.create_record(session, house.boss, "contacts", {"name": f"Of {under}", "account_id": str(account.id)})
        for one in identity.colleagues(session):
            if one.name not in house.people:
                continue
            assert one.reach == identity.Reach.of(session, house[one.name])
            assert one.permissions == house[one.name].permissions
            for object_type, kind in (
                ("account", "accounts"),
                ("person", "contacts"),
                ("opportunity", "opportunities"),
            ):
                ids = [row.id for row in crm.list_records(session, kind).items]
                sight, table = (
                    crm.Sight.of(session, object_type, house[one.name]),
                    crm.RECORD_TYPES[RecordKind(kind)].table,
                )
                seen = set(session.connection().execute(select(table.c.id).where(sight.condition())).scalars())
                known = crm.ownerships(session, object_type, ids)
                one_by_one = crm.Sight(object_type, one.reach.owners(object_type))
                assert {row for row, whose in known.items() if one_by_one.takes_in(whose)} == seen & set(ids)


def test_a_mention_tells_once_and_makes_follow(house: House) -> None:
    note = write(house, "Ann", "@Bob please call; ask @Cid, not bob@acme.example")
    assert (house.told("Bob"), house.told("Cid"), house.told("Ann")) == (["mention"], [], [])
    with tenant_session(house.tenant) as session:
        together.edit_note(session, house["Ann"], note_id=note, body="@Bob please call again")
        together.edit_note(session, house["Ann"], note_id=note, body="nobody")
        together.edit_note(session, house["Ann"], note_id=note, body="@Bob and @Mia")
        (line,) = notifications.inbox(session, house["Bob"]).items
        view = together.followers(session, house["Ann"], **on(house))
    assert line.link == f"/accounts/{house.account}#notes"
    assert line.critical
    assert house.told("Mia") == ["mention"]
    assert [name for _, name in view.members] == ["Ann", "Bob", "Mia"]


def test_a_team_is_told_but_for_those_who_may_not_read_it(house: House) -> None:
    write(house, "Ann", "@North and @South")
    assert (house.told("Bob"), house.told("Cid"), house.told("Ann")) == (["mention"], [], [])
    with tenant_session(house.tenant) as session:
        rows = session.exec(select(Mention)).all()
    assert {row.label for row in rows} == {"North"}, "nobody of South may read it"


def test_a_private_note_tells_nobody_until_it_is_for_others(house: House) -> None:
    note = write(house, "Ann", "@Bob later", visibility="private")
    assert house.told("Bob") == []
    with tenant_session(house.tenant) as session:
        together.edit_note(session, house["Ann"], note_id=note, body="@Bob later", visibility="team")
    assert house.told("Bob") == ["mention"]


def test_what_the_browser_says_is_checked(house: House) -> None:
    write(house, "Ann", "hello @Cid", picked=[f"member:{house['Cid'].member_id}", "nonsense"])
    assert house.told("Cid") == []


def test_followers_hear_of_notes_they_may_read_until_they_leave(house: House) -> None:
    with tenant_session(house.tenant) as session:
        for name in ("Bob", "Mia"):
            assert together.follow(session, house[name], **on(house)).following
        with pytest.raises(NotFound):
            together.follow(session, house["Cid"], **on(house))
    write(house, "Ann", "for North", visibility="team")
    assert (house.told("Bob"), house.told("Mia"), house.told("Ann")) == (["followed"], [], [])
    with tenant_session(house.tenant) as session:
        assert not together.follow(session, house["Bob"], **on(house), on=False).following
    write(house, "Bob", "mine")
    with tenant_session(house.tenant) as session:
        assert not together.followers(session, house["Bob"], **on(house)).following, "who left stays away"
        page = notifications.inbox(session, house["Ann"])
    assert [one.title for one in page.items] == ["Bob wrote a note: Acme"]
    assert house.told("Mia") == ["followed"]
