"""Tenants never see each other: every verb, route, handler, job, live topic and importer is found here by itself.

Each is first called with the tenant's own ids and must give data (the positive control: a test that calls wrongly
proves nothing), then as another tenant with those same ids, which must give nothing and change nothing. Something new
without a control fails.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

import salescompass
from salescompass.kit import dead_letters
from salescompass.kit.errors import SalesCompassError
from tests import controls, world
from tests.world import World

DOORS_AND_GROUND = {"ui", "api", "cli", "kit", "models"}


def _slices() -> Iterator[Any]:
    for found in pkgutil.iter_modules(salescompass.__path__):
        if found.name not in DOORS_AND_GROUND and (found.ispkg or found.name == "reactions"):
            yield importlib.import_module(f"salescompass.{found.name}")
    yield dead_letters


def _verbs() -> dict[str, Callable[..., Any]]:
    """Every public function of a slice that takes a session."""
    found = {}
    for module in _slices():
        names = getattr(module, "__all__", None) or [n for n in vars(module) if not n.startswith("_")]
        for name in names:
            function = getattr(module, name)
            if not inspect.isfunction(function) or not function.__module__.startswith(module.__name__):
                continue
            first = next(iter(inspect.signature(function).parameters), "")
            if first == "session":
                found[f"{module.__name__.split('.')[-1]}.{name}"] = function
    return found


VERBS = _verbs()


@pytest.fixture(scope="module")
def other(servers: dict[str, str]) -> World:
    """The tenant that tries to look."""
    return world.build("mallory", bare=True)


@pytest.fixture
def mine(servers: dict[str, str]) -> World:
    """The tenant that must not be seen."""
    return world.build("canary")


def _call(verb: Callable[..., Any], caller: World, arguments: dict[str, Any]) -> Any:
    """Call a verb as this tenant; of a refusal comes back what a person would read."""
    args = [caller.actor] if list(inspect.signature(verb).parameters)[1:2] == ["actor"] else []
    try:
        with caller.session() as session:
            return verb(session, *args, **arguments)
    except (SalesCompassError, DBAPIError) as refusal:
        return getattr(refusal, "message", None)


def test_every_verb_has_a_control() -> None:
    assert set(controls.VERBS) == set(VERBS)


@pytest.mark.parametrize("name", sorted(VERBS))
def test_a_verb_gives_and_changes_nothing_of_another_tenant(name: str, mine: World, other: World) -> None:
    make = controls.VERBS.get(name)
    assert make is not None, f"{name} has no control in tests/controls.py"
    before = world.snapshot(mine.tenant_id)

    theirs = _call(VERBS[name], other, make(mine))
    assert "canary" not in repr(theirs).lower()
    assert world.snapshot(mine.tenant_id) == before

    own = _call(VERBS[name], mine, make(mine))
    changed = world.snapshot(mine.tenant_id) != before
    assert "canary" in repr(own).lower() or changed or (own and own != theirs), f"{name}: the control gave nothing"
