"""What stands on the page of every record, whatever its kind: its facts, tags and what was changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import crm
from salescompass.catalogue import options
from salescompass.crm import ChangeView, CustomDefinition, Holds, RecordField, RecordView
from salescompass.identity import Actor
from salescompass.kit.pagination import Page
from salescompass.ui.components.facts import FactLook
from salescompass.ui.components.notes import ChangeLook
from salescompass.ui.record_facts import CUSTOM, facts_of
from salescompass.ui.record_words import said
from salescompass.vocabulary import RecordKind

CHANGES = 12
_MOST_TOLD = 12
_ACTS = {
    "created": "made this record",
    "deleted": "put it into the trash",
    "restored": "brought it back",
    "converted": "made a contact of this lead",
}
_FIELDS = {of.object_type: of.fields for of in crm.RECORD_TYPES.values()}
_LABELS = {"people": "People", "tags": "Tags", "state": "State", "kind": "Kind", "probability": ""}


@dataclass(frozen=True)
class BesideLook:
    """A record's facts and tags."""

    id: str = ""
    currency: str = ""
    facts: list[FactLook] = field(default_factory=list)
    empty: list[FactLook] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def beside_of(session: Session, actor: Actor, record: RecordView) -> tuple[BesideLook, Page[ChangeLook]]:
    """What stands beside a record that was read, and the latest of what was changed."""
    of = crm.RECORD_TYPES[record.kind]
    customs = crm.custom_fields(session, of.object_type)
    choices: dict[str, list[tuple[str, str]]] = {}
    if actor.may("records.write"):
        tables = {one.refers_to for one in of.fields.values()} & {"membership", "product"}
        choices = {name: [(one.value, one.label) for one in options(session, name)] for name in sorted(tables)}
    known, empty = facts_of(record, customs, choices)
    currency = str(record.values.get("currency") or "")
    page = changes_of(session, kind=record.kind, record_id=record.id, currency=currency, customs=customs)
    look = BesideLook(
        id=str(record.id),
        currency=currency,
        facts=known,
        empty=empty,
        tags=list(record.tags),
    )
    return look, page


def changes_of(
    session: Session,
    *,
    kind: RecordKind,
    record_id: UUID,
    currency: str,
    cursor: str | None = None,
    customs: Sequence[CustomDefinition] | None = None,
) -> Page[ChangeLook]:
    """What was done to a record, the latest first; `currency` is that of its amounts."""
    of = crm.RECORD_TYPES[kind]
    own = crm.custom_fields(session, of.object_type) if customs is None else customs
    labels = {one.key: one.label for one in own}
    page = crm.record_changes(session, object_type=of.object_type, object_id=record_id, cursor=cursor, limit=CHANGES)
    return Page(tuple(_change(one, labels, currency) for one in page.items), page.next_cursor)


def _change(one: ChangeView, labels: Mapping[str, str], currency: str) -> ChangeLook:
    source = "over the API" if one.actor_kind == "key" else "by itself" if one.actor_kind == "system" else ""
    if one.batch_id is not None and not one.alone:
        source = "one of many at once"
    told = told_change(one, labels=labels, currency=currency)
    return ChangeLook(
        str(one.id),
        one.actor or "Somebody",
        _ACTS.get(one.act, "changed"),
        told[:_MOST_TOLD],
        one.at.isoformat(),
        source,
    )


def told_change(
    one: ChangeView, *, labels: Mapping[str, str] | None = None, currency: str = "", only: Collection[str] = ()
) -> list[tuple[str, str, str]]:
    """Each field of a change: its name, its value before and after. `labels` are those of custom fields."""
    fields = _FIELDS[one.object_type]
    return [
        (label, _was(one, fields.get(name), before, currency), _was(one, fields.get(name), after, currency))
        for name, (before, after) in one.changes.items()
        if (not only or name in only) and (label := _label(name, fields, labels or {}))
    ]


def _label(name: str, fields: Mapping[str, RecordField], labels: Mapping[str, str]) -> str:
    if name.startswith(CUSTOM):
        return labels.get(name.removeprefix(CUSTOM), "")
    return fields[name].label if name in fields else _LABELS.get(name, "")


def _was(one: ChangeView, about: RecordField | None, value: Any, currency: str) -> str:
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)[:120]
    if about is not None and about.refers_to:
        return one.names.get(str(value), "one out of your sight")[:120]
    if about is not None and about.holds in (Holds.INTEGER, Holds.CHOICE, Holds.BOOLEAN):
        return said(value, about.holds, {})
    if about is not None and about.holds is Holds.MINOR:
        return said(value, about.holds, {"currency": currency})
    return str(value)[:120]
