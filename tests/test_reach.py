"""Whoever sees their own or their team's records sees no other anywhere: every verb and every route is tried.

They are found by themselves, and called as the tests of tenants call them (tests/controls.py): something new is tried
here as soon as it has its control there. Handlers are tried in tests/ui/test_handlers_within_reach.py.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import DBAPIError

from salescompass.api import build_app
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import SalesCompassError
from tests import controls, veiled
from tests.test_tenancy import VERBS
from tests.veiled import VEIL
from tests.world import World

# What they tell is no reader's view: who calls them sees to it.
SEEN_TO_BY_CALLERS = {
    "actions.subjects": "is given records, and whoever names those was shown them",
    "conditions.facts": "is given records, and whoever names those was shown them",
    "together.read_calendar": "is read by whoever holds its address, as far as who made it sees",
    "scoring.drops": "is read by a job, which tells each account's own owner",
}


@pytest.fixture(scope="module", params=["own", "team"])
def world(servers: dict[str, str], request: pytest.FixtureRequest) -> World:
    """A tenant whose records are a colleague's, each marked."""
    return veiled.build(request.param)


@pytest.fixture(scope="module")
def client(servers: dict[str, str]) -> Iterator[TestClient]:
    """The API, called over HTTP."""
    with TestClient(build_app(), base_url="http://127.0.0.1:8000") as opened:
        yield opened


class _Enough(Exception):
    """Ends a session without keeping what it did."""


def _call(name: str, world: World, actor: Actor) -> tuple[str, bool]:
    """What a verb tells this reader, and whether it changed a record; nothing of it is kept."""
    verb = VERBS[name]
    args = [actor] if list(inspect.signature(verb).parameters)[1:2] == ["actor"] else []
    shown, changed = "", False
    try:
        arguments = controls.VERBS[name](world)
        with tenant_session(world.tenant_id, reader=actor) as session:
            before = veiled.fingerprint(session)
            shown = repr(verb(session, *args, **arguments)).lower()
            changed = veiled.fingerprint(session) != before
            raise _Enough
    except _Enough:
        pass
    except (SalesCompassError, DBAPIError) as refusal:
        shown = str(getattr(refusal, "message", "")).lower()
    return shown, changed


@pytest.mark.parametrize("name", sorted(set(controls.VERBS) - set(SEEN_TO_BY_CALLERS)))
def test_a_verb_shows_and_changes_no_record_out_of_reach(name: str, world: World) -> None:
    shown, changed = _call(name, world, veiled.narrow(world))
    assert VEIL not in shown
    acts = list(inspect.signature(VERBS[name]).parameters)[1:2] == ["actor"]
    assert not (acts and changed), "it changed a record"


def test_the_same_calls_show_and_change_records_to_who_sees_all(world: World) -> None:
    telling = {name for name in controls.VERBS if VEIL in (found := _call(name, world, world.actor))[0] or found[1]}
    assert len(telling) > 35, sorted(telling)
    assert telling >= set(SEEN_TO_BY_CALLERS)


@pytest.mark.parametrize("route", sorted(one for one in controls.ROUTES if " /auth/" not in one))
def test_a_route_shows_and_changes_no_record_out_of_reach(route: str, world: World, client: TestClient) -> None:
    method, path = route.split(" ")
    arguments = controls.ROUTES[route](world, veiled.through_their_eyes(world))
    with world.session() as session:
        before = veiled.fingerprint(session)
    answer = client.request(method, path.format(**arguments.pop("path", {})), **arguments)
    assert VEIL not in answer.text.lower()
    with world.session() as session:
        assert veiled.fingerprint(session) == before
