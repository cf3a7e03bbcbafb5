"""What the page of actions knows and does; view, form, order and words are in the address."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import reflex as rx

from salescompass import actions
from salescompass.kit.clock import now
from salescompass.ui.action_acts import ActionActs
from salescompass.ui.action_looks import ActionLook
from salescompass.ui.actions.asked import Asked, asked
from salescompass.ui.actions.view import ActionsView, ColumnLook, DayLook, StaleLook, TabLook, actions_view
from salescompass.ui.arguments import Id, Name, Search
from salescompass.ui.components.searching import follow_address
from salescompass.ui.event_list import echo_of
from salescompass.ui.guard import guarded
from salescompass.vocabulary import DismissReason, Topic

_CALM = 0.3


class ActionsState(ActionActs, rx.State):
    """All that is to be done."""

    tabs: list[TabLook] = []
    stale: int = 0
    rows: list[ActionLook] = []
    columns: list[ColumnLook] = []
    days: list[DayLook] = []
    lying: list[StaleLook] = []
    all_cards: list[ActionLook] = []
    month: str = ""
    before: str = ""
    after: str = ""
    show: str = "list"
    sort: str = ""
    kind: str = ""
    q: str = ""
    shows: list[str] = ["", "", ""]
    clear: str = ""
    narrowed: bool = False
    more: bool = False
    loaded: bool = False
    echo: str = ""

    _asked: Asked = Asked()
    _cursor: str | None = None

    @guarded("actions.read", track=False)
    async def load(self) -> Any:
        """What the address asks for."""
        self._asked = asked(self.router.url.query_parameters)
        await self._reread()
        await self._read_acting()
        self.loaded, self.echo = True, echo_of(self)
        return follow_address("action-search", self.q)

    @guarded("actions.read", background=True, track=False)
    async def listen(self) -> None:
        """While the page is open, keep it right."""
        async for _ in self._notes(Topic.ACTIONS):
            async with self:
                await self._reread()
            await asyncio.sleep(_CALM)

    @guarded("actions.read")
    async def load_more(self) -> None:
        """The next page, below."""
        if self._cursor is None:
            return
        found: ActionsView = await self._do(
            "actions.read", actions_view, asked=self._asked, at=now(), cursor=self._cursor
        )
        self.rows, self._cursor = [*self.rows, *found.rows], found.cursor
        self.more, self.all_cards = found.cursor is not None, self.rows

    @guarded("actions.read", track=False)
    async def search(self, text: Search) -> Any:
        """Narrow to what has these words."""
        return rx.redirect(self._asked.href(q=text.strip()), replace=True)

    @guarded("actions.read", track=False)
    async def choose(self, name: Literal["kind", "sort"], value: Name) -> Any:
        """Narrow to a kind, or order."""
        return rx.redirect(self._asked.href(**{name: value}))

    @guarded("actions.write")
    async def begin(self, action: Id) -> Any:
        """Say that one has begun."""
        moved: actions.Moved = await self._do("actions.write", actions.start, action_id=UUID(action))
        return await self._told("Begun", moved)

    @guarded("actions.write")
    async def keep(self, action: Id, drop: bool) -> Any:
        """What lies about: it stays, due in a week, or with `drop` is closed."""
        if drop:
            moved: actions.Moved = await self._do(
                "actions.write", actions.dismiss, action_id=UUID(action), reason=DismissReason.NOT_RELEVANT
            )
            return await self._told("Closed", moved)
        later = {"due_from": None, "due_to": now() + timedelta(days=7)}
        moved = await self._do("actions.write", actions.edit, action_id=UUID(action), changes=later)
        return await self._told("Kept, due in a week", moved)

    async def _reread(self) -> None:
        found: ActionsView = await self._do("actions.read", actions_view, asked=self._asked, at=now())
        held = self._asked
        self.tabs, self.stale, self.rows, self._cursor = found.tabs, found.stale, found.rows, found.cursor
        self.columns, self.days, self.lying = found.columns, found.days, found.lying
        self.month, self.before, self.after = found.month, found.before, found.after
        self.show = "triage" if held.triage else held.show
        self.sort, self.kind, self.q = held.sort.value if held.sort else "", held.kind, held.q
        self.shows = [
            Asked(held.view, one, held.sort, held.kind, held.q).href() for one in ("list", "board", "calendar")
        ]
        self.clear, self.narrowed = held.href(kind="", q=""), held.narrowed
        self.more = found.cursor is not None
        beside = [card for column in found.columns for card in column.cards]
        beside += [card for day in found.days for card in day.cards] + [one.card for one in found.lying]
        self.all_cards = [*found.rows, *beside]
