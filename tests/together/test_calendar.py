"""One's calendar: a file that a strict reader understands, under an address that can be taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from salescompass import actions, identity, together
from salescompass.actions import NewAction
from salescompass.api import build_app
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.together import ics
from tests.together.conftest import House

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z]+=[^:;]+)*):(.*)", re.DOTALL)
_MEANT = {"\\n": "\n", "\\N": "\n", "\\\\": "\\", "\\;": ";", "\\,": ","}


def read(file: str) -> list[dict[str, str]]:
    """The events of a file, read as RFC 5545 says and no wider. Raises AssertionError."""
    assert file.endswith("\r\n")
    physical = file.split("\r\n")[:-1]
    assert all(len(line.encode()) <= 75 for line in physical)
    assert not any(re.search("[\x00-\x08\x0a-\x1f\x7f]", line) for line in physical)
    logical: list[str] = []
    for line in physical:
        if line.startswith(" "):
            logical[-1] += line[1:]
        else:
            logical.append(line)
    assert (logical[0], logical[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found: list[dict[str, str]] = []
    for line in logical:
        match = _LINE.fullmatch(line)
        assert match is not None, line
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and match[1] not in ("BEGIN", "END"):
            assert match[1] not in found[-1], "a property stands once"
            found[-1][match[1]] = match[3]
    return found


def text(value: str) -> str:
    """What an escaped text says; nothing in it may stand alone that must be escaped."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value)
    return re.sub(r"\\(.)", lambda hit: _MEANT[hit[0]], value)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_comes_back_as_it_was(summary: str, description: str) -> None:
    entry = ics.Entry("u@x", 0, NOON, NOON, 0, summary, description, "https://crm.example/actions")
    (event,) = read(ics.calendar("Mine", [entry]))
    for value, given_ in ((event["SUMMARY"], summary), (event["DESCRIPTION"], description)):
        lines = given_.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
        assert text(value) == re.sub("[\x00-\x09\x0b-\x1f\x7f]", " ", lines)


def test_times_are_utc_and_an_event_takes_time() -> None:
    zone = datetime.fromisoformat("2026-11-20T13:00:00+01:00")
    (event,) = read(ics.calendar("Mine", [ics.Entry("u@x", 3, NOON, zone, 0, "s", "d", "https://x.example")]))
    assert (event["DTSTART"], event["DTEND"], event["SEQUENCE"]) == ("20261120T115900Z", "20261120T120000Z", "3")


@pytest.fixture
def client(servers: dict[str, str]) -> Iterator[TestClient]:
    """The API, called over HTTP."""
    with TestClient(build_app(), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def test_only_ones_own_open_actions_until_the_address_is_taken_back(house: House, client: TestClient) -> None:
    ann, due = house["Ann"], clock.now() + timedelta(days=1)
    with tenant_session(house.tenant, reader=ann) as session:
        common = {"kind": "call", "due_to": due, "account_id": house.account}
        mine = actions.create(session, ann, new=NewAction(title="Call; now, \\o/", assignee_id=ann.member_id, **common))
        actions.create(session, ann, new=NewAction(title="Bob's", assignee_id=house["Bob"].member_id, **common))
        done = actions.create(session, ann, new=NewAction(title="Done", assignee_id=ann.member_id, **common))
        actions.dismiss(session, ann, action_id=done.action.id, reason="not_relevant")
        path = together.make_calendar(session, ann).path
    answer = client.get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = read(answer.text)
    assert text(event["SUMMARY"]) == "Call; now, \\o/"
    assert event["UID"] == f"action-{mine.action.id}@salescompass"
    with tenant_session(house.tenant, reader=ann) as session:
        actions.edit(session, ann, action_id=mine.action.id, changes={"title": "Later"})
    (changed,) = read(client.get(path).text)
    assert (changed["UID"], int(changed["SEQUENCE"]) > int(event["SEQUENCE"])) == (event["UID"], True)
    with tenant_session(house.tenant) as session:
        other = together.make_calendar(session, ann).path
    assert client.get(path).status_code == 404, "a new address ends the one before"
    with tenant_session(house.tenant) as session:
        together.revoke_calendar(session, ann)
        assert together.my_calendar(session, ann) is None
    assert client.get(other).status_code == 404


def test_nothing_is_read_for_who_is_disabled_or_under_a_guessed_address(house: House, client: TestClient) -> None:
    with tenant_session(house.tenant) as session:
        path = together.make_calendar(session, house["Ann"]).path
    assert client.get(path).status_code == 200
    with tenant_session(house.tenant) as session:
        identity.disable_member(session, house.boss, member_id=house["Ann"].member_id)  # type: ignore[arg-type]
    for guess in (path, path[:-5] + "x.ics", "/calendar/x.ics", "/calendar/" + "z" * 75 + ".ics"):
        assert client.get(guess).status_code == 404


def test_an_address_is_read_so_often_an_hour_at_most(house: House, client: TestClient) -> None:
    with tenant_session(house.tenant) as session:
        path = together.make_calendar(session, house["Ann"]).path
    assert {client.get(path).status_code for _ in range(60)} == {200}
    assert client.get(path).status_code == 429
