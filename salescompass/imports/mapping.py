"""Which column becomes which field: suggested from headers, chosen by people, kept for files with the same header."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salescompass.imports.ready import READY
from salescompass.imports.targets import KEYS
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import Target, ValueKind

SURE = 0.85
"""From this confidence on, a suggestion is taken where nobody is asked."""
_WORTH_SHOWING = 0.7
MODES = ("insert", "update", "upsert")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Column:
    """What becomes of a column: the field, and by how much its numbers are multiplied."""

    field: str
    scale: int = 1


@dataclass(frozen=True)
class ColumnMap:
    """How a file is understood. What is None is found in the file.

    `columns` are by the name that `reading` gives them; columns not in it are left out.
    """

    columns: Mapping[str, Column] | None = None
    key: str | None = None
    mode: str | None = None
    dates: str | None = None
    decimal: str | None = None
    zone: str | None = None
    missing: tuple[str, ...] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Suggestion:
    """The field a column seems to be, how sure that is from 0 to 1, and what says so."""

    column: str
    field: str | None
    confidence: float = 0.0
    because: str = ""


def plain(header: str) -> str:
    """A header as it is compared: small letters and digits, words apart, `AnnualRevenue` as two."""
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[^\W_]+", apart.casefold()))


def signature(columns: Sequence[str]) -> str:
    """What files with the same columns have in common, whatever their order."""
    return hashlib.sha256("\n".join(sorted(columns)).encode()).hexdigest()


def suggest(
    kind: str, headers: Mapping[str, str], targets: Sequence[Target], samples: Mapping[str, Sequence[str]]
) -> list[Suggestion]:
    """A field for each column, each field once, the surest first. `headers` are as they stand, by column."""
    ready = _ready_fields(kind, headers)
    scored: list[tuple[float, int, str, str, str]] = []
    for at, (column, header) in enumerate(headers.items()):
        if column in ready:
            scored.append((1.0, at, column, ready[column][0], ready[column][1]))
            continue
        for target in targets:
            score, because = _score(plain(header), target, samples.get(column, ()))
            if score >= _WORTH_SHOWING:
                scored.append((score, at, column, target.key, because))
    given: dict[str, Suggestion] = {}
    taken: set[str] = set()
    for score, _, column, key, because in sorted(scored, key=lambda one: (-one[0], one[1])):
        if column not in given and key not in taken:
            given[column] = Suggestion(column, key, round(score, 2), because)
            taken.add(key)
    return [given.get(column, Suggestion(column, None)) for column in headers]


def _ready_fields(kind: str, headers: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The fields of columns when the header is that of a program's export, and which program."""
    for program, kinds in READY.items():
        known = kinds.get(kind)
        if known is None or not all(any(plain(h) == mark for h in headers.values()) for mark in known.marks):
            continue
        fields = {column: known.columns.get(plain(header)) for column, header in headers.items()}
        return {column: (name, f"as {program} exports it") for column, name in fields.items() if name}
    return {}


def program_of(kind: str, headers: Mapping[str, str]) -> str | None:
    """The program whose export this header is, when it is known."""
    found = _ready_fields(kind, headers)
    return next(iter(found.values()))[1].removeprefix("as ").removesuffix(" exports it") if found else None


def _score(header: str, target: Target, samples: Sequence[str]) -> tuple[float, str]:
    # A column called Status is rarely that of our people, whose word is a choice of three.
    own = () if target.key == "status" else (plain(target.key),)
    names = (plain(target.label), *own, *target.synonyms)
    if header in names:
        return 1.0 - 0.001 * names.index(header), "the same words"
    # Read here: a tenth of a second that no program's start should take.
    from rapidfuzz import fuzz

    best = max((fuzz.token_sort_ratio(header, name) for name in names), default=0.0) / 100
    if best >= SURE and len(header) > 3:
        return min(best, 0.95), "nearly the same words"
    filled = [cell for cell in samples if cell.strip()]
    if target.kind is ValueKind.EMAIL and len(filled) >= 3 and all(map(_ADDRESS.fullmatch, filled)):
        return 0.8, "its cells are addresses"
    return best, "similar words"


def sure_columns(suggestions: Sequence[Suggestion], least: float = SURE) -> dict[str, Column]:
    """The suggestions that need no asking."""
    return {one.column: Column(one.field) for one in suggestions if one.field and one.confidence >= least}


