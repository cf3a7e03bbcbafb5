"""What whoever watches the servers is told."""

from __future__ import annotations

from unittest.mock import ANY

import pytest
from fastapi import FastAPI

from salescompass.api import health, problems
from salescompass.kit.settings import settings

from .conftest import Client


def test_a_process_that_answers_is_alive(anonymous: Client) -> None:
    assert anonymous.get("/health/live").json() == {"status": "ok"}


def test_a_process_is_ready_when_database_and_schema_are_there(anonymous: Client) -> None:
    answer = anonymous.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_a_schema_that_lacks_what_the_code_needs_is_not_ready(
    anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_wanted_columns", lambda: frozenset({"event.id", "event.of_tomorrow"}))
    answer = anonymous.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["schema"]) == (503, "missing event.of_tomorrow")


def test_a_database_that_is_away_is_not_ready(anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://sc_app:x@/salescompass?host=/nowhere")
    settings.cache_clear()
    try:
        answer = anonymous.get("/health/ready")
        written = anonymous.get("/api/v1/events", headers={"Authorization": "Bearer sc_x_y"})
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert written.status_code in (401, 503)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.1", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 403),
        ("192.0.2.1", {"Authorization": "Bearer wrong"}, 403),
        ("192.0.2.1", {"Authorization": "Bearer token of metrics"}, 200),
    ],
)
def test_metrics_are_for_this_machine_or_the_token(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, address: str, headers: dict[str, str], status: int
) -> None:
    monkeypatch.setenv("SALESCOMPASS_METRICS_TOKEN", "token of metrics")
    settings.cache_clear()
    try:
        answer = Client(app, address=address).get("/metrics", headers=headers)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert answer.status_code == status
    if status == 200:
        assert "salescompass_requests_total" in answer.text
        assert "salescompass_outbox_waiting" in answer.text


def test_a_problem_type_leads_somewhere(anonymous: Client) -> None:
    for name, (status, title) in problems.PROBLEMS.items():
        assert anonymous.get(f"/problems/{name}").json() == {"type": ANY, "title": title, "status": status}
    assert anonymous.get("/problems/none").status_code == 404
