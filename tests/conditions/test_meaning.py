"""What comparisons mean at the edges: days of a zone, texts in their compared form, what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.conditions import Beside, EventCount, Field, Kind, Leaf, Own
from salescompass.conditions.compile import _after
from salescompass.conditions.evaluate import holds
from salescompass.conditions.meaning import Meaning, Reader, meaning

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
AUCKLAND = ZoneInfo("Pacific/Auckland")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
SEEN = Field("seen", "Seen", Kind.MOMENT, Own("seen"))
DUE = Field("due", "Due", Kind.DAY, Own("due"))
AGE = Field("age", "Days since", Kind.AGE, Own("seen"))
NAME = Field("name", "Name", Kind.TEXT, Own("name_norm"), norm=str.casefold)
OWNER = Field("owner", "Owner", Kind.REFERENCE, Own("owner"), refers_to="membership")
SIZE = Field("size", "Size", Kind.NUMBER, Own("size"), whole=True)
TAGS = Field("tags", "Tags", Kind.TAGS, Beside(lambda _: None, absent=frozenset()))  # type: ignore[arg-type, return-value]


def asks(
    field: Field, operator: str, value: Any = None, zone: str = "Pacific/Auckland", now: datetime = NOW
) -> Meaning:
    return meaning(field, Leaf(field.key, operator, value), Reader(now, ZoneInfo(zone)))


def there(text: str) -> datetime:
    """A time on Auckland's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=AUCKLAND)


@pytest.mark.parametrize(
    ("operator", "value", "first", "last"),
    [
        # In Auckland it is the 21st already.
        ("is", "2026-11-21", "2026-11-21T00:00:00", "2026-11-21T23:59:59.999999"),
        ("in_last", 0, "2026-11-21T00:00:00", "2026-11-21T23:59:59.999999"),
        ("in_last", 7, "2026-11-14T00:00:00", "2026-11-21T23:59:59.999999"),
        ("in_next", 1, "2026-11-21T00:00:00", "2026-11-22T23:59:59.999999"),
        ("between", ("2026-09-26", "2026-09-27"), "2026-09-26T00:00:00", "2026-09-27T23:59:59.999999"),
    ],
)
def test_a_day_is_the_tenants(operator: str, value: Any, first: str, last: str) -> None:
    asked = asks(SEEN, operator, value)
    tick = timedelta(microseconds=1)
    assert holds(asked, there(first))
    assert holds(asked, there(last))
    assert not holds(asked, there(first).astimezone(UTC) - tick)
    assert not holds(asked, there(last).astimezone(UTC) + tick)


def test_a_day_that_begins_at_one_o_clock_is_whole() -> None:
    # Clocks went from 0:00 to 1:00 on that day.
    asked = asks(SEEN, "is", "2018-11-04", zone="America/Sao_Paulo")
    begins = datetime(2018, 11, 4, 1, tzinfo=SAO_PAULO)
    assert holds(asked, begins)
    assert not holds(asked, begins.astimezone(UTC) - timedelta(microseconds=1))


def test_before_after_and_longer_ago_leave_the_day_out() -> None:
    assert holds(asks(SEEN, "before", "2026-11-21"), there("2026-11-20T23:59:59.999999"))
    assert not holds(asks(SEEN, "before", "2026-11-21"), there("2026-11-21T00:00:00"))
    assert holds(asks(SEEN, "after", "2026-11-21"), there("2026-11-22T00:00:00"))
    assert not holds(asks(SEEN, "after", "2026-11-21"), there("2026-11-21T23:59:59"))
    assert holds(asks(DUE, "older_than", 7), date(2026, 11, 13))
    assert not holds(asks(DUE, "older_than", 7), date(2026, 11, 14))


@given(st.sampled_from(["is", "is_not", "gt", "gte", "lt", "lte"]), st.integers(0, 60), st.integers(0, 60 * 86_400))
def test_an_age_is_counted_in_days_of_the_calendar(operator: str, wanted: int, ago: int) -> None:
    seen = NOW - timedelta(seconds=ago)
    days = (NOW.astimezone(AUCKLAND).date() - seen.astimezone(AUCKLAND).date()).days
    plainly = {
        "is": days == wanted, "is_not": days != wanted, "gt": days > wanted, "gte": days >= wanted,
        "lt": days < wanted, "lte": days <= wanted,
    }  # fmt: skip
    assert holds(asks(AGE, operator, wanted), seen) is plainly[operator]


def test_an_age_from_to() -> None:
    for days, within in ((1, False), (2, True), (5, True), (6, False)):
        assert holds(asks(AGE, "between", (2, 5)), NOW - timedelta(days=days)) is within


def test_a_window_of_events_begins_with_a_day() -> None:
    reader = Reader(NOW, AUCKLAND)
    assert reader.as_of(EventCount(days=30)).since == there("2026-10-22T00:00:00")
    assert reader.as_of(EventCount()).since is None


@pytest.mark.parametrize("field", [SEEN, DUE, AGE, NAME, OWNER, SIZE])
def test_nothing_holds_for_what_is_missing_but_the_opposites(field: Field) -> None:
    values = {
        Kind.MOMENT: "2026-11-21",
        Kind.DAY: "2026-11-21",
        Kind.AGE: 1,
        Kind.REFERENCE: str(uuid4()),
        Kind.NUMBER: 0,
    }
    value = values.get(field.kind, "a")
    for operator, found in (("is", False), ("is_not", True), ("exists", False), ("missing", True)):
        assert holds(asks(field, operator, value), None) is found
    assert holds(asks(NAME, "in", ("a", "b")), None) is False
    assert holds(asks(NAME, "not_in", ("a", "b")), None) is True
    assert holds(asks(NAME, "not_contains", "a"), None) is True
    assert holds(asks(SIZE, "lt", 5), None) is False


def test_me_is_whoever_reads_and_nobody_when_nobody_reads() -> None:
    me = uuid4()
    leaf = Leaf("owner", "is", "me")
    assert holds(meaning(OWNER, leaf, Reader(NOW, AUCKLAND, me)), me)
    assert not holds(meaning(OWNER, leaf, Reader(NOW, AUCKLAND)), me)
    assert not holds(meaning(OWNER, leaf, Reader(NOW, AUCKLAND)), None)


def test_tags_are_a_set() -> None:
    one, two, other = uuid4(), uuid4(), uuid4()
    mine = frozenset({one, two})
    for operator, wanted, found in (
        ("has_any", (one, other), True), ("has_any", (other,), False), ("has_all", (one, two), True),
        ("has_all", (one, other), False), ("has_none", (other,), True), ("has_none", (one, other), False),
    ):  # fmt: skip
        assert holds(asks(TAGS, operator, tuple(str(each) for each in wanted)), mine) is found, operator
    assert holds(asks(TAGS, "has_none", (str(one),)), frozenset())
    assert not holds(asks(TAGS, "has_any", (str(one),)), frozenset())
    assert holds(asks(TAGS, "missing"), frozenset())


@given(st.text(min_size=1, max_size=5), st.text(max_size=8))
def test_what_starts_so_lies_before_the_first_text_that_does_not(start: str, text: str) -> None:
    after = _after(start)

    def order(word: str) -> list[int]:
        return [ord(letter) for letter in word]

    within = order(start) <= order(text) and (not after or order(text) < order(after))
    assert within is text.startswith(start)
    assert order(start) <= order(start + text)
    assert not after or order(start + text) < order(after)
