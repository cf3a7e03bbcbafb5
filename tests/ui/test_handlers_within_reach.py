"""Every handler, called by a member who sees only their own or their team's records, about records of a colleague.

The controls are those of tests/ui/test_handlers_across_tenants.py, where each is shown to show or to do something.
"""

from __future__ import annotations

import pytest

from salescompass import identity
from tests import veiled
from tests.ui.test_handlers_across_tenants import CONTROLS, GUARDED, Call, act, short
from tests.veiled import VEIL
from tests.world import World


@pytest.fixture(scope="module", params=["own", "team"])
def world(servers: dict[str, str], request: pytest.FixtureRequest) -> World:
    """A tenant whose records are a colleague's, each marked."""
    built = veiled.build(request.param)
    with built.session() as session:
        identity.set_flag(session, built.actor, key="live_updates", enabled=True)
    return built


@pytest.mark.parametrize("name", [n for n in GUARDED if short(n) in CONTROLS], ids=short)
def test_a_handler_shows_and_changes_no_record_out_of_reach(name: str, call: Call, world: World) -> None:
    with world.session() as session:
        before = veiled.fingerprint(session)
    assert VEIL not in act(call, name, veiled.through_their_eyes(world), world)
    with world.session() as session:
        assert veiled.fingerprint(session) == before
