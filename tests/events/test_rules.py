"""Conditions on properties, and which rule an event counts in."""

from __future__ import annotations

from typing import Any

import pytest

from salescompass.events import Condition, NarrowRule, Rules, read_conditions
from salescompass.kit.errors import Invalid

PROPERTIES = {
    "page": "/Pricing", "seats": 25, "trial": True, "tags": ["New", 3], "deep": {"er": {"yes": "x"}}, "none": None,
    "a.b": "dotted",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "operator", "value", "holds"),
    [
        ("page", "is", "/pricing", True),
        ("page", "is", "/Pricing ", True),
        ("page", "is_not", "/pricing", False),
        ("gone", "is", "x", False),
        ("gone", "is_not", "x", True),
        ("gone", "not_in", ["x"], True),
        ("none", "exists", None, False),
        ("none", "missing", None, True),
        ("page", "in", ["/a", "/PRICING"], True),
        ("page", "starts_with", "/PRI", True),
        ("page", "ends_with", "cing", True),
        ("page", "contains", "ric", True),
        ("tags", "contains", "new", True),
        ("tags", "contains", 3, True),
        ("seats", "gt", 24, True),
        ("seats", "gte", 25.0, True),
        ("seats", "lt", 25, False),
        ("seats", "lte", 25, True),
        ("seats", "is", 25.0, True),
        ("page", "gt", 1, False),
        ("gone", "lt", 1, False),
        ("trial", "is", True, True),
        ("trial", "is", 1, False),
        ("trial", "gt", 0, False),
        ("deep.er.yes", "is", "X", True),
        ("deep.er.no", "exists", None, False),
        ("a.b", "is", "dotted", True),
        ("page.x", "exists", None, False),
    ],
)
def test_a_condition(name: str, operator: str, value: Any, holds: bool) -> None:
    (condition,) = read_conditions([{"property": name, "operator": operator, "value": value}])
    assert condition.holds(PROPERTIES) is holds
    assert read_conditions([condition.to_json()]) == (condition,)


@pytest.mark.parametrize(
    "stored",
    [
        {"property": "", "operator": "is", "value": "x"},
        {"property": "x", "operator": "like", "value": "x"},
        {"property": "x", "operator": "gt", "value": "5"},
        {"property": "x", "operator": "gt", "value": True},
        {"property": "x", "operator": "in", "value": "x"},
        {"property": "x", "operator": "in", "value": []},
        {"property": "x", "operator": "is", "value": {"a": 1}},
        {"property": "x", "operator": "is", "value": ""},
        {"property": "x", "operator": "starts_with", "value": 5},
        {"operator": "is", "value": 5},
    ],
)
def test_a_condition_that_cannot_be_meant(stored: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        read_conditions([stored])


def test_the_first_rule_that_holds_counts_and_the_bare_type_comes_last() -> None:
    big = NarrowRule("signed_up:big", "signed_up", (Condition("seats", "gte", 100),))
    paid = NarrowRule("signed_up:paid", "signed_up", (Condition("plan", "is", "paid"),))
    rules = Rules([big, paid])
    assert rules.rule_of("signed_up", {"seats": 200, "plan": "paid"}) == "signed_up:big"
    assert rules.rule_of("signed_up", {"seats": 2, "plan": "Paid"}) == "signed_up:paid"
    assert rules.rule_of("signed_up", {}) == "signed_up"
    assert rules.rule_of("page_viewed", {"seats": 200}) == "page_viewed"


def test_another_order_is_another_rule() -> None:
    one = NarrowRule("t:a", "t", (Condition("x", "exists"),))
    two = NarrowRule("t:b", "t", (Condition("y", "exists"),))
    other = NarrowRule("u:c", "u", (Condition("z", "exists"),))
    assert Rules([one, two, other]).changed_types(Rules([two, one, other])) == {"t"}
    assert Rules([one]).changed_types(Rules([one])) == set()
    assert Rules([one, other]).changed_types(Rules([one])) == {"u"}
