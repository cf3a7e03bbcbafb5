"""A file before anything is done with it: its columns, what they seem to be, and what can be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from salescompass.imports import NEW_FIELDS, BatchView, ColumnLook, Inspection

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


@dataclass(frozen=True)
class ColumnRow:
    """A column of the file, and the field it becomes unless somebody says otherwise."""

    header: str
    samples: str
    field: str
    hint: str
    asks: bool


@dataclass(frozen=True)
class Choice:
    """An entry of a short list."""

    value: str
    label: str


@dataclass(frozen=True)
class FileLook:
    """What is known of a file before anything is done with it."""

    form: str = ""
    columns: list[ColumnRow] = field(default_factory=list)
    fields: list[Choice] = field(default_factory=list)
    known_by: list[Choice] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    told_encoding: str = ""
    told_delimiter: str = ""
    written: str = ""
    origin: str = ""
    asked: str = ""
    key: str = ""
    mode: str = "upsert"
    dates: str = ""
    shift: bool = False
    dated: bool = False


def file_look(view: BatchView, seen: Inspection, told: tuple[str, str, str], *, defines: bool) -> FileLook:
    """A file before anything is done with it; `told` are encoding, delimiter and sheet where somebody said them.

    `defines`: whether columns may become new fields of the tenant's own.
    """
    chosen = {name: one.field for name, one in (seen.mapping.columns or {}).items()}
    labels = {target.key: target.label for target in seen.targets}
    asks = [one.header for one in seen.columns if one.asks and one.column in chosen]
    separator = _SEPARATORS.get(seen.delimiter, seen.delimiter)
    return FileLook(
        form="-".join(("map", str(view.id), *told)),
        columns=[
            ColumnRow(
                one.header,
                " · ".join(one.samples[:3]),
                chosen.get(one.column, ""),
                _hint(one, chosen, labels) or ("No field is like it" if defines and one.column not in chosen else ""),
                one.asks,
            )
            for one in seen.columns
        ],
        fields=[
            *(Choice(target.key, target.label + (" (needed)" if target.required else "")) for target in seen.targets),
            *(Choice(key, f"New field: {holds}") for key, holds in NEW_FIELDS.items() if defines),
        ],
        known_by=[Choice(key, labels.get(key, key)) for key in seen.keys],
        sheets=list(seen.sheets),
        sheet=told[2] or (seen.mapping.sheet or ""),
        encoding=seen.encoding,
        delimiter=seen.delimiter,
        told_encoding=told[0],
        told_delimiter=told[1],
        written=f"{seen.encoding.upper()}, columns apart by {separator}" if seen.delimiter else "A workbook",
        origin=_origin(seen),
        asked=", ".join(asks),
        key=seen.mapping.key or "",
        mode=seen.mapping.mode or "upsert",
        dates=seen.mapping.dates or "",
        shift=view.shift_dates,
        dated=view.kind in ("events", "opportunities"),
    )


def _origin(seen: Inspection) -> str:
    if seen.saved_name:
        return f"Mapped as you kept it under “{seen.saved_name}”."
    return f"This is how {seen.program} exports: its columns are known." if seen.program else ""


def _hint(one: ColumnLook, chosen: Mapping[str, str], labels: Mapping[str, str]) -> str:
    if not one.field or not one.because:
        return ""
    same = chosen.get(one.column) == one.field
    return f"Suggested: {one.because}" if same else f"Perhaps {labels.get(one.field, one.field)}: {one.because}"
