"""What the forms of scoring make of a configuration."""

from __future__ import annotations

from typing import Any

import pytest

from salescompass import events, scoring
from salescompass.kit.errors import Invalid, NotFound
from salescompass.ui.admin_scoring.content import (
    CONDITION_ROWS,
    tried_earlier,
    value_text,
    with_numbers,
    with_rule,
    without_rule,
)
from salescompass.ui.admin_scoring.rows import example, rule_rows

CONTENT = scoring.to_json(scoring.DEFAULT)


def _rule(**fields: str) -> Any:
    empty = {f"{part}_{n}": "" for part in ("property", "operator", "value") for n in range(CONDITION_ROWS)}
    base = {"was": "", "type": "proposal_viewed", "name": "", "points": "15", "group": "intent", "how": "diminishing"}
    return {**empty, **base, "most": "", **fields}


def _numbers(**fields: str) -> Any:
    base = {"k": "40", "cool": "15", "warm": "40", "hot": "70", "note": ""}
    for n, (half_life, cap) in enumerate((("7", "25"), ("21", "60"), ("45", "90"))):
        base |= {f"half_life_{n}": half_life, f"cap_{n}": cap}
    return {**base, **fields}


def test_numbers_change_groups_bands_and_k_and_leave_the_rest() -> None:
    changed = with_numbers(CONTENT, _numbers(half_life_1="30", cap_2="80.5", hot="75", k="50"))
    assert [group["half_life"] for group in changed["groups"]] == [7, 30, 45]
    assert changed["groups"][2]["cap"] == 80.5
    assert (changed["edges"], changed["k"]) == ([15, 40, 75], 50)
    assert CONTENT["k"] == 40
    with pytest.raises(Invalid) as refused:
        with_numbers(CONTENT, _numbers(k="many", cap_0=""))
    assert {error.field for error in refused.value.errors} == {"k", "cap_0"}


def test_a_rule_of_a_whole_type_is_added_once_and_then_changed() -> None:
    once = with_rule(CONTENT, _rule(points="20"))
    assert [(rule["key"], rule["points"], rule["conditions"]) for rule in once["rules"]] == [
        ("proposal_viewed", 20, [])
    ]
    again = with_rule(once, _rule(was="proposal_viewed", points="-3", how="capped", most="4"))
    assert [(rule["points"], rule["how"], rule["most"]) for rule in again["rules"]] == [(-3, "capped", 4)]
    with pytest.raises(Invalid):
        with_rule(once, _rule())


def test_a_rule_with_a_name_counts_what_fits_its_conditions() -> None:
    form = _rule(
        name="Big Plan", property_0="plan", operator_0="is", value_0="gold", property_1="seats", operator_1="gte",
        value_1="50", property_2="trial", operator_2="missing", value_2="",
    )  # fmt: skip
    (rule,) = with_rule(CONTENT, form)["rules"]
    assert rule["key"] == "proposal_viewed:big_plan"
    assert [(one["property"], one["operator"], one["value"]) for one in rule["conditions"]] == [
        ("plan", "is", "gold"), ("seats", "gte", 50), ("trial", "missing", None),
    ]  # fmt: skip
    config = scoring.from_json({**CONTENT, "rules": [rule]}, 2)
    rows = [row for row in rule_rows(config, events.BUILT_IN) if row.type == "proposal_viewed"]
    assert [row.conditions for row in rows] == ["plan is gold and seats is at least 50 and trial is not there", ""]
    assert [row.value for row in rows[0].fields] == ["gold", "50", ""]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "x"}, "property_0"),
        ({"name": "x", "property_0": "a", "operator_0": "gt", "value_0": "many"}, "value_0"),
        ({"name": "x", "property_0": "a", "operator_0": "is", "value_0": ""}, "value_0"),
        ({"points": "much"}, "points"),
        ({"how": "capped", "most": "some"}, "most"),
    ],
)
def test_what_is_missing_is_told_at_its_field(fields: dict[str, str], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        with_rule(CONTENT, _rule(**fields))
    assert wrong in {error.field for error in refused.value.errors}


@pytest.mark.parametrize("value", ["gold", "12", "true", "a, b", 12, 1.5, True, 'say "hi"'])
def test_values_come_back_from_the_form_as_they_were(value: Any) -> None:
    form = _rule(name="x", property_0="a", operator_0="is", value_0=value_text(value))
    (rule,) = with_rule(CONTENT, form)["rules"]
    assert rule["conditions"][0]["value"] == value


def test_rules_of_a_type_change_places_and_leave() -> None:
    content = CONTENT
    for name in ("a", "b"):
        content = with_rule(content, _rule(name=name, property_0="p", operator_0="is", value_0=name))
    content = with_rule(content, _rule(type="form_submitted", points="1"))
    moved = tried_earlier(content, "proposal_viewed:b")
    assert [rule["key"] for rule in moved["rules"]] == ["proposal_viewed:b", "proposal_viewed:a", "form_submitted"]
    assert tried_earlier(moved, "proposal_viewed:b") == moved
    assert len(without_rule(content, "form_submitted")["rules"]) == 2
    with pytest.raises(NotFound):
        without_rule(content, "nothing")
    with pytest.raises(NotFound):
        tried_earlier(content, "nothing")


def test_the_example_is_computed_from_the_configuration() -> None:
    told = example(scoring.DEFAULT, events.BUILT_IN)
    assert told["points"] == "15"
    assert told["half"] == "7.5"
    assert told["days"] == "45"
    assert told["score"] == "31.3"
