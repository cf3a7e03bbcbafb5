"""What the board of deals knows and does: the columns of its address, kept right while it is open; deals moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from salescompass import crm
from salescompass.kit.clock import now
from salescompass.kit.errors import Invalid, SalesCompassError
from salescompass.kit.ids import new_id, parse_id
from salescompass.ui.arguments import Id, Search
from salescompass.ui.arrivals import arrivals
from salescompass.ui.components.searching import follow_address
from salescompass.ui.event_list import echo_of
from salescompass.ui.guard import guarded
from salescompass.ui.losing import LostForm
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.records.board import BoardLook, CardLook, ColumnLook, board_look
from salescompass.ui.records.filter_state import ListFilter
from salescompass.ui.records.kinds import BOARD, DEALS, ListKind
from salescompass.ui.records.view_state import ListViews
from salescompass.ui.records.views import view_href
from salescompass.vocabulary import StageKind, Topic

_PAGE, _MOST = 40, 500


class BoardState(ListFilter, ListViews, rx.State):
    """The board of one pipeline's deals."""

    columns: list[ColumnLook] = []
    pipelines: list[tuple[str, str]] = []
    pipeline: str = ""
    q: str = ""
    mine: bool = False
    mine_href: str = ""
    list_href: str = ""
    new_href: str = ""
    narrowed: bool = False
    empty: bool = False
    echo: str = ""
    loaded: bool = False
    losing: str = ""

    _of: ClassVar[ListKind] = BOARD
    _sizes: dict[UUID, int] = {}
    _lost: tuple[UUID, UUID] | None = None

    @guarded("records.read", track=False)
    async def load(self) -> Any:
        """The board that the address asks for."""
        self._sizes = {}
        self._lens = self._asked()
        found = await self._look()
        bare = None if self._lens.kept(self._of) else self._lens.view
        for view in found.views:
            if str(view.id) == bare and view.state:
                # An address of nothing but a view means what the view holds.
                return rx.redirect(view_href(self._of.path, view), replace=True)
        self._tell(found)
        self._tell_filter(found.filter, dict(found.offered))
        self._tell_views(found.views)
        if not self.loaded:
            self.teams = list(found.teams)
        self.loaded = True
        return follow_address("record-search", self.q)

    @guarded("records.read", background=True, track=False)
    async def listen(self) -> None:
        """While the page is open: what somebody else moves appears."""
        async for come in arrivals(self._notes(Topic.RECORDS)):
            if come.all_named and not await self._do("records.read", crm.holds_deals, ids=come.ids):
                continue
            found = await self._look()
            async with self:
                self._tell(found)

    @guarded("records.read")
    async def load_more(self, stage: Id) -> None:
        """More cards of a column."""
        shown = next((len(one.cards) for one in self.columns if one.id == stage), 0)
        self._sizes = {**self._sizes, UUID(stage): min(shown + _PAGE, _MOST)}
        await self._read()

    @guarded("records.read", track=False)
    async def search(self, text: Search) -> Any:
        """Only deals with words that begin so."""
        return rx.redirect(self._href(q=text.strip()), replace=True)

    @guarded("records.read", track=False)
    async def choose_pipeline(self, pipeline: Id) -> Any:
        """The board of another pipeline."""
        return rx.redirect(self._href(pipeline=pipeline))

    @guarded("records.write")
    async def move(self, deal: Id, stage: Id) -> Any:
        """Put a deal into another stage; one that is lost is asked why first."""
        if any(one.id == stage and one.kind == StageKind.LOST for one in self.columns):
            card = self._card(deal)
            self._lost, self.losing = (UUID(deal), UUID(stage)), card.name if card else "This deal"
            return rx.call_script("location.hash = 'lost'")
        return await self._moved(UUID(deal), UUID(stage))

    @guarded("records.write")
    async def lose(self, form: LostForm) -> Any:
        """Close the deal as lost, with the reason."""
        if self._lost is None:
            raise Invalid("Choose the deal and its stage again")
        made, answer = await form_outcome("lost", self._moved(*self._lost, reason=form["reason"]))
        return answer if made is None else [answer, made]

    @guarded("records.write")
    async def take_back(self, batch: Id) -> Any:
        """Undo of a move: the deal never left the stage it was in."""
        undone = await self._do("records.write", crm.undo_own_act, batch_id=UUID(batch))
        await self._read()
        if not undone.undone:
            return rx.toast.error("Somebody has changed this deal since: look at it first")
        return done("The deal is back where it was")

    async def _moved(self, deal: UUID, stage: UUID, *, reason: str | None = None) -> Any:
        batch, card = new_id(), self._card(str(deal))
        try:
            moved = await self._do(
                "records.write", crm.move_stage, opportunity_id=deal, stage_id=stage, lost_reason=reason,
                version=card.version if card else None, batch_id=batch,
            )  # fmt: skip
        except SalesCompassError:
            await self._read()  # the card goes back, or to where somebody else has put it
            raise
        await self._read()
        return done(f"{moved.name} is in {moved.names['stage_id']} now", undo=BoardState.take_back(str(batch)))

    def _card(self, deal: str) -> CardLook | None:
        return next((card for one in self.columns for card in one.cards if card.id == deal), None)

    def _href(self, **changes: str) -> str:
        wanted = parse_id(str(self.router.url.query_parameters.get("pipeline", "")))
        return super()._href(**{"pipeline": str(wanted or ""), **changes})

    async def _read(self) -> None:
        self._tell(await self._look())

    async def _look(self) -> BoardLook:
        pipeline = parse_id(str(self.router.url.query_parameters.get("pipeline", "")))
        asked = {
            "pipeline": pipeline, "sizes": dict(self._sizes), "now": now(), "editing": self._editing(),
            "first": not self.loaded,
        }  # fmt: skip
        try:
            found: BoardLook = await self._do("records.read", board_look, lens=self._lens, **asked)
        except Invalid:
            # An address that somebody has changed by hand: the board in its own order, rather than none.
            lens = replace(self._lens, sort=BOARD.order)
            found = await self._do("records.read", board_look, lens=lens, **asked)
        return found

    def _tell(self, found: BoardLook) -> None:
        lens = self._lens
        self.columns, self.pipelines, self.pipeline = found.columns, found.pipelines, found.pipeline
        self.q, self.mine, self.narrowed = lens.q, lens.mine, lens.narrowed
        self.mine_href = self._href(owner="" if lens.mine else "me")
        self.list_href, self.new_href = lens.address(DEALS), f"{lens.address(DEALS)}#new"
        self.empty, self.echo = found.empty, echo_of(self)
