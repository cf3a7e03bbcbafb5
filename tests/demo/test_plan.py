"""A plan says everything: the same one the same bytes, as many events as asked for, ids in the order of time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from salescompass.demo import Plan, chapters
from salescompass.demo.companies import MOST, companies
from salescompass.events import BUILT_IN, Happening
from tests.demo.conftest import UNTIL, Year, years


def _bytes(plan: Plan) -> str:
    told = [
        (year.chapter.company, year.chapter.people, year.chapter.people_ids, year.happenings) for year in years(plan)
    ]
    return json.dumps(told, default=repr)


SMALL = Plan("acme", seed=3, accounts=7, events=900, until=UNTIL)


def test_the_same_plan_says_the_same_bytes() -> None:
    assert _bytes(SMALL) == _bytes(replace(SMALL))


def test_another_process_says_the_same_bytes() -> None:
    """Whatever order its sets have."""
    code = "from tests.demo.test_plan import SMALL, _bytes; print(_bytes(SMALL))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.rstrip("\n") == _bytes(SMALL)


@pytest.mark.parametrize(
    "other",
    [replace(SMALL, seed=4), replace(SMALL, slug="bolt"), replace(SMALL, until=UNTIL - timedelta(days=1))],
    ids=["seed", "tenant", "until"],
)
def test_another_seed_tenant_or_date_says_something_else(other: Plan) -> None:
    assert not _ids(other) & _ids(SMALL)
    assert not _keys(other) & _keys(SMALL)


def _happenings(plan: Plan) -> list[Happening]:
    return [one for year in years(plan) for one in year.happenings]


def _ids(plan: Plan) -> set[object]:
    return {one.id for one in _happenings(plan)}


def _keys(plan: Plan) -> set[str]:
    return {one.key for one in _happenings(plan) if one.key}


@pytest.mark.parametrize(("accounts", "events"), [(1, 1), (1, 5_000), (50, 50), (33, 4_321), (60, 6_000)])
def test_there_are_exactly_as_many_as_asked_for(accounts: int, events: int) -> None:
    found = list(years(replace(SMALL, accounts=accounts, events=events)))
    assert len(found) == accounts
    assert sum(len(year.happenings) for year in found) == events


def test_more_accounts_start_with_the_same_companies() -> None:
    few = list(companies(5, 10))
    assert list(companies(5, 40))[:10] == few


def test_no_two_companies_share_a_name_or_a_domain() -> None:
    some = list(companies(5, 40_000))
    assert len({company.name for company in some}) == len({company.domain for company in some}) == 40_000
    assert MOST >= 100_000


def test_ids_are_version_7_and_in_the_order_of_time(story: tuple[Year, ...]) -> None:
    for year in story:
        ids = [one.id for one in year.happenings]
        times = [one.occurred_at for one in year.happenings]
        assert times == sorted(times)
        for one in year.happenings:
            assert (one.id.version, one.id.variant) == (7, "specified in RFC 4122")
            assert one.id.int >> 80 == round(one.occurred_at.timestamp() * 1000)
        assert len(set(ids)) == len(ids)
    every = [one.id for year in story for one in year.happenings]
    assert len(set(every)) == len(every)


def test_everything_lies_in_the_year_before_the_end(story: tuple[Year, ...], plan: Plan) -> None:
    start = datetime(plan.first.year, plan.first.month, plan.first.day, tzinfo=UTC) - timedelta(days=1)
    for year in story:
        assert all(start <= one.occurred_at < UNTIL for one in year.happenings)
        assert year.chapter.since < start + timedelta(days=1)


def test_every_type_of_the_catalogue_occurs_and_none_else(story: tuple[Year, ...]) -> None:
    assert {one.type for year in story for one in year.happenings} == set(BUILT_IN)


def test_names_can_be_read_and_addresses_reach_nobody(story: tuple[Year, ...]) -> None:
    for year in story:
        company = year.chapter.company
        assert re.fullmatch(r"[A-Z][a-z]+( [A-Z][a-z]+){1,4}", company.name), company.name
        assert re.fullmatch(r"[a-z-]+\.example", company.domain)
        for person in year.chapter.people:
            assert re.fullmatch(r"[a-z]+\.[a-z]+@" + re.escape(company.domain), person.email), person.email
            assert len(person.name.split()) == 2
        assert len({person.email for person in year.chapter.people}) == len(year.chapter.people)


def test_an_event_says_what_it_was_about(story: tuple[Year, ...]) -> None:
    """Something the feed can show beside the name: a subject, a page, a document."""
    said = {"title", "subject", "document", "page", "feature", "project", "name", "topic", "url", "note", "device"}
    for year in story:
        for one in year.happenings:
            assert said & set(one.properties), one.type


def test_chapters_are_made_one_at_a_time() -> None:
    """A large plan costs nothing until it is read."""
    first = next(chapters(replace(SMALL, accounts=100_000, events=20_000_000)))
    assert first.company.index == 0
