"""The doors between tenants: routes, jobs, live topics and importers, found by themselves.

Handlers of screens are in tests/ui/test_handlers_across_tenants.py.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from salescompass import identity, imports
from salescompass.api import build_app
from salescompass.kit.live import Hub, Note
from salescompass.vocabulary import Topic
from tests import controls, file_controls, world
from tests.job_controls import JOBS_OF_ALL_TENANTS
from tests.world import World
from workers import drains, upkeep

MARK = "canary"


@pytest.fixture(scope="module")
def mine(servers: dict[str, str]) -> World:
    """The tenant that must not be seen."""
    return world.build(MARK)


@pytest.fixture(scope="module")
def other(servers: dict[str, str]) -> World:
    """The tenant that tries to look."""
    return world.build("mallory", bare=True)


@pytest.fixture(scope="module")
def client(servers: dict[str, str]) -> Iterator[TestClient]:
    """The API, called over HTTP."""
    with TestClient(build_app(), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def _all(routes: list[Any]) -> Iterator[Any]:
    for route in routes:
        included = getattr(route, "original_router", None)
        yield from _all(included.routes) if included else (route,)


def _routes() -> set[str]:
    return {
        f"{method} {route.path}"
        for route in _all(build_app().routes)
        for method in route.methods
        if method not in ("HEAD", "OPTIONS")
    }


def test_every_route_has_a_control_or_is_open_for_a_reason() -> None:
    assert set(controls.ROUTES) | set(controls.OPEN_ROUTES) == _routes()
    assert not set(controls.ROUTES) & set(controls.OPEN_ROUTES)


def _request(client: TestClient, method: str, path: str, arguments: dict[str, Any]) -> Any:
    return client.request(method, path.format(**arguments.pop("path", {})), **arguments)


# Last what gives a session another token, since all these share one.
@pytest.mark.parametrize("route", sorted(controls.ROUTES, key=lambda route: (" /auth/" in route, route)))
def test_a_route_gives_and_changes_nothing_of_another_tenant(
    route: str, client: TestClient, mine: World, other: World
) -> None:
    method, path = route.split(" ")
    make = controls.ROUTES[route]
    before = world.snapshot(mine.tenant_id)
    theirs = _request(client, method, path, make(mine, other))
    assert MARK not in theirs.text.lower()
    assert world.snapshot(mine.tenant_id) == before

    own = _request(client, method, path, make(mine, mine))
    assert own.status_code in (200, 201), own.text
    assert MARK in own.text.lower() or world.snapshot(mine.tenant_id) != before or own.text != theirs.text


def _jobs() -> dict[str, Callable[..., Any]]:
    return {
        f"{module.__name__}.{name}": function
        for module in (drains, upkeep)
        for name, function in vars(module).items()
        if inspect.isfunction(function) and not name.startswith("_") and function.__module__ == module.__name__
    }


def test_a_job_touches_the_tenant_it_is_given_and_no_other(mine: World, other: World) -> None:
    per_tenant = {name for name, job in _jobs().items() if "tenant_id" in inspect.signature(job).parameters}
    assert per_tenant == {"workers.drains.drain"}
    assert set(_jobs()) - per_tenant == set(JOBS_OF_ALL_TENANTS)
    before = world.snapshot(mine.tenant_id)
    for topic in drains.DRAINS:
        drains.drain(str(other.tenant_id), topic)
    assert world.snapshot(mine.tenant_id) == before
    drains.drain(str(mine.tenant_id), Topic.EVENTS_RECORDED)
    assert world.snapshot(mine.tenant_id) != before, "the control did nothing"


def test_a_live_note_reaches_its_own_tenant_only(mine: World, other: World) -> None:
    async def heard(by: World) -> int:
        hub = Hub()
        async with hub.listen(by.tenant_id, list(Topic)) as listener:
            for topic in Topic:
                hub.hand_out(mine.tenant_id, Note(topic, ids=(str(mine.ids["event"]),)))
            found = 0
            while True:
                try:
                    await asyncio.wait_for(listener.next(), 0.05)
                    found += 1
                except TimeoutError:
                    return found

    assert asyncio.run(heard(other)) == 0
    assert asyncio.run(heard(mine)) == len(Topic)


@pytest.mark.parametrize("kind", sorted(imports.KINDS))
def test_a_file_brings_nothing_into_another_tenant(kind: str, mine: World, other: World, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(file_controls.FILES[kind](mine))
    before = world.snapshot(mine.tenant_id)
    assert imports.import_file(other.tenant_id, kind, file).created == 1
    assert world.snapshot(mine.tenant_id) == before
    assert imports.import_file(mine.tenant_id, kind, file).created == 1
    assert world.snapshot(mine.tenant_id) != before


def test_a_flag_is_a_tenants_own_choice(mine: World, other: World) -> None:
    assert identity.flag_on(mine.tenant_id, "live_updates") is False
    assert identity.flag_on(other.tenant_id, "live_updates") is True
