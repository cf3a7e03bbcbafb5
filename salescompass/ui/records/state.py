"""What a list of records knows: a page of them, and the address's search, filters, order, columns and view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, TypedDict

import reflex as rx
from sqlmodel import Session

from salescompass import crm
from salescompass.catalogue import catalogue
from salescompass.identity import Actor
from salescompass.kit.errors import Invalid
from salescompass.ui.arguments import Line, Name, Search, Text
from salescompass.ui.components.searching import follow_address
from salescompass.ui.event_list import echo_of
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import form_outcome
from salescompass.ui.records.asked import fields_of
from salescompass.ui.records.cells import ListRow, href_of, list_row, numeric
from salescompass.ui.records.exporting import ListToFile
from salescompass.ui.records.filter_state import ListFilter
from salescompass.ui.records.filtering import Filter, offered, read_filter
from salescompass.ui.records.kinds import DEALS, LEADS, ListKind
from salescompass.ui.records.list_screen import NEWEST
from salescompass.ui.records.narrowing import Lens, condition
from salescompass.ui.records.view_state import ListViews
from salescompass.ui.records.views import view_href

_PAGE = 50
StateKey = Annotated[str, Text(20)]


class NewRecord(TypedDict):
    """The form of a new record; each list asks for some of these."""

    name: Name
    email: Line
    phone: Line
    title: Line
    source: Line
    source_original: Line
    amount_minor: Line
    close_date: Line


@dataclass(frozen=True)
class Head:
    """The heading of a column; with `href` it sorts by it."""

    key: str
    label: str
    sort: str = ""
    href: str = ""
    end: bool = False


@dataclass(frozen=True)
class Choice:
    """A column that may be shown."""

    key: str
    label: str
    on: bool
    href: str


@dataclass(frozen=True)
class Listed:
    """A page of a list, read in one transaction."""

    rows: list[ListRow] = field(default_factory=list)
    next_cursor: str | None = None
    count: int = 0
    whole: bool = True
    filter: Filter = field(default_factory=Filter)
    views: tuple[crm.ListView, ...] = ()
    offered: dict[str, Any] = field(default_factory=dict)


def listed(
    session: Session, actor: Actor, *, of: ListKind, lens: Lens, cursor: str | None, editing: bool = False
) -> Listed:
    """A page of records; the first also tells how many there are, the filter in words, and the saved views."""
    found = read_filter(session, actor, of=of, text=lens.where)
    where = condition(of.kind, lens, actor, also=found.where)
    page = crm.list_records(
        session, of.kind, where=where, search=lens.q, sort=lens.sort, cursor=cursor, limit=_PAGE
    )  # fmt: skip
    rows = [list_row(one, of, lens.columns) for one in page.items]
    if cursor is not None:
        return Listed(rows, page.next_cursor)
    count = crm.count_records(session, of.kind, where=where, search=lens.q)
    whole = bool(rows) or (lens.narrowed and crm.count_records(session, of.kind) > 0)
    views = tuple(crm.saved_views(session, actor, kind=of.kind))
    # What is compared is the database's business: only words leave this transaction.
    told = Filter(words=found.words, problem=found.problem)
    return Listed(rows, page.next_cursor, count, whole, told, views, offered(session, of=of) if editing else {})


def created(session: Session, actor: Actor, *, of: ListKind, form: Mapping[str, str]) -> str:
    """Make a record of what was typed; the address of its page."""
    made = crm.create_record(session, actor, of.kind, fields_of(of, form, catalogue(session).currency))
    return href_of(made.kind, made.id)


class RecordList(ListFilter, ListViews, ListToFile, mixin=True):
    """A list of one kind of records."""

    rows: list[ListRow] = []
    heads: list[Head] = []
    choices: list[Choice] = []
    count: str = ""
    q: str = ""
    only: str = ""
    mine: bool = False
    mine_href: str = ""
    name_sort: str = "none"
    name_href: str = ""
    new_href: str = "#new"
    narrowed: bool = False
    empty: bool = False
    more: bool = False
    echo: str = ""
    loaded: bool = False

    _cursor: str | None = None

    @guarded("records.read", track=False)
    async def load(self) -> Any:
        """The first page of what the address asks for."""
        self._lens = self._asked()
        found = await self._page(None)
        bare = None if self._lens.kept(self._of, NEWEST) else self._lens.view
        for view in found.views:
            if str(view.id) == bare and view.state:
                # An address of nothing but a view means what the view holds.
                return rx.redirect(view_href(self._of.path, view), replace=True)
        self._tell_filter(found.filter, found.offered)
        self._tell_views(found.views)
        self.rows, self.empty = found.rows, not found.whole
        self._tell(found.count)
        self.loaded, self.echo = True, echo_of(self)
        return follow_address("record-search", self.q)

    @guarded("records.read")
    async def load_more(self) -> None:
        """The next page, below."""
        found = await self._page(self._cursor)
        self.rows = [*self.rows, *found.rows]

    @guarded("records.read", track=False)
    async def search(self, text: Search) -> Any:
        """Only records with words that begin so."""
        return rx.redirect(self._href(q=text.strip()), replace=True)

    @guarded("records.read", track=False)
    async def choose_state(self, state: StateKey) -> Any:
        """Only records in a state: open, won or lost deals."""
        return rx.redirect(self._href(state=state))

    @guarded("records.write")
    async def create(self, form: NewRecord) -> Any:
        """Make a record of the form, and go to its page."""
        doing = self._do("records.write", created, of=self._of, form=form)
        made, answer = await form_outcome("new-record", doing)
        return answer if made is None else [answer, rx.redirect(made)]

    def _tell(self, count: int) -> None:
        lens, known = self._lens, self._of.columns
        self.q, self.only, self.mine, self.narrowed = lens.q, lens.state, lens.mine, lens.narrowed
        self.mine_href, self.new_href = self._href(owner="" if lens.mine else "me"), f"{self._href()}#new"
        self.count = f"{count:,}" + ("+" if count >= crm.MOST_COUNTED else "")
        sorts = crm.sortable(self._of.kind)
        self.name_sort, self.name_href = lens.direction("name"), self._href(sort=lens.turned("name"))
        self.heads = [
            Head(
                key,
                known[key][0],
                lens.direction(key) if key in sorts else "",
                self._href(sort=lens.turned(key)) if key in sorts else "",
                numeric(known[key][1]),
            )
            for key in lens.columns
        ]
        self.choices = [
            Choice(key, label, key in lens.columns, self._href(cols=lens.toggled(key, self._of)))
            for key, (label, _) in known.items()
        ]

    async def _page(self, cursor: str | None) -> Listed:
        try:
            found: Listed = await self._do(
                "records.read", listed, of=self._of, lens=self._lens, cursor=cursor, editing=self._editing()
            )
        except Invalid:
            # An address that somebody has changed by hand: the list in its own order, rather than none.
            self._lens = Lens(columns=self._of.first, sort=NEWEST)
            found = await self._do("records.read", listed, of=self._of, lens=self._lens, cursor=None)
        self._cursor, self.more = found.next_cursor, found.next_cursor is not None
        return found


class ContactsState(RecordList, rx.State):
    """The list of contacts."""


class LeadsState(RecordList, rx.State):
    """The list of leads."""

    _of: ClassVar[ListKind] = LEADS


class DealsState(RecordList, rx.State):
    """The list of deals."""

    _of: ClassVar[ListKind] = DEALS
