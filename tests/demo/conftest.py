"""A plan to look at, made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from salescompass.demo import Chapter, Plan, chapters
from salescompass.events import Happening

UNTIL = datetime(2026, 7, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Year:
    """An account and all that happened at it."""

    chapter: Chapter
    happenings: tuple[Happening, ...]


def years(plan: Plan) -> Iterator[Year]:
    """Every account of a plan with its year."""
    for chapter in chapters(plan):
        yield Year(chapter, tuple(chapter.happenings(chapter.account_id, chapter.people_ids)))


@pytest.fixture(scope="session")
def plan() -> Plan:
    """Large enough that everything occurs."""
    return Plan("acme", seed=7, accounts=120, events=30_000, until=UNTIL)


@pytest.fixture(scope="session")
def story(plan: Plan) -> tuple[Year, ...]:
    """Everything that plan says."""
    return tuple(years(plan))
