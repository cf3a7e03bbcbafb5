"""What forms change in a scoring configuration: each takes the content and gives the next one. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Annotated, Any, Literal, TypedDict

from salescompass.kit.errors import FieldError, Invalid, NotFound
from salescompass.ui.arguments import Text

Content = dict[str, Any]
MOST_GROUPS = 8
CONDITION_ROWS = 3
LISTS, NUMBERS, ALONE = {"in", "not_in"}, {"gt", "gte", "lt", "lte"}, {"exists", "missing"}
_NumberText = Annotated[str, Text(20)]
_Key = Annotated[str, Text(130)]
_Short = Annotated[str, Text(63)]
_Line = Annotated[str, Text(255)]
_Operator = Annotated[str, Text(20)]


class NumbersForm(TypedDict):
    """Groups, bands and how fast the score rises; `half_life` and `cap` per group, in their order."""

    k: _NumberText
    cool: _NumberText
    warm: _NumberText
    hot: _NumberText
    half_life_0: _NumberText
    half_life_1: _NumberText
    half_life_2: _NumberText
    half_life_3: _NumberText
    half_life_4: _NumberText
    half_life_5: _NumberText
    half_life_6: _NumberText
    half_life_7: _NumberText
    cap_0: _NumberText
    cap_1: _NumberText
    cap_2: _NumberText
    cap_3: _NumberText
    cap_4: _NumberText
    cap_5: _NumberText
    cap_6: _NumberText
    cap_7: _NumberText
    note: Annotated[str, Text(500)]


class RuleForm(TypedDict):
    """A rule; `was` is the key it had, empty for a new one. Without a name it is the rule of the whole type."""

    was: _Key
    type: _Short
    name: _Short
    points: _NumberText
    group: _Short
    how: Literal["diminishing", "once", "capped"]
    most: _NumberText
    property_0: _Line
    operator_0: _Operator
    value_0: _Line
    property_1: _Line
    operator_1: _Operator
    value_1: _Line
    property_2: _Line
    operator_2: _Operator
    value_2: _Line


def with_numbers(content: Mapping[str, Any], form: NumbersForm) -> Content:
    """The content with the form's groups, edges and k. Raises Invalid with every field that is no number."""
    problems: list[FieldError] = []

    def number(name: str) -> float:
        try:
            return float(form[name])  # type: ignore[literal-required]
        except ValueError:
            problems.append(FieldError("A number, like 30 or 7.5", field=name))
            return 0.0

    changed = deepcopy(dict(content))
    changed["k"] = number("k")
    changed["edges"] = [number(name) for name in ("cool", "warm", "hot")]
    for place, group in enumerate(changed["groups"]):
        group["half_life"], group["cap"] = number(f"half_life_{place}"), number(f"cap_{place}")
    _raise(problems)
    return changed


def with_rule(content: Mapping[str, Any], form: RuleForm) -> Content:
    """The content with a rule changed or added. Raises Invalid."""
    problems: list[FieldError] = []
    name = form["name"].strip().lower().replace(" ", "_")
    key = f"{form['type']}:{name}" if name else form["type"]
    conditions = _conditions(form, problems) if name else []
    try:
        points = float(form["points"])
    except ValueError:
        points = 0.0
        problems.append(FieldError("A number, like 15 or -8", field="points"))
    try:
        most = int(form["most"] or 0)
    except ValueError:
        most = 0
        problems.append(FieldError("A whole number", field="most"))
    if name and not conditions and not problems:
        problems.append(FieldError("Say which events it counts", field="property_0"))
    changed = deepcopy(dict(content))
    rules = changed["rules"]
    known = next((rule for rule in rules if rule["key"] == form["was"]), None) if form["was"] else None
    if any(rule["key"] == key and rule is not known for rule in rules):
        problems.append(FieldError("There is a rule of this name for this type", field="name"))
    _raise(problems)
    kept = known["conditions"][CONDITION_ROWS:] if known else []
    rule = {
        "key": key, "type": form["type"], "points": points, "group": form["group"], "how": form["how"], "most": most,
        "conditions": [*conditions, *kept] if name else [],
    }  # fmt: skip
    if known is None:
        rules.append(rule)
    else:
        rules[rules.index(known)] = rule
    return changed


def without_rule(content: Mapping[str, Any], key: str) -> Content:
    """The content without a rule: its events count as the bare type, or as the registry says."""
    changed = deepcopy(dict(content))
    left = [rule for rule in changed["rules"] if rule["key"] != key]
    if len(left) == len(changed["rules"]):
        raise NotFound("There is no such rule in the draft")
    changed["rules"] = left
    return changed


def tried_earlier(content: Mapping[str, Any], key: str) -> Content:
    """The content with a narrowing rule tried before the one of its type that stood above it."""
    changed = deepcopy(dict(content))
    rules = changed["rules"]
    place = next((place for place, rule in enumerate(rules) if rule["key"] == key), None)
    if place is None:
        raise NotFound("There is no such rule in the draft")
    above = [
        n for n in range(place) if rules[n]["type"] == rules[place]["type"] and rules[n]["key"] != rules[n]["type"]
    ]
    if above:
        rules.insert(above[-1], rules.pop(place))
    return changed


def value_text(value: Any) -> str:
    """A condition's value as it is typed: text that looks like a number stands in quotation marks."""
    if isinstance(value, list | tuple):
        return ", ".join(value_text(one) for one in value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if _reads_otherwise(value) else value
    return json.dumps(value) if value is not None else ""


def _conditions(form: RuleForm, problems: list[FieldError]) -> list[dict[str, Any]]:
    found = []
    for place in range(CONDITION_ROWS):
        name, operator, typed = (
            str(form[f"{part}_{place}"]).strip()  # type: ignore[literal-required]
            for part in ("property", "operator", "value")
        )
        if not name:
            continue
        value = _value(operator, typed)
        if operator in NUMBERS and not isinstance(value, int | float):
            problems.append(FieldError("Compare with a number", field=f"value_{place}"))
        elif operator not in ALONE and not typed:
            problems.append(FieldError("Give a value", field=f"value_{place}"))
        found.append({"property": name, "operator": operator, "value": value})
    return found


def _value(operator: str, typed: str) -> Any:
    if operator in ALONE:
        return None
    if operator in LISTS:
        return [_read(part.strip()) for part in typed.split(",") if part.strip()]
    if operator in ("contains", "starts_with", "ends_with"):
        return typed.strip('"')
    return _read(typed)


def _read(typed: str) -> Any:
    """`12` is a number, `true` is yes, `"12"` and `gold` are text."""
    try:
        value = json.loads(typed)
    except ValueError:
        return typed
    return value if isinstance(value, str | int | float | bool) else typed


def _reads_otherwise(text: str) -> bool:
    return not isinstance(_read(text), str) or "," in text or text.startswith('"')


def _raise(problems: list[FieldError]) -> None:
    if problems:
        raise Invalid("; ".join(one.message for one in problems[:3]), errors=tuple(problems))
