"""Which fields of a list's records can be given a value there, by which control, and what was typed as a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlmodel import Session

from salescompass import crm
from salescompass.catalogue import options
from salescompass.crm import RECORD_TYPES, Holds, RecordField
from salescompass.kit.errors import Invalid
from salescompass.ui.money import minor
from salescompass.ui.records.kinds import ListKind

_KINDS = {
    Holds.TEXT: "text", Holds.KEY: "text", Holds.DOMAIN: "text", Holds.ZONE: "text", Holds.EMAIL: "email",
    Holds.PHONE: "phone", Holds.URL: "url", Holds.INTEGER: "number", Holds.MINOR: "money", Holds.DAY: "date",
    Holds.CHOICE: "choice", Holds.BOOLEAN: "choice", Holds.REFERENCE: "choice",
}  # fmt: skip
_ELSEWHERE = frozenset({"account_id", "parent_id", "pipeline_id"})
"""References to what is too much for a list: they are chosen by a search, on the record's page."""


@dataclass(frozen=True)
class Option:
    """A value to choose."""

    value: str
    label: str


@dataclass(frozen=True)
class Editor:
    """A field and its control. `bulk`: many records may be given the same value."""

    key: str
    label: str
    kind: str
    options: list[Option] = field(default_factory=list)
    required: bool = False
    bulk: bool = True


def editors(session: Session, *, of: ListKind) -> list[dict[str, Any]]:
    """The editors of a list's fields, those of the tenant's custom fields among them."""
    found = [
        Editor(
            one.key, one.label, _KINDS[one.holds], _options(session, one), one.required,
            bulk=not one.unique and one.key != "name" and one.holds is not Holds.MINOR,
        )
        for one in RECORD_TYPES[of.kind].fields.values()
        if one.holds in _KINDS and not one.once and one.key not in _ELSEWHERE
    ]  # fmt: skip
    for own in crm.custom_fields(session, RECORD_TYPES[of.kind].object_type):
        if not own.retired:
            kind = "choice" if own.kind in ("choice", "boolean") else own.kind
            known = [Option(one, one) for one in own.choices] if own.kind == "choice" else _YES_NO
            found.append(Editor(f"custom.{own.key}", own.label, kind, known if kind == "choice" else [], own.required))
    return [asdict(one) for one in found]


def value_of(of: ListKind, key: str, text: str, currency: str) -> Any:
    """What was typed as the value of a field; None empties it. Raises Invalid for a field that is none of these."""
    if key.startswith("custom."):
        return text.strip() or None
    known = RECORD_TYPES[of.kind].fields.get(key)
    if known is None or known.holds not in _KINDS or known.once or key in _ELSEWHERE:
        raise Invalid("This field cannot be changed here", field="value")
    text = text.strip()
    if not text:
        return None
    return minor(text, currency, field="value") if known.holds is Holds.MINOR else text


def words_of(known: Sequence[dict[str, Any]], key: str, value: str) -> str:
    """A change in words: `Owner: Rosa Lind`."""
    one = next((one for one in known if one["key"] == key), None)
    if one is None:
        raise Invalid("This field cannot be changed here", field="value")
    label = next((option["label"] for option in one["options"] if option["value"] == value), value.strip())
    return f"{one['label']}: {label or 'nothing'}"


def _options(session: Session, one: RecordField) -> list[Option]:
    if one.holds is Holds.REFERENCE:
        return [Option(known.value, known.label) for known in options(session, one.refers_to)]
    if one.holds is Holds.BOOLEAN:
        return _YES_NO
    return [Option(known, known.replace("_", " ").capitalize()) for known in one.choices]


_YES_NO = [Option("true", "Yes"), Option("false", "No")]
