"""The fields of a record as facts: what is shown, how it stands in a field, and what was typed as a value again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import crm
from salescompass.catalogue import catalogue
from salescompass.crm import CustomDefinition, Holds, RecordField, RecordView
from salescompass.kit.errors import Changed, Exists, Invalid
from salescompass.ui import routes
from salescompass.ui.components.facts import FactLook
from salescompass.ui.money import minor, typed
from salescompass.ui.record_words import callable_number, said
from salescompass.vocabulary import RecordKind

CUSTOM = "custom."
_ELSEWHERE = frozenset({"stage_id", "pipeline_id", "closed_at"})
"""They have a place of their own on the page, or follow from another field."""
_EDITORS = {
    Holds.LINES: "lines", Holds.CHOICE: "choice", Holds.DAY: "date", Holds.INTEGER: "number", Holds.MINOR: "number",
}  # fmt: skip
_CUSTOM_EDITORS = {"number": "number", "date": "date", "boolean": "choice", "choice": "choice"}
_YES_NO = [("true", "Yes"), ("false", "No")]
_LONGEST_TEXT = 1000


def facts_of(
    record: RecordView, customs: Sequence[CustomDefinition], choices: Mapping[str, list[tuple[str, str]]]
) -> tuple[list[FactLook], list[FactLook]]:
    """The facts that are known, and those that are not. `choices` are ids and names by the table referred to."""
    fields = crm.RECORD_TYPES[record.kind].fields
    found = [_fact(record, one, choices) for one in fields.values() if one.key not in _ELSEWHERE]
    found += [_own_fact(record, one) for one in customs if not one.retired]
    return [one for one in found if one.value], [one for one in found if not one.value and one.editor]


def _fact(record: RecordView, one: RecordField, choices: Mapping[str, list[tuple[str, str]]]) -> FactLook:
    value = record.values.get(one.key) if one.key != "created_at" else record.created_at
    editor = "" if one.once else _EDITORS.get(one.holds, "text")
    options: list[tuple[str, str]] = [(choice, said(choice, one.holds, {})) for choice in one.choices]
    if one.refers_to:
        editor = "record" if one.refers_to == "account" else "choice"
        options = choices.get(one.refers_to, [])
    return FactLook(
        one.key, one.label, _words(record, one, value), _href(one, value), typed_fact(record, one.key), editor,
        _help(record, one), 30 if one.holds is Holds.MINOR else min(one.most, 10_000), options,
    )  # fmt: skip


def _words(record: RecordView, one: RecordField, value: Any) -> str:
    if value is None:
        return ""
    if one.refers_to:
        return record.names.get(one.key, "Out of your sight")
    if one.holds is Holds.MOMENT:
        return f"{value.day} {value:%b %Y}"
    return str(value) if one.key == "founded" else said(value, one.holds, record.values)


def _href(one: RecordField, value: Any) -> str:
    if not value:
        return ""
    if one.refers_to == "account":
        return routes.account(str(value))
    if one.holds is Holds.EMAIL:
        return f"mailto:{value}"
    if one.holds is Holds.PHONE:
        return f"tel:{callable_number(str(value))}"
    if one.holds is Holds.DOMAIN:
        return f"https://{value}"
    return str(value) if one.holds is Holds.URL else ""


def _help(record: RecordView, one: RecordField) -> str:
    if one.holds is Holds.MINOR and record.values.get("currency"):
        return f"In {record['currency']}, like 1250.50"
    return "The beginning of a name" if one.refers_to == "account" else ""


def _own_fact(record: RecordView, one: CustomDefinition) -> FactLook:
    value, key = record.custom.get(one.key), CUSTOM + one.key
    words = "" if value is None else ("Yes" if value else "No") if one.kind == "boolean" else str(value)
    if one.kind == "number" and value is not None:
        words = f"{value:,}"
    options = _YES_NO if one.kind == "boolean" else [(choice, choice) for choice in one.choices]
    editor = _CUSTOM_EDITORS.get(one.kind, "text")
    return FactLook(key, one.label, words, "", typed_fact(record, key), editor, "", _LONGEST_TEXT, options)


def typed_fact(record: RecordView, key: str) -> str:
    """A field's value as it stands in a form."""
    if key.startswith(CUSTOM):
        value = record.custom.get(key.removeprefix(CUSTOM))
        return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    one, value = crm.RECORD_TYPES[record.kind].fields[key], record.values.get(key)
    if value is None:
        return ""
    if one.holds is Holds.MINOR:
        return typed(value, str(record["currency"] or ""))
    if one.refers_to == "account":
        return record.names.get(key, "")
    return value.isoformat() if one.holds is Holds.DAY else str(value)


def changed_fact(
    session: Session, actor: Any, *, kind: RecordKind, record_id: UUID, key: str, value: str, was: Sequence[str]
) -> RecordView:
    """Change a field to what was typed. Raises Invalid, and Changed when its value is none of those seen (`was`)."""
    record = crm.get_record(session, kind, record_id)
    known = crm.RECORD_TYPES[record.kind].fields
    if not key.startswith(CUSTOM) and (key not in known or known[key].once or key in _ELSEWHERE):
        raise Invalid("This field cannot be changed", field="value")
    here = typed_fact(record, key)
    if here not in was:
        told = f"“{here}”" if here else "empty"
        raise Changed(f"Somebody has changed this meanwhile: it is {told} now. Save again to put yours", field="value")
    fields = _given(session, record, key, value)
    try:
        return crm.update_record(session, actor, record.kind, record_id, fields, version=record.row_version)
    except (Invalid, Exists) as error:
        raise type(error)(error.message, field="value") from error


def _given(session: Session, record: RecordView, key: str, value: str) -> Mapping[str, Any]:
    text = value.strip()
    if key.startswith(CUSTOM):
        return {"custom": {key.removeprefix(CUSTOM): text or None}}
    one = crm.RECORD_TYPES[record.kind].fields[key]
    if not text:
        return {key: None}
    if one.holds is Holds.MINOR:
        currency = str(record["currency"] or "") or catalogue(session).currency
        return {key: minor(text, currency, field="value"), "currency": currency}
    if one.holds is Holds.INTEGER:
        return {key: text.replace(",", "").replace(" ", "")}
    return {key: account_called(session, text) if one.refers_to == "account" else text}


def account_called(session: Session, text: str) -> UUID:
    """The one account that is called so; where several are, with its domain in brackets. Raises Invalid."""
    columns = crm.RECORD_TYPES[RecordKind.ACCOUNTS].table.c
    tries = [columns.name_norm == crm.name_norm(text)]
    if text.endswith(")"):
        name, _, domain = text[:-1].rpartition(" (")
        tries.append((columns.name_norm == crm.name_norm(name)) & (columns.domain_norm == domain.strip().casefold()))
    for where in tries:
        found = crm.list_records(session, RecordKind.ACCOUNTS, where=where, limit=2).items
        if len(found) == 1:
            return found[0].id
        if found:
            told = "Several are called so: choose the one with its domain from the list"
            raise Invalid(told, field="value", code="several")
    raise Invalid("No account is called so: choose one from the list", field="value")


def accounts_like(session: Session, *, text: str) -> list[str]:
    """Names of accounts that a field suggests; those of namesakes with their domains."""
    found = crm.list_records(session, RecordKind.ACCOUNTS, search=text, sort="name", limit=8).items if text else ()
    names = [one.name for one in found]
    return [
        f"{one.name} ({one['domain']})" if names.count(one.name) > 1 and one["domain"] else one.name for one in found
    ]
