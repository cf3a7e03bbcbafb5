"""What a request may ask with: parameters that exist, once, and HEAD wherever GET is answered."""

from __future__ import annotations

from uuid import uuid4

import pytest
from fastapi import FastAPI

from .conftest import Client

EVENT = {"type": "page_viewed", "contact": {"email": "ada@acme.example"}}


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/accounts", "/api/v1/contacts"])
def test_a_parameter_nobody_knows_is_named(api: Client, path: str) -> None:
    answer = api.get(path, params={"acount_id": str(uuid4())})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["parameter"] == "acount_id"
    assert "cursor" in error["message"]
    assert "limit" in error["message"]


def test_a_route_without_parameters_takes_none(api: Client) -> None:
    answer = api.post("/api/v1/events?unknown_subjects=reject", EVENT)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "unknown_subjects"
    assert api.get("/api/v1/events").json()["items"] == []


def test_a_parameter_given_twice_is_refused(api: Client) -> None:
    answer = api.get("/api/v1/events?limit=1&limit=2")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "limit")


def test_who_may_not_ask_learns_nothing_of_parameters(anonymous: Client) -> None:
    assert anonymous.get("/api/v1/events?foo=1").status_code == 401


def test_head_answers_as_get_does_without_a_body(api: Client) -> None:
    event = api.post("/api/v1/events", EVENT).json()
    for path in ("/api/v1/events", f"/api/v1/events/{event['id']}", "/api/v1/contacts", f"/api/v1/events/{uuid4()}"):
        told, head = api.get(path), api("HEAD", path)
        assert head.status_code == told.status_code
        assert head.headers["content-type"] == told.headers["content-type"]
        assert head.headers["content-length"] == told.headers["content-length"] != "0"
        assert head.content == b""


def test_head_is_answered_on_every_route_that_answers_get(app: FastAPI, anonymous: Client) -> None:
    paths = [path for path, offered in app.openapi()["paths"].items() if "get" in offered]
    assert "/api/v1/events" in paths
    assert all(anonymous("HEAD", path).status_code == anonymous.get(path).status_code != 405 for path in paths)


def test_a_method_that_is_not_offered_is_a_problem_that_says_which_are(api: Client) -> None:
    answer = api("DELETE", "/api/v1/events")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "This method is not offered here"


def test_the_document_tells_every_error_as_the_problem_it_is(anonymous: Client) -> None:
    document = anonymous.get("/api/openapi.json").json()
    told = anonymous.get("/api/v1/events")
    for path, offered in document["paths"].items():
        if not path.startswith("/api/"):
            continue
        for operation in offered.values():
            answers = operation["responses"]
            wanted = {"401", "403", "422", "429", "500", "503", *({"404"} if "{" in path else ())}
            assert wanted <= answers.keys()
            assert answers["401"]["content"].keys() == {told.headers["content-type"]}
            assert ("413" in answers) == ("requestBody" in operation)
    assert set(document["components"]["schemas"]["Problem"]["required"]) <= told.json().keys()
