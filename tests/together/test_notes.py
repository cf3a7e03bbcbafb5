"""Notes: their author's, as they stood before, and read by those they are for, through every door."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from salescompass import crm, events, together
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Changed, Denied, Invalid, NotFound
from salescompass.models import Action
from salescompass.vocabulary import Source
from tests.together.conftest import House

EVERYBODY = ("Ann", "Bob", "Cid", "Mia")


def on(house: House) -> dict[str, Any]:
    return {"object_type": "account", "object_id": house.account}


def write(house: House, who: str, body: str, **more: Any) -> UUID:
    with tenant_session(house.tenant, reader=house[who]) as session:
        return together.add_note(session, house[who], **{**on(house), **more}, body=body).id


def doors(house: House, reader: Actor) -> dict[str, set[str]]:
    """What each place that shows notes shows to somebody."""
    with tenant_session(house.tenant, reader=reader) as session:
        try:
            read = {one.body for one in together.notes(session, reader, **on(house))}
        except NotFound:
            read = set()
        told = crm.moments(session, objects={"account": [house.account]}, kinds=["note"]).items
    return {"notes": read, "timeline": {one.text for one in told}}


def test_notes_are_their_authors(house: House) -> None:
    ann, bob = house["Ann"], house["Bob"]
    with tenant_session(house.tenant) as session:
        note = together.add_note(session, ann, **on(house), body=" First \r\n line\0 ")
        assert note.body == "First\nline"
        with pytest.raises(Denied):
            together.edit_note(session, bob, note_id=note.id, body="Mine")
        with pytest.raises(Changed):
            together.edit_note(session, ann, note_id=note.id, body="Late", version=7)
        assert together.edit_note(session, ann, note_id=note.id, body="Better", version=1).edited_at is not None
        together.delete_note(session, ann, note_id=note.id)
        assert together.notes(session, ann, **on(house)) == []
        together.delete_note(session, ann, note_id=note.id, restore=True)
        assert [one.author for one in together.notes(session, ann, **on(house))] == ["Ann"]
        for body in ("  ", "x" * 20_001):
            with pytest.raises(Invalid):
                together.add_note(session, ann, **on(house), body=body)
        with pytest.raises(NotFound):
            together.add_note(session, ann, object_type="account", object_id=uuid4(), body="Where?")


def test_each_change_keeps_how_it_stood(house: House) -> None:
    ann, mia = house["Ann"], house["Mia"]
    note = write(house, "Ann", "one", visibility="private")
    with tenant_session(house.tenant) as session:
        together.edit_note(session, ann, note_id=note, body="two")
        together.edit_note(session, ann, note_id=note, body="three", visibility="all")
        together.edit_note(session, ann, note_id=note, body="three", visibility="all")
        assert [one.body for one in together.note_history(session, ann, note_id=note)] == ["three", "two", "one"]
        assert [one.body for one in together.note_history(session, mia, note_id=note)] == ["three"], "was private then"
        together.edit_note(session, ann, note_id=note, body="four")
        assert [one.body for one in together.note_history(session, mia, note_id=note)] == ["four", "three"]
        together.edit_note(session, ann, note_id=note, body="five", visibility="private")
        with pytest.raises(NotFound):
            together.note_history(session, mia, note_id=note)


def test_whom_a_note_is_for_holds_at_every_door(house: House) -> None:
    bodies = {"all": "for all", "team": "for North", "private": "for Ann"}
    for visibility, body in bodies.items():
        write(house, "Ann", body, visibility=visibility)
    seen = {name: doors(house, house[name]) for name in EVERYBODY}
    for door in ("notes", "timeline"):
        assert seen["Ann"][door] == set(bodies.values())
        assert seen["Bob"][door] == {"for all", "for North"}
        assert seen["Cid"][door] == set(), "the account is out of their reach"
        assert seen["Mia"][door] == {"for all"}, "who sees all records reads what is for all"
    with tenant_session(house.tenant) as session, pytest.raises(Invalid):
        together.add_note(session, house["Ann"], **on(house), body="x", visibility="friends")


def test_only_who_reads_a_note_can_meddle_with_it(house: House) -> None:
    note = write(house, "Ann", "mine", visibility="private")
    with tenant_session(house.tenant) as session:
        with pytest.raises(NotFound):
            together.edit_note(session, house["Mia"], note_id=note, body="x")
        with pytest.raises(NotFound):
            together.delete_note(session, house["Mia"], note_id=note)
        with pytest.raises(NotFound):
            together.note_history(session, house["Mia"], note_id=note)


def test_a_note_on_an_event_goes_with_its_records(house: House) -> None:
    body = {"type": "proposal_viewed", "account": {"id": str(house.account)}}
    with tenant_session(house.tenant) as session:
        item = events.read_event(body, now=datetime.now(UTC))
        event_id = events.record(session, item, source=Source.API).id
    assert event_id is not None
    about: dict[str, Any] = {"object_type": "event", "object_id": event_id}
    write(house, "Ann", "they print it", **about)
    for name, expected in (("Bob", ["they print it"]), ("Mia", ["they print it"]), ("Cid", None)):
        with tenant_session(house.tenant, reader=house[name]) as session:
            if expected is None:
                with pytest.raises(NotFound):
                    together.notes(session, house[name], **about)
            else:
                assert [one.body for one in together.notes(session, house[name], **about)] == expected


def test_comments_on_an_action_go_with_its_records_or_its_people(house: House) -> None:
    ann = house["Ann"]
    with tenant_session(house.tenant) as session:
        about_acme = Action(kind="call", title="Call Acme", account_id=house.account, assignee_id=ann.member_id)
        about_nobody = Action(kind="task", title="Tidy up", assignee_id=ann.member_id)
        session.add_all([about_acme, about_nobody])
        session.flush()
        one, other = about_acme.id, about_nobody.id
    write(house, "Bob", "they are away", object_type="action", object_id=one)
    assert house.told("Ann") == ["followed"], "who has it to do hears of a comment"
    with tenant_session(house.tenant) as session:
        for who, action, seen in (("Ann", one, 1), ("Mia", one, 1), ("Ann", other, 0)):
            assert len(together.notes(session, house[who], object_type="action", object_id=action)) == seen
        for who, action in (("Cid", one), ("Bob", other)):
            with pytest.raises(NotFound):
                together.add_note(session, house[who], object_type="action", object_id=action, body="x")
