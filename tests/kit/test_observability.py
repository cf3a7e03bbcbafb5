"""What the product tells about itself names no person and gives no secret away."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID, uuid4

import pytest
import sentry_sdk
from sqlalchemy import text

from salescompass.kit import observability
from salescompass.kit.database import tenant_session
from salescompass.kit.scrub import scrub, scrub_all
from salescompass.kit.settings import settings

SECRETS = {
    "anna.snelling@halden.example": "[email]",
    "Authorization: Bearer abcdefghijklmnop": "[secret]",
    "key sc_ab12cd34_Zm9vYmFyYmF6cXV4": "[key]",
    "postgresql://sc_app:hunter22@db/salescompass": "[secret]",
    "password=walnut-harbour": "[secret]",
    "call +47 912 34 567 now": "[number]",
}


@pytest.mark.parametrize("said", SECRETS)
def test_a_text_loses_what_names_or_opens(said: str) -> None:
    kept = scrub(said)
    assert SECRETS[said] in kept
    for word in ("anna", "abcdefgh", "Zm9v", "hunter22", "walnut", "912 34"):
        assert word not in kept


def test_times_and_ids_stay() -> None:
    said = "2026-11-20T10:42:00Z event 01a1f89d-7dc8-7bd7-8900-d09c0c1568be took 184 ms"
    assert scrub(said) == said


def test_every_text_of_a_structure_is_scrubbed() -> None:
    found = scrub_all({"a": ["kim@customer.example", {"b": ("lee@customer.example", 3)}]})
    assert "customer.example" not in json.dumps(found)


def _fail(words: str) -> Exception:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


def test_the_same_error_is_one_line_that_counts_and_is_the_tenants_own(make_tenant: Callable[[], UUID]) -> None:
    mine, other = make_tenant(), make_tenant()
    for n in range(3):
        observability.record_error(_fail(f"row {n} of kim@customer.example"), where="test", tenant_id=mine)
    query = text("SELECT n, message FROM error_event")
    with tenant_session(mine) as session:
        rows = session.connection().execute(query).all()
    assert [row.n for row in rows] == [3]
    assert "customer.example" not in rows[0].message
    with tenant_session(other) as session:
        assert session.connection().execute(query).all() == []


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A server that speaks Sentry's protocol and keeps what it was told."""
    told: list[str] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.append((gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SALESCOMPASS_SENTRY_DSN", f"http://public@127.0.0.1:{server.server_port}/1")
    settings.cache_clear()
    yield told
    sentry_sdk.get_client().close()
    sentry_sdk.init()
    server.shutdown()
    server.server_close()
    monkeypatch.undo()
    settings.cache_clear()


def test_a_report_has_release_and_hashed_tenant_and_no_person(tenant: UUID, collector: list[str]) -> None:
    assert observability.init_sentry()
    # Made at run time: the lines of this very file are part of the report.
    person, password = uuid4().hex, uuid4().hex
    sentry_sdk.set_user({"id": "7", "email": f"{person}@customer.example"})
    observability.record_error(_fail(f"{person}@customer.example password={password}"), where="test", tenant_id=tenant)
    sentry_sdk.flush(10)
    whole = "\n".join(collector)
    assert "ValueError" in whole
    assert observability.release() in whole
    assert '"tenant"' in whole
    for word in (person, password, str(tenant)):
        assert word not in whole
