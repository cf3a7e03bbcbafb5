"""The saved views of a list: tabs that lead to them, whether the list differs, and saving, never by accident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict
from uuid import UUID

import reflex as rx

from salescompass import crm
from salescompass.crm import ListView
from salescompass.ui.arguments import Id, Name, Text
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.records.list_screen import ListScreen
from salescompass.ui.records.views import TeamChoice, changed, deleted, returned, sharing_of, view_href

Sharing = Annotated[str, Text(36)]


class ViewForm(TypedDict):
    """A new view: its name, and who sees it."""

    name: Name
    team: Sharing


class ViewNameForm(TypedDict):
    """A view's new name."""

    view: Id
    name: Name


@dataclass(frozen=True)
class ViewTab:
    """A saved view among the tabs."""

    id: str
    name: str
    href: str
    on: bool
    team: bool
    title: str


@dataclass(frozen=True)
class ViewLook:
    """The view that is open; `dirty` when the list differs from what it holds."""

    id: str = ""
    name: str = ""
    mine: bool = False
    team: bool = False
    dirty: bool = False
    href: str = ""


class ListViews(ListScreen, mixin=True):
    """The saved views of a list."""

    tabs: list[ViewTab] = []
    open_view: ViewLook = ViewLook()
    can_save: bool = False
    teams: list[TeamChoice] = []

    @guarded("records.read")
    async def save_view(self, view: Id) -> Any:
        """Keep the list as it is now in the view that is open."""
        state = self._asked().kept(self._of)
        saved = await self._do("records.read", changed, kind=self._of.kind, view_id=UUID(view), state=state)
        return [self._go(saved), done(f"{saved.name} is saved")]

    @guarded("records.read", form="save-view")
    async def save_view_as(self, form: ViewForm) -> Any:
        """Keep the list as it is now under a new name."""
        state = self._asked().kept(self._of)
        doing = self._do(
            "records.read", crm.save_view, kind=self._of.kind, name=form["name"], state=state,
            **sharing_of(form["team"]),
        )  # fmt: skip
        saved, answer = await form_outcome("save-view", doing)
        return answer if saved is None else [answer, self._go(saved)]

    @guarded("records.read", form="rename-view")
    async def rename_view(self, form: ViewNameForm) -> Any:
        """Call a view otherwise."""
        doing = self._do("records.read", changed, kind=self._of.kind, view_id=UUID(form["view"]), name=form["name"])
        saved, answer = await form_outcome("rename-view", doing)
        if saved is None:
            return answer
        await self._read_views()
        return answer

    @guarded("records.read")
    async def share_view(self, view: Id, team: Sharing) -> Any:
        """Let a team or everybody see a view, or keep it to oneself."""
        saved = await self._do("records.read", changed, kind=self._of.kind, view_id=UUID(view), sharing=team)
        await self._read_views()
        called = next((one.name for one in self.teams if one.id == team), "Everybody")
        return done(f"{called} sees {saved.name}" if team else f"Only you see {saved.name}")

    @guarded("records.read")
    async def delete_view(self, view: Id) -> Any:
        """Delete a view; the list stays where it is without one."""
        gone = await self._do("records.read", deleted, kind=self._of.kind, view_id=UUID(view))
        back = type(self).return_view(str(gone.id))
        return [rx.redirect(self._of.path), done(f"{gone.name} is deleted", undo=back)]

    @guarded("records.read")
    async def return_view(self, view: Id) -> Any:
        """Bring a deleted view back, and open it."""
        saved = await self._do("records.read", returned, kind=self._of.kind, view_id=UUID(view))
        return self._go(saved)

    async def _read_views(self) -> None:
        self._lens = self._asked()
        own = await self._do("records.read", crm.saved_views, kind=self._of.kind)
        self._tell_views([*crm.shipped_views(self._of.kind), *own])

    def _go(self, view: ListView) -> Any:
        return rx.redirect(view_href(self._of.path, view))

    def _tell_views(self, views: Sequence[ListView]) -> None:
        now = self._lens.kept(self._of)
        views = sorted(views, key=lambda one: not one.mine)
        self.tabs = [
            ViewTab(
                str(one.id), one.name, view_href(self._of.path, one), str(one.id) == self._lens.view,
                one.shared, "" if one.mine else f"Saved by {one.owner}",
            )
            for one in views
        ]  # fmt: skip
        self.open_view = next(
            (
                ViewLook(
                    str(one.id), one.name, one.mine, one.shared, dict(one.state) != now,
                    view_href(self._of.path, one),
                )
                for one in views
                if str(one.id) == self._lens.view
            ),
            ViewLook(),
        )  # fmt: skip
        self.can_save = bool(now) and (not self.open_view.id or self.open_view.dirty)
