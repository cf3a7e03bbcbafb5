"""The lists of records: which columns each shows at first, what it may be narrowed to, and its words. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from salescompass.crm import RECORD_TYPES, Holds
from salescompass.ui import routes
from salescompass.ui.score_words import band_word
from salescompass.vocabulary import Band, RecordKind

_BESIDE = {
    "created_at": ("Created", Holds.MOMENT),
    "updated_at": ("Changed", Holds.MOMENT),
    "state": ("State", Holds.TEXT),
    "tags": ("Tags", Holds.TEXT),
}
LIFE = {
    "score": ("Score", Holds.TEXT),
    "trend": ("Trend, 7 days", Holds.TEXT),
    "signal": ("Last signal", Holds.TEXT),
    "people": ("People", Holds.INTEGER),
}
_NEVER = frozenset({"name", "currency", "first_name", "last_name", "description", "pipeline_id"})


@dataclass(frozen=True)
class ListKind:
    """A list of records. `noun` is one of them, `first` the columns shown until somebody chooses others.

    `states` are what `narrow` in the address may be; `lively` lists tell scores and what happened last.
    """

    kind: RecordKind
    path: str
    title: str
    noun: str
    place: str
    first: tuple[str, ...]
    asks: tuple[str, ...]
    hint: str
    states: tuple[tuple[str, str], ...] = ()
    narrow: str = "state"
    order: str = "-created_at"
    lively: bool = False

    @property
    def columns(self) -> dict[str, tuple[str, Holds]]:
        """Every column that may be shown beside the name: its label and what it holds."""
        fields = RECORD_TYPES[self.kind].fields
        found = {key: (one.label, one.holds) for key, one in fields.items() if key not in _NEVER}
        beside = {
            key: about for key, about in _BESIDE.items() if key != "state" or (self.states and self.narrow == "state")
        }
        return (LIFE if self.lively else {}) | found | beside


ACCOUNTS = ListKind(
    RecordKind.ACCOUNTS,
    routes.ACCOUNTS,
    "Accounts",
    "account",
    "accounts",
    ("score", "trend", "signal", "people", "owner_id"),
    ("name", "domain", "industry", "city"),
    "Accounts come with events and with files: the first event that names a company makes one.",
    tuple((band.value, band_word(band)) for band in (Band.HOT, Band.WARM, Band.COOL, Band.COLD)),
    narrow="band",
    order="-score",
    lively=True,
)
CONTACTS = ListKind(
    RecordKind.CONTACTS,
    routes.CONTACTS,
    "Contacts",
    "contact",
    "contacts",
    ("account_id", "title", "email", "owner_id", "updated_at"),
    ("name", "email", "title", "phone"),
    "Contacts come with events, files and the API, or are made here one by one.",
)
LEADS = ListKind(
    RecordKind.LEADS,
    routes.LEADS,
    "Leads",
    "lead",
    "leads",
    ("lead_status", "source_original", "email", "owner_id", "created_at"),
    ("name", "email", "phone", "source_original"),
    "A lead is a person nobody has spoken with yet. Bring a file of them in, or make one here.",
)
DEALS = ListKind(
    RecordKind.OPPORTUNITIES,
    routes.DEALS,
    "Deals",
    "deal",
    "deals",
    ("account_id", "stage_id", "amount_minor", "close_date", "owner_id"),
    ("name", "amount_minor", "close_date", "source"),
    "A deal is what a customer may buy: an amount, a stage and a day by which it should close.",
    (("open", "Open"), ("won", "Won"), ("lost", "Lost")),
)
BOARD = replace(DEALS, path=routes.BOARD)
"""The deals of the same address as cards in the columns of their stages."""
