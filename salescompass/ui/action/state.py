"""What the page of an action knows and does."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, TypedDict
from uuid import UUID

import reflex as rx

from salescompass import actions
from salescompass.kit.clock import now
from salescompass.kit.errors import NotFound
from salescompass.kit.ids import parse_id
from salescompass.ui.action.view import ActionDetail, action_detail
from salescompass.ui.action_acts import ActionActs, local_moment
from salescompass.ui.action_looks import ActionLook
from salescompass.ui.arguments import Id, Line, Note, Number, Text
from salescompass.ui.event_list import echo_of
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.vocabulary import Topic

_NOWHERE = UUID(int=0)
_CALM = 0.3


class EditForm(TypedDict):
    """What an action says, and until when it is due."""

    version: Annotated[int, Number(0, 10**9)]
    title: Line
    detail: Note
    message: Note
    due: Annotated[str, Text(16)]
    effort: Annotated[int, Number(0, 24 * 60)]


class SayForm(TypedDict):
    """A remark."""

    body: Note


class ActionState(ActionActs, rx.State):
    """One action; which one is in the path."""

    one: ActionDetail = ActionDetail()
    cards: list[ActionLook] = []
    missing: bool = False
    loaded: bool = False
    echo: str = ""

    @guarded("actions.read", track=False)
    async def load(self) -> None:
        """The action that the address names."""
        await self._reread()
        await self._read_acting()
        self.echo = echo_of(self)

    @guarded("actions.read", background=True, track=False)
    async def listen(self) -> None:
        """While the page is open, keep it right."""
        async for note in self._notes(Topic.ACTIONS):
            if note.resync or str(self._action_id) in note.ids:
                async with self:
                    await self._reread()
                await asyncio.sleep(_CALM)

    @guarded("actions.write")
    async def save(self, form: EditForm) -> Any:
        """Change what it says and when it is due."""
        changes = {
            "title": form["title"], "detail": form["detail"], "message": form["message"],
            "due_to": local_moment(form["due"], self._actor.zone), "effort_minutes": form["effort"],
        }  # fmt: skip
        doing = self._do(
            "actions.write", actions.edit, action_id=self._action_id, changes=changes, version=form["version"]
        )
        moved, answer = await form_outcome("action-edit", doing)
        yield answer  # before the form begins anew with what was kept
        if moved is not None:
            await self._reread()
            yield done("Saved", undo=ActionState.take_back(str(moved.move_id)))

    @guarded("actions.write")
    async def say(self, form: SayForm) -> Any:
        """Write a remark."""
        doing = self._do("actions.write", actions.comment, action_id=self._action_id, body=form["body"])
        made, answer = await form_outcome("say", doing)
        if made is not None:
            await self._reread()
        return answer

    @guarded("actions.write")
    async def begin(self) -> Any:
        """Say that one has begun."""
        moved: actions.Moved = await self._do("actions.write", actions.start, action_id=self._action_id)
        return await self._told("Begun", moved)

    @guarded("actions.write")
    async def give(self, member: Id) -> Any:
        """Give it to a colleague without asking them."""
        moved: actions.Moved = await self._do(
            "actions.write", actions.assign, action_id=self._action_id, member_id=UUID(member)
        )
        return await self._told(f"It is {moved.action.assignee}'s now", moved)

    @property
    def _action_id(self) -> UUID:
        last = (self.router.url.path or "").rstrip("/").rpartition("/")[2]
        return parse_id(last[:36]) or _NOWHERE

    async def _reread(self) -> None:
        try:
            self.one = await self._do("actions.read", action_detail, action_id=self._action_id, at=now())
        except NotFound:
            self.one, self.missing = ActionDetail(), True
        else:
            self.missing = False
        self.cards = [self.one.card]
        self.loaded = True
