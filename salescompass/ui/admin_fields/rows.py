"""Custom fields as they are listed and edited. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salescompass.crm import CustomDefinition

OBJECTS = (
    ("account", "Accounts", "accounts"),
    ("person", "People", "people"),
    ("opportunity", "Deals", "deals"),
    ("product", "Products", "products"),
)
KINDS = (
    ("text", "Text"),
    ("number", "Number"),
    ("date", "Date"),
    ("boolean", "Yes or no"),
    ("choice", "Choice of one"),
)
_WORDS = dict(KINDS)


@dataclass(frozen=True)
class FieldRow:
    """A field; one without a key is a new one. `options` is a line for each."""

    key: str = ""
    label: str = ""
    kind: str = "text"
    kind_word: str = ""
    options: str = ""
    options_word: str = ""
    required: bool = False
    retired: bool = False
    first: bool = False
    last: bool = False


def field_rows(definitions: Sequence[CustomDefinition]) -> list[FieldRow]:
    """The fields in their order; those used no more come last."""
    used = [one for one in definitions if not one.retired]
    return [
        FieldRow(
            key=one.key,
            label=one.label,
            kind=one.kind,
            kind_word=_WORDS.get(one.kind, one.kind),
            options="\n".join(one.choices),
            options_word=_few(one.choices),
            required=one.required,
            retired=one.retired,
            first=bool(used) and one is used[0],
            last=bool(used) and one is used[-1],
        )
        for one in definitions
    ]


def moved(definitions: Sequence[CustomDefinition], key: str, by: int) -> list[str]:
    """The keys of the fields in use after one has gone up (-1) or down (1)."""
    keys = [one.key for one in definitions if not one.retired]
    if key in keys:
        place = keys.index(key)
        keys.insert(min(max(place + by, 0), len(keys) - 1), keys.pop(place))
    return keys


def _few(choices: Sequence[str]) -> str:
    more = len(choices) - 4
    return ", ".join(choices[:4]) + (f" and {more} more" if more > 0 else "")
