"""What is told about the product: with a request id, without persons."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from salescompass.kit.database import tenant_session
from salescompass.kit.observability import record_error, request_id, without_personal_data
from salescompass.kit.scrub import scrub
from salescompass.models import ErrorEvent
from tests.process.conftest import clean_environment

SECRETS = (
    "kim.lee+crm@customer.example",
    "+49 170 1234567",
    "hunter2secret",
    "sc_9a8b7c6d5e4f3g2h",
)


@pytest.mark.parametrize(
    "text",
    [
        "no account for kim.lee+crm@customer.example here",
        "called +49 170 1234567 twice",
        "postgresql://sc_app:hunter2secret@db/compass refused",
        "Authorization: Bearer sc_9a8b7c6d5e4f3g2h",
        '{"password": "hunter2secret"}',
        "GET /_event?token=sc_9a8b7c6d5e4f3g2h&x=1",
        "duplicate key\nDETAIL: Key (email)=(kim.lee+crm@customer.example) exists",
        "[SQL: UPDATE x] [parameters: {'phone': '+49 170 1234567'}]",
    ],
)
def test_texts_lose_persons_and_secrets(text: str) -> None:
    cleaned = scrub(text)
    assert not any(secret in cleaned for secret in SECRETS), cleaned


@pytest.mark.parametrize(
    "text",
    [
        "row 4711 of 11343 failed",
        "2026-11-20 11:07:43 tenant 01a1f8ab-1cdd-779b-a5a1-43abd879c62f",
        "http://127.0.0.1:8000/health/ready answered 503",
        "/srv/salescompass/salescompass/kit/jobs.py:141",
    ],
)
def test_texts_keep_what_is_needed_to_understand(text: str) -> None:
    assert scrub(text) == text


def test_logs_are_json_with_the_request_id() -> None:
    code = (
        "import logging\n"
        "from salescompass.kit.observability import configure_logging, request_id\n"
        "configure_logging()\n"
        "request_id.set('r-1')\n"
        "logging.getLogger('x').warning('%s wrote', 'kim@customer.example', extra={'tenant': 't-1'})\n"
        "try:\n    {}['kim@customer.example']\n"
        "except KeyError:\n    logging.getLogger('x').exception('broke')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean_environment(), capture_output=True, text=True, check=True
    )
    first, second = (json.loads(line) for line in done.stderr.splitlines())
    assert (first["event"], first["request_id"], first["tenant"], first["level"]) == (
        "[email] wrote", "r-1", "t-1", "warning",
    )  # fmt: skip
    assert "KeyError" in second["exception"]
    assert "kim@" not in done.stderr


def test_a_report_for_sentry_names_nobody() -> None:
    event = {
        "user": {"id": "m-1", "email": SECRETS[0], "ip_address": "192.0.2.7"},
        "request": {
            "method": "POST", "url": "https://crm.example/x?token=sc_9a8b7c6d5e4f3g2h",
            "cookies": {"session": "hunter2secret"}, "headers": {"Cookie": "hunter2secret"}, "data": SECRETS[0],
        },
        "extra": {"row": SECRETS[0]},
        "exception": {"values": [{"type": "ValueError", "value": f"{SECRETS[0]} is taken"}]},
        "breadcrumbs": {"values": [{"message": f"mail to {SECRETS[0]}"}]},
    }  # fmt: skip
    told = json.dumps(without_personal_data(event))
    assert not any(secret in told for secret in (*SECRETS, "192.0.2.7"))
    assert "m-1" in told
    assert "ValueError" in told


def _break(value: str) -> Exception:
    try:
        raise ValueError(f"{value} cannot be {SECRETS[0]}")
    except ValueError as error:
        return error


def test_the_same_error_is_one_row_that_counts(tenant: UUID) -> None:
    token = request_id.set(f"r-{uuid4()}")
    try:
        references = [record_error(_break(value), where="FeedState.load", tenant_id=tenant) for value in ("a", "b")]
    finally:
        request_id.reset(token)
    with tenant_session(tenant) as session:
        row = session.exec(select(ErrorEvent)).one()
    assert (row.n, row.kind, row.request_id) == (2, "builtins.ValueError", references[0])
    assert SECRETS[0] not in row.message
    assert row.place.startswith("FeedState.load (")


def test_another_tenant_does_not_see_it(tenant: UUID, session: Session, make_tenant: object) -> None:
    record_error(_break("a"), where="FeedState.load", tenant_id=tenant)
    other = make_tenant()  # type: ignore[operator]
    with tenant_session(other) as elsewhere:
        assert elsewhere.exec(select(ErrorEvent)).all() == []


def test_an_error_that_cannot_be_kept_is_not_a_second_error(servers: dict[str, str]) -> None:
    logging.getLogger("salescompass.kit.observability").setLevel(logging.CRITICAL)
    try:
        assert record_error(_break("a"), where="job", tenant_id=uuid4())
    finally:
        logging.getLogger("salescompass.kit.observability").setLevel(logging.NOTSET)


def test_metrics_of_all_processes_are_added_up(servers: dict[str, str], tmp_path: os.PathLike[str]) -> None:
    count = "from salescompass.kit.metrics import JOBS; JOBS.labels('drain', 'done').inc(2)"
    environment = clean_environment(PROMETHEUS_MULTIPROC_DIR=str(tmp_path), **servers)
    for _ in range(2):
        subprocess.run([sys.executable, "-c", count], env=environment, check=True)
    show = "from salescompass.kit.metrics import metrics_text; print(metrics_text()[0].decode())"
    done = subprocess.run(
        [sys.executable, "-c", show], env=environment, check=True, capture_output=True, text=True
    ).stdout
    assert 'salescompass_jobs_total{job="drain",outcome="done"} 4.0' in done
    assert "salescompass_outbox_waiting" in done
