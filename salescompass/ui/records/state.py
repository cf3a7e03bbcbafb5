"""What a list of records knows: a page of them, and the address's search, filters, order, columns and view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypedDict

import reflex as rx

from salescompass import crm
from salescompass.kit.errors import Invalid
from salescompass.ui.arguments import Line, Name, Search, Text
from salescompass.ui.components.searching import follow_address
from salescompass.ui.event_list import echo_of
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import form_outcome
from salescompass.ui.record_words import numeric
from salescompass.ui.records.bulk_state import ListBulk
from salescompass.ui.records.cell_state import ListCells
from salescompass.ui.records.exporting import ListToFile
from salescompass.ui.records.filter_state import ListFilter
from salescompass.ui.records.kinds import ACCOUNTS, BOARD, DEALS, LEADS, ListKind
from salescompass.ui.records.listing import Listed, created, listed
from salescompass.ui.records.narrowing import Lens
from salescompass.ui.records.view_state import ListViews
from salescompass.ui.records.views import view_href

StateKey = Annotated[str, Text(20)]


class NewRecord(TypedDict):
    """The form of a new record; each list asks for some of these."""

    name: Name
    email: Line
    phone: Line
    title: Line
    source: Line
    source_original: Line
    domain: Line
    industry: Line
    city: Line
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


class RecordList(ListFilter, ListViews, ListBulk, ListCells, ListToFile, mixin=True):
    """A list of one kind of records."""

    heads: list[Head] = []
    choices: list[Choice] = []
    count: str = ""
    q: str = ""
    only: str = ""
    mine: bool = False
    mine_href: str = ""
    name_sort: str = "none"
    name_href: str = ""
    matching: int = 0
    matching_words: str = ""
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
        bare = None if self._lens.kept(self._of) else self._lens.view
        for view in found.views:
            if str(view.id) == bare and view.state:
                # An address of nothing but a view means what the view holds.
                return rx.redirect(view_href(self._of.path, view), replace=True)
        self._tell_filter(found.filter, found.offered)
        self._tell_views(found.views)
        self.rows, self.lives, self.empty = found.rows, found.lives, not found.whole
        self._tell(found)
        if not self.loaded:
            self._offer(found)
        await self._read_bulk(str(self.router.url.query_parameters.get("bulk", "")))
        self.loaded, self.echo = True, echo_of(self)
        return follow_address("record-search", self.q)

    @guarded("records.read")
    async def load_more(self) -> None:
        """The next page, below."""
        found = await self._page(self._cursor)
        self.rows, self.lives = [*self.rows, *found.rows], self.lives | found.lives

    @guarded("records.read", track=False)
    async def search(self, text: Search) -> Any:
        """Only records with words that begin so."""
        return rx.redirect(self._href(q=text.strip()), replace=True)

    @guarded("records.read", track=False)
    async def choose_state(self, state: StateKey) -> Any:
        """Only records in a state: open, won or lost deals, accounts of a band."""
        return rx.redirect(self._href(**{self._of.narrow: state}))

    @guarded("records.write")
    async def create(self, form: NewRecord) -> Any:
        """Make a record of the form, and go to its page."""
        doing = self._do("records.write", created, of=self._of, form=form)
        made, answer = await form_outcome("new-record", doing)
        return answer if made is None else [answer, rx.redirect(made)]

    def _tell(self, found: Listed) -> None:
        lens, known = self._lens, self._of.columns
        self.q, self.only, self.mine, self.narrowed = lens.q, lens.state, lens.mine, lens.narrowed
        self.mine_href = self._href(owner="" if lens.mine else "me")
        self.matching, self.matching_words = found.count, _many(found.count)
        self.count = f"{_many(found.count)} of {_many(found.whole)}" if lens.narrowed else _many(found.whole)
        sorts = {*crm.sortable(self._of.kind), *(("score",) if self._of.lively else ())}
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

    def _offer(self, found: Listed) -> None:
        """What does not change while the page is open."""
        self.teams, self.editors = found.teams, found.editors
        self.bulk_editors = [one for one in found.editors if one["bulk"]]

    def _again(self) -> Any:
        return type(self).load

    async def _page(self, cursor: str | None) -> Listed:
        try:
            found: Listed = await self._do(
                "records.read", listed, of=self._of, lens=self._lens, cursor=cursor, editing=self._editing(),
                first=not self.loaded,
            )  # fmt: skip
        except Invalid:
            # An address that somebody has changed by hand: the list in its own order, rather than none.
            self._lens = Lens(columns=self._of.first, sort=self._of.order)
            found = await self._do("records.read", listed, of=self._of, lens=self._lens, cursor=None)
        self._cursor, self.more = found.next_cursor, found.next_cursor is not None
        return found


class AccountsState(RecordList, rx.State):
    """The list of accounts, the warmest first."""

    _of: ClassVar[ListKind] = ACCOUNTS


class ContactsState(RecordList, rx.State):
    """The list of contacts."""


class LeadsState(RecordList, rx.State):
    """The list of leads."""

    _of: ClassVar[ListKind] = LEADS


class DealsState(RecordList, rx.State):
    """The list of deals."""

    board_href: str = BOARD.path

    _of: ClassVar[ListKind] = DEALS

    def _tell(self, found: Listed) -> None:
        super()._tell(found)
        self.board_href = self._lens.address(BOARD)


def _many(n: int) -> str:
    return f"{n:,}" + ("+" if n >= crm.MOST_COUNTED else "")
