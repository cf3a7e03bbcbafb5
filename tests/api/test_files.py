"""Files over HTTP: who may send one, how large it may be, what is answered when it cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from salescompass import identity
from salescompass.kit.settings import settings
from tests import world
from tests.api.conftest import Client
from tests.world import World

WHERE = "/files/imports"
ROWS = b"name\nMore\n"


@pytest.fixture(scope="module")
def mine(servers: dict[str, str]) -> World:
    """A tenant and its administrator's session."""
    return world.build("sender")


@pytest.fixture
def sent(mine: World) -> dict[str, Any]:
    """A request of that administrator."""
    cookie = f"{identity.session_cookie()}={mine.phone}"
    return {"headers": {"Cookie": cookie}, "params": {"kind": "accounts", "name": "../more.csv"}}


def kept(mine: World) -> set[str]:
    """What lies in the tenant's folder."""
    return {path.name for path in Path(settings().data / "imports" / str(mine.tenant_id)).iterdir()}


def test_a_file_is_kept_under_a_name_that_nobody_knows(anonymous: Client, mine: World, sent: dict[str, Any]) -> None:
    before = kept(mine)
    answer = anonymous.post(WHERE, content=ROWS, **sent)
    assert answer.status_code == 201
    assert answer.json()["next"] == f"/admin/imports?batch={answer.json()['batch']}"
    (name,) = kept(mine) - before
    assert "more" not in name
    assert answer.json()["batch"].replace("-", "") not in name


def test_nothing_is_read_of_who_may_not_send(anonymous: Client, sent: dict[str, Any]) -> None:
    pieces = iter([ROWS])

    async def body() -> Any:
        for piece in pieces:
            yield piece

    answer = anonymous.post(WHERE, content=body(), params=sent["params"])
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")
    assert list(pieces) == [ROWS]


def test_another_sites_page_sends_nothing(anonymous: Client, sent: dict[str, Any]) -> None:
    sent["headers"]["Origin"] = "http://evil.example"
    assert anonymous.post(WHERE, content=ROWS, **sent).status_code == 403


@pytest.mark.parametrize("content", [b"", b"\x00" * 500, b"PK\x03\x04 no workbook"])
def test_what_cannot_be_read_leaves_nothing(
    anonymous: Client, mine: World, sent: dict[str, Any], content: bytes
) -> None:
    before = kept(mine)
    answer = anonymous.post(WHERE, content=content, **sent)
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) > 20
    assert kept(mine) == before


def test_what_is_said_to_be_too_large_is_refused_at_once(anonymous: Client, sent: dict[str, Any]) -> None:
    sent["headers"]["Content-Length"] = str(300 * 1024 * 1024)
    answer = anonymous.post(WHERE, content=ROWS, **sent)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too_large")


def test_failed_rows_are_saved_not_shown(anonymous: Client, mine: World, sent: dict[str, Any]) -> None:
    answer = anonymous.get(f"{WHERE}/{mine.ids['done_upload']}/errors", headers=sent["headers"])
    assert (answer.status_code, answer.text) == (200, mine.mark)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert anonymous.get(f"{WHERE}/{uuid4()}/errors", headers=sent["headers"]).status_code == 404
    assert anonymous.get(f"{WHERE}/{mine.ids['upload']}/errors", headers=sent["headers"]).status_code == 404
