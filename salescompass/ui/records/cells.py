"""What a list shows of a record: each value as text, and how it is set. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from salescompass.crm import Holds, RecordView
from salescompass.ui import routes
from salescompass.ui.people import initials, tint
from salescompass.ui.record_words import numeric, said
from salescompass.ui.records.cell_values import raw_of
from salescompass.ui.records.kinds import LIFE, ListKind
from salescompass.vocabulary import RecordKind


@dataclass(frozen=True)
class ListCell:
    """A value in its column. `at` is a moment that is told as "4 min ago"; `href` leads to what is named.

    `raw` is the value as its editor takes it; `none`: there is none, so that a card leaves it out.
    """

    key: str
    label: str
    text: str = ""
    at: str = ""
    href: str = ""
    end: bool = False
    raw: str = ""
    none: bool = False


@dataclass(frozen=True)
class ListRow:
    """A record as it is listed."""

    id: str
    href: str
    name: str
    initial: str
    cells: list[ListCell]
    owner_initials: str = ""
    owner_tint: str = ""


def list_row(record: RecordView, of: ListKind, shown: tuple[str, ...]) -> ListRow:
    """A record with the columns that are shown."""
    known, owner = of.columns, record.names.get("owner_id", "")
    return ListRow(
        str(record.id),
        href_of(record.kind, record.id),
        record.name,
        record.name[:1].upper(),
        [_cell(record, key, *known[key]) for key in shown],
        initials(owner),
        tint(str(record.values.get("owner_id"))) if owner else "",
    )


def href_of(kind: RecordKind, record_id: UUID) -> str:
    """The page of a record."""
    pages = {RecordKind.ACCOUNTS: routes.account, RecordKind.OPPORTUNITIES: routes.deal}
    return pages.get(kind, routes.contact)(str(record_id))


def _cell(record: RecordView, key: str, label: str, holds: Holds) -> ListCell:
    if key in LIFE:
        return ListCell(key, label, end=numeric(holds))
    if key == "tags":
        return ListCell(key, label, ", ".join(record.tags), none=not record.tags)
    if key in ("created_at", "updated_at"):
        return ListCell(key, label, at=getattr(record, key).isoformat())
    value = record.values.get(key)
    if value is None:
        return ListCell(key, label, end=numeric(holds), none=True)
    if holds is Holds.REFERENCE:
        href = routes.account(str(value)) if key in ("account_id", "parent_id") else ""
        return ListCell(key, label, record.names.get(key, ""), href=href, raw=str(value))
    if holds is Holds.MOMENT:
        return ListCell(key, label, at=value.isoformat())
    return ListCell(key, label, said(value, holds, record.values), end=numeric(holds), raw=raw_of(record, key))
