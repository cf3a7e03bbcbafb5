"""What an editor of conditions offers: the fields of a type of records, those of related ones, and their operators.

The shape is react-querybuilder's: each field with its operators and choices; related records as fields with match modes
and the fields of theirs. Pure.
"""

from __future__ import annotations

from typing import Any

from salescompass.conditions.fields import Catalogue, Field, Kind, ObjectType
from salescompass.conditions.operators import OF_KIND, OPERATORS, Takes
from salescompass.conditions.tree import Match

_INPUTS = {
    Kind.NUMBER: "number",
    Kind.MONEY: "number",
    Kind.AGE: "number",
    Kind.DAY: "date",
    Kind.MOMENT: "date",
}
_MATCHES = {
    Match.SOME: "some",
    Match.NONE: "none",
    Match.ALL: "all",
    Match.AT_LEAST: "at least",
    Match.AT_MOST: "at most",
    Match.EXACTLY: "exactly",
}


def editor_fields(catalogue: Catalogue, object: str, *, steps: int = 1) -> list[dict[str, Any]]:
    """The fields of a type of records, and those of related ones up to so many `steps` away."""
    kind = catalogue.type(object)
    found = [_described(field, kind.label) for field in kind.fields.values()]
    for relation in kind.relations.values() if steps else ():
        inner = editor_fields(catalogue, relation.to, steps=steps - 1)
        if relation.many:
            found.append(_several(relation.key, relation.label, kind, inner))
        else:
            found += [_led_to(field, relation.key, relation.label) for field in inner]
    return found


def _described(field: Field, group: str) -> dict[str, Any]:
    choices = [{"name": choice.value, "label": choice.label} for choice in field.choices]
    return {
        "name": field.key,
        "label": field.label,
        "group": group,
        "kind": field.kind.value,
        "inputType": _INPUTS.get(field.kind, "text"),
        "operators": [_operator(key) for key in OF_KIND[field.kind]],
        "values": choices,
        "refersTo": field.refers_to,
        "whole": field.whole,
    }


def _operator(key: str) -> dict[str, Any]:
    operator = OPERATORS[key]
    arity = {"arity": "unary"} if operator.takes is Takes.NOTHING else {}
    return {"name": key, "label": operator.label, "takes": operator.takes.value, **arity}


def _led_to(field: dict[str, Any], key: str, label: str) -> dict[str, Any]:
    return {**field, "name": f"{key}.{field['name']}", "label": f"{label} {field['label'].lower()}", "group": label}


def _several(key: str, label: str, kind: ObjectType, inner: list[dict[str, Any]]) -> dict[str, Any]:
    modes = [{"name": match.value, "label": words, "counts": match.counts} for match, words in _MATCHES.items()]
    return {
        "name": key,
        "label": label,
        "group": kind.label,
        "kind": "related",
        "operators": [{"name": "=", "label": "are such that", "takes": Takes.NOTHING.value}],
        "matchModes": modes,
        "subproperties": inner,
    }
