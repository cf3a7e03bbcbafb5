"""Lists and sweeps find their rows by an index, beyond the tenant: looked at as the application role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

QUERIES = {
    "accounts, the last made first": (
        "SELECT id FROM account WHERE id < :id ORDER BY id DESC LIMIT 50",
        "id",
    ),
    "buckets of a subject": (
        "SELECT n FROM event_bucket WHERE subject_kind = 'person' AND subject_id = :id",
        "subject_id",
    ),
    "what falls due": ("SELECT subject_id FROM score WHERE due_at <= now() ORDER BY due_at LIMIT 100", "due_at"),
    "days to be written": (
        "SELECT subject_id FROM score WHERE stale_from < CURRENT_DATE ORDER BY stale_from LIMIT 100",
        "stale_from",
    ),
    "the best first": (
        "SELECT subject_id FROM score WHERE subject_kind = 'account' AND value < 50 ORDER BY value DESC LIMIT 50",
        "value",
    ),
    "a band": (
        "SELECT subject_id FROM score WHERE subject_kind = 'account' AND band = 'hot' ORDER BY value DESC LIMIT 50",
        "band",
    ),
    "crossings of a subject": (
        "SELECT id FROM band_crossing WHERE subject_kind = 'person' AND subject_id = :id ORDER BY at DESC LIMIT 50",
        "subject_id",
    ),
    "the trend": (
        "SELECT value FROM score_snapshot WHERE subject_kind = 'person' AND subject_id = :id AND day > CURRENT_DATE",
        "subject_id",
    ),
    "an event by its id": ("SELECT type FROM event WHERE id = :id", "id"),
}


def conditions(plan: dict[str, Any]) -> Iterator[str]:
    if "Index Cond" in plan:
        yield plan["Index Cond"]
    for inner in plan.get("Plans", ()):
        yield from conditions(inner)


def scans(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from scans(inner)


@pytest.mark.parametrize("name", QUERIES)
def test_a_list_has_an_index_of_its_own(session: Session, name: str) -> None:
    query, column = QUERIES[name]
    # On small tables the planner may well read everything; what is asked is whether it could do otherwise.
    session.connection().execute(text("SET LOCAL enable_seqscan = off"))
    session.connection().execute(text("SET LOCAL enable_bitmapscan = off"))
    found = session.connection().execute(text(f"EXPLAIN (FORMAT JSON) {query}"), {"id": uuid4()}).scalar_one()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    assert list(scans(plan)) == []
    assert any(f"{column} " in one or f"({column}" in one for one in conditions(plan)), list(conditions(plan))
