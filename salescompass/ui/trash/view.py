"""What the page of the trash and of recent changes shows. Pure but for reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import crm, identity
from salescompass.crm import RECORD_TYPES, ChangeView, RowOutcome
from salescompass.identity import Actor
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import parse_id
from salescompass.ui import routes
from salescompass.vocabulary import RecordKind

KINDS = {"account": "Accounts", "person": "People", "opportunity": "Deals", "product": "Products"}
"""What is in the trash, as people call it."""
_OF = {
    "account": RecordKind.ACCOUNTS, "person": RecordKind.CONTACTS, "opportunity": RecordKind.OPPORTUNITIES,
    "product": RecordKind.PRODUCTS,
}  # fmt: skip
_ONE = {"account": "Account", "person": "Person", "opportunity": "Deal", "product": "Product"}
_PAGES = {"account": routes.account, "person": routes.contact, "opportunity": routes.deal}
_ACTS = {"created": "made", "deleted": "deleted", "restored": "brought back", "converted": "converted"}
_PAGE = 50


@dataclass(frozen=True)
class TrashRow:
    """A deleted record, or a change. `key` is what is brought back, `batch` what can be undone."""

    key: str
    kind: str
    name: str
    href: str
    who: str
    at: str
    what: list[str] = field(default_factory=list)
    batch: str = ""


@dataclass(frozen=True)
class TrashLook:
    """A page of either tab, and the people that it can be narrowed to."""

    rows: list[TrashRow]
    next_cursor: str | None
    people: list[tuple[str, str]]


def trash_look(
    session: Session, actor: Actor, *, changes: bool, kind: str, person: str, since: datetime, cursor: str | None
) -> TrashLook:
    """What was deleted since a moment, or changed."""
    asked: dict[str, Any] = {"object_type": kind or None, "actor_id": parse_id(person), "since": since}
    people = [(str(one.id), one.name) for one in identity.members(session)]
    if changes:
        acts = crm.record_changes(session, **asked, cursor=cursor, limit=_PAGE)
        return TrashLook([_changed(one, actor) for one in acts.items], acts.next_cursor, people)
    gone = crm.trashed(session, **asked, cursor=cursor, limit=_PAGE)
    rows = [
        TrashRow(f"{one.object_type}:{one.id}", _ONE[one.object_type], one.name, "", one.actor, one.at.isoformat())
        for one in gone.items
    ]
    return TrashLook(rows, gone.next_cursor, people)


def brought_back(session: Session, actor: Actor, *, chosen: list[str]) -> list[RowOutcome]:
    """Restore records of any kinds, companies before their people and deals."""
    if not chosen:
        raise Invalid("Choose what shall come back")
    outcomes: list[RowOutcome] = []
    for name, kind in _OF.items():
        found = [parse_id(key.partition(":")[2]) for key in chosen if key.startswith(f"{name}:")]
        ids: list[UUID] = [one for one in found if one is not None]
        if ids:
            outcomes += crm.restore_records(session, actor, kind, ids)
    return outcomes


def _changed(one: ChangeView, actor: Actor) -> TrashRow:
    page = _PAGES.get(one.object_type)
    mine = one.alone and one.actor_id == actor.member_id
    return TrashRow(
        str(one.id),
        _ONE[one.object_type],
        one.record,
        page(str(one.object_id)) if page else "",
        one.actor or "Somebody",
        one.at.isoformat(),
        _told(one),
        str(one.batch_id) if mine else "",
    )


def _told(one: ChangeView) -> list[str]:
    """Each field with what it was and what it is; at most six."""
    if one.act != "changed":
        return [_ACTS.get(one.act, one.act)]
    fields = RECORD_TYPES[_OF[one.object_type]].fields
    labels = {"people": "People", "state": "State"} | {key: about.label for key, about in fields.items()}
    labels |= {about.shown: about.label for about in fields.values()}
    told = [
        f"{labels.get(name, name.removeprefix('custom.'))}: {_was(one.names, pair[0])} → {_was(one.names, pair[1])}"
        for name, pair in one.changes.items()
        if not name.endswith("_norm") and name not in ("stage_entered_at", "probability")
    ]
    return told[:6] or ["changed"]


def _was(names: Mapping[str, str], value: object) -> str:
    if value is None or value == "":
        return "nothing"
    return names.get(str(value), str(value))[:80]
