"""What can be imported: a newcomer adds a kind here."""

from __future__ import annotations

from salescompass.imports.event_rows import Events
from salescompass.imports.kinds import Kind
from salescompass.imports.records import Records
from salescompass.imports.users import Users
from salescompass.vocabulary import RecordKind

KINDS: dict[str, Kind] = {
    "users": Users(),
    "products": Records(RecordKind.PRODUCTS),
    "accounts": Records(RecordKind.ACCOUNTS),
    "contacts": Records(RecordKind.CONTACTS),
    "leads": Records(RecordKind.LEADS),
    "opportunities": Records(RecordKind.OPPORTUNITIES),
    "events": Events(),
}
"""By the word that commands and screens use, in the order in which a company's files are best brought in."""
