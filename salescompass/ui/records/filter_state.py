"""What a list knows of its filter: its words, what the editor offers, and the count while one is built."""

from __future__ import annotations

from typing import Annotated, Any

from salescompass.conditions import TooSlow
from salescompass.kit.errors import Invalid
from salescompass.ui.arguments import Number, Search, Text
from salescompass.ui.condition_choices import Counts
from salescompass.ui.guard import guarded
from salescompass.ui.records.filtering import AccountOption, Filter, accounts_found, counted
from salescompass.ui.records.list_screen import ListScreen
from salescompass.ui.records.narrowing import LONGEST_FILTER

FilterText = Annotated[str, Text(LONGEST_FILTER)]
Ticket = Annotated[int, Number(0, 10**9)]
PANEL = "filter"
_counts = Counts()


class ListFilter(ListScreen, mixin=True):
    """The filter of a list, which its address holds."""

    filter_words: str = ""
    filter_problem: str = ""
    filter_href: str = ""
    unfiltered_href: str = ""
    panel_close: str = ""
    offered: dict[str, Any] = {}
    counted: dict[str, str] = {}
    named: dict[str, str] = {}
    accounts_found: dict[str, Any] = {}

    @guarded("records.read", background=True, track=False)
    async def measure(self, tree: FilterText) -> None:
        """Count what a filter would keep; the count of this tab before it is ended."""
        token = self.router.session.client_token
        count = _counts.begin(token)
        asked = self._asked()
        try:
            words, counts = (
                await self._do("records.read", counted, of=self._of, lens=asked, text=tree, cancel=count),
                "1",
            )
        except TooSlow:
            words, counts = "Counting takes long; it can be applied all the same.", ""
        except Invalid as error:
            words, counts = error.message, ""
        finally:
            newest = _counts.end(token, count)
        if newest:
            async with self:
                self.counted = {"tree": tree, "words": words, "counts": counts}

    @guarded("records.read", track=False)
    async def find_accounts(self, ticket: Ticket, text: Search) -> None:
        """Accounts whose names begin so, for a condition that names one; the editor knows the answer by its ticket."""
        items: list[AccountOption] = await self._do("records.read", accounts_found, text=text.strip())
        self.accounts_found = {"ticket": ticket, "items": items}

    def _editing(self) -> bool:
        """Whether the address has the editor open."""
        return self.router.url.query_parameters.get("panel") == PANEL

    def _tell_filter(self, found: Filter, offered: dict[str, Any]) -> None:
        self.filter_words, self.filter_problem, self.named = found.words, found.problem, dict(found.named)
        self.filter_href, self.panel_close = self._href(panel=PANEL), self._href()
        self.unfiltered_href = self._href(where="")
        if offered and offered != self.offered:
            self.offered = offered