def chosen_key(kind: str, columns: Mapping[str, Column], key: str | None) -> tuple[str, ...]:
    """The fields records are known by: the one that is chosen, else all that are mapped, the surest first."""
    mapped = {one.field for one in columns.values()}
    if {"first_name", "last_name"} & mapped:
        mapped.add("name")
    if key is None:
        found = tuple(one for one in KEYS[kind] if one in mapped)
        if found:
            return found
        raise Invalid(
            f"No column tells which {kind} are meant: map one of {', '.join(KEYS[kind])}",
            field="file", code="missing_columns",
        )  # fmt: skip
    if key not in KEYS[kind] and not key.startswith("custom."):
        raise Invalid(f"{kind} are known by {', '.join(KEYS[kind])} or custom.FIELD", field="key")
    if key not in mapped:
        raise Invalid(f"No column of the file is mapped to the key {key}", field="key", code="missing_columns")
    return (key,)


def read_map(told: Any) -> ColumnMap:
    """A mapping as a file or a form tells it: `{"columns": {...}, ...}` or the columns alone. Raises Invalid."""
    if not isinstance(told, dict):
        raise Invalid('A mapping is a JSON object: {"columns": {"Column": "field"}}', field="map")
    whole = told if "columns" in told else {"columns": told}
    unknown = set(whole) - set(ColumnMap.__dataclass_fields__)
    if unknown:
        raise Invalid(f"A mapping has no {sorted(unknown)[0][:60]!r}", field="map")
    if not isinstance(whole["columns"], dict | None):
        raise Invalid('columns of a mapping is an object: {"Column": "field"}', field="map")
    columns = None if whole["columns"] is None else _columns(whole["columns"])
    texts = {name: _optional_text(whole, name) for name in _TEXTS}
    _check_choice("mode", texts["mode"], MODES)
    _check_choice("dates", texts["dates"], ("dmy", "mdy", "ymd"))
    _check_choice("decimal", texts["decimal"], (".", ","))
    missing = whole.get("missing")
    if missing is not None and not (isinstance(missing, list) and all(isinstance(one, str) for one in missing)):
        raise Invalid("missing of a mapping is a list of words", field="map")
    return ColumnMap(columns, **texts, missing=None if missing is None else tuple(missing))


_TEXTS = ("key", "mode", "dates", "decimal", "zone", "encoding", "delimiter", "sheet")


def _columns(told: dict[Any, Any]) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for header, value in told.items():
        if value is None or value == "":
            continue
        if isinstance(value, str):
            one = Column(value)
        elif isinstance(value, dict) and isinstance(value.get("field"), str) and set(value) <= {"field", "scale"}:
            scale = value.get("scale", 1)
            if not isinstance(scale, int) or not 1 <= scale <= 1_000_000_000:
                raise Invalid(f"scale of the column {str(header)[:60]} is a whole number from 1 on", field="map")
            one = Column(value["field"], scale)
        else:
            raise Invalid(f"The column {str(header)[:60]} needs the name of a field", field="map")
        found["_".join(str(header).lower().split())] = one
    return found


def _optional_text(whole: Mapping[str, Any], name: str) -> str | None:
    value = whole.get(name)
    if value is not None and not (isinstance(value, str) and len(value) <= 200):
        raise Invalid(f"{name} of a mapping is a word", field="map")
    return value


def _check_choice(name: str, value: str | None, choices: Sequence[str]) -> None:
    if value is not None and value not in choices:
        raise Invalid(f"{name} of a mapping is one of {' '.join(choices)}", field="map")


def as_json(mapped: ColumnMap) -> dict[str, Any]:
    """A mapping as it is kept, and as `read_map` takes it."""
    columns = mapped.columns
    whole: dict[str, Any] = {
        "columns": None if columns is None else {
            name: {"field": one.field, "scale": one.scale} if one.scale != 1 else one.field
            for name, one in columns.items()
        },
        "missing": None if mapped.missing is None else list(mapped.missing),
        **{name: getattr(mapped, name) for name in _TEXTS},
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value is not None or name == "columns"}


def check_columns(kind: str, columns: Mapping[str, Column], known: Sequence[str], targets: Sequence[Target]) -> None:
    """Raises Invalid when a mapping names what the file or the kind does not have, or one field twice."""
    by_key = {target.key: target for target in targets}
    for column, one in columns.items():
        if column not in known:
            raise Invalid(f"The file has no column {column}", field="map", code="missing_columns")
        if one.field not in by_key:
            raise Invalid(f"{kind} have no field {one.field[:60]}: choose from {', '.join(by_key)}", field="map")
    fields = [one.field for one in columns.values()]
    twice = next((name for name in fields if fields.count(name) > 1), None)
    if twice:
        raise Invalid(f"Two columns are mapped to {twice}: choose one of them", field="map")
