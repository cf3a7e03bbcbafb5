"""Lists and sweeps find their rows by an index, beyond the tenant: looked at as the application role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass.scoring import past, store
from salescompass.scoring.versions import live_config

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


def reads(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each table that is read, with the condition by which its rows are found."""
    if "Relation Name" in plan:
        yield plan["Relation Name"], plan.get("Index Cond", "")
    for inner in plan.get("Plans", ()):
        yield from reads(inner)


def test_past_scores_are_made_subject_by_subject_whatever_the_planner_guesses(session: Session) -> None:
    """Right after an import it guesses that tables are empty, and would join everything with everything."""
    config, today = live_config(session), date(2026, 6, 1)
    given = {"ids": [uuid4() for _ in range(500)], "days": [today] * 500, "kind": "account", "last": today}
    session.connection().execute(text("SET LOCAL enable_seqscan = off"))
    session.connection().execute(text("SET LOCAL enable_bitmapscan = off"))
    found = session.connection().execute(
        text(f"EXPLAIN (FORMAT JSON) {past._accounts_by_day(config)}"),
        {**given, **store.rule_table(config), **past._numbers(config), "end": past.end_of(today)},
    )
    plan = found.scalar_one()
    read = dict(reads((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
    assert "subject_id = told" in read["event_bucket"]
    assert "subject_id = person" in read["score_snapshot"]
