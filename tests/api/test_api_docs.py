"""docs/api.md says what the API does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from salescompass.api import problems
from salescompass.events import BUILT_IN

from .conftest import Client

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")


def test_every_problem_is_listed() -> None:
    listed = {
        name: int(status) for name, status in re.findall(r"^\| `/problems/(\w+)` \| (\d+) \|", PAGE, re.MULTILINE)
    }
    assert listed == {name: status for name, (status, _) in problems.PROBLEMS.items()}


def test_every_built_in_type_is_listed() -> None:
    part = PAGE.partition("<!-- types:")[2].partition("<!-- end of types -->")[0]
    listed = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \| (\w+) \| (-?\d+) \|$", part, re.MULTILINE)
    assert listed == [
        (known.key, known.family, known.direction.value, known.channel, f"{known.points:g}")
        for known in BUILT_IN.values()
    ]


def test_the_first_event_of_the_guide_is_accepted(api: Client) -> None:
    body = json.loads(PAGE.partition("-d '")[2].partition("'\n")[0])
    body["occurred_at"] = "2026-01-02T10:42:00+01:00"
    assert api.post("/api/v1/events", body).status_code == 201
    assert api.post("/api/v1/events", body).json()["duplicate"] is True


def test_every_path_of_the_document_that_keys_may_use_is_described(anonymous: Client) -> None:
    paths = [path for path in anonymous.get("/api/openapi.json").json()["paths"] if path.startswith("/api/")]
    assert paths
    assert all(path in PAGE for path in paths)


def test_the_page_of_the_api_names_every_route_and_fetches_nothing(anonymous: Client) -> None:
    answer = anonymous.get("/api/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    document = anonymous.get("/api/openapi.json").json()
    for path, offered in document["paths"].items():
        for method in offered if path.startswith("/api/") else ():
            assert f"<code>{method.upper()} {path}</code>" in answer.text
    shapes = set(re.findall(r'<details id="(\w+)"', answer.text))
    assert shapes == set(document["components"]["schemas"])
    ids = set(re.findall(r'id="([^"]+)"', answer.text))
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= ids
    assert not re.search(r"<script|\ssrc=|@import|https?://", answer.text.partition("<main>")[0])
    assert "<script" not in answer.text
