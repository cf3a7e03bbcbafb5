"""What the page of the trash and of recent changes knows and does; tab and filters are in the address."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

import reflex as rx

from salescompass import crm
from salescompass.kit.clock import now
from salescompass.ui import routes
from salescompass.ui.arguments import Id, Items, Name, Text
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen
from salescompass.ui.trash.view import KINDS, TrashLook, TrashRow, brought_back, trash_look

Chosen = Annotated[list[str], Items(100, Text(60))]


class Back(TypedDict):
    """What is to be brought back: `kind:id` each."""

    chosen: Chosen


class TrashState(Screen, rx.State):
    """The trash and what was changed, of the last 30 days."""

    rows: list[TrashRow] = []
    people: list[tuple[str, str]] = []
    changes: bool = False
    kind: str = ""
    person: str = ""
    trash_href: str = routes.TRASH
    changes_href: str = routes.trash(tab="changes")
    more: bool = False
    loaded: bool = False

    _cursor: str | None = None

    @guarded("records.read", track=False)
    async def load(self) -> None:
        """The first page of what the address asks for."""
        wanted = self.router.url.query_parameters
        kind = str(wanted.get("kind", ""))
        self.changes, self.kind = wanted.get("tab") == "changes", kind if kind in KINDS else ""
        self.person = str(wanted.get("person", ""))[:36]
        self.trash_href = routes.trash(kind=self.kind, person=self.person)
        self.changes_href = routes.trash(tab="changes", kind=self.kind, person=self.person)
        await self._read(None)

    @guarded("records.read")
    async def load_more(self) -> None:
        """The next page, below."""
        await self._read(self._cursor)

    @guarded("records.read", track=False)
    async def choose(self, name: Literal["kind", "person"], value: Name) -> Any:
        """Narrow to a kind of records, or to what one person did."""
        asked = {"tab": "changes" if self.changes else "", "kind": self.kind, "person": self.person}
        return rx.redirect(routes.trash(**{**asked, name: value}))

    @guarded("records.write")
    async def restore(self, form: Back) -> Any:
        """Bring back what was chosen; what cannot come says why."""
        doing = self._do("records.write", brought_back, chosen=form["chosen"])
        outcomes, answer = await form_outcome("trash", doing)
        if outcomes is None:
            return answer
        await self._read(None)
        back = sum(one.status == "updated" for one in outcomes)
        kept = [one.reason for one in outcomes if one.status == "failed"]
        told = [done("1 record is back" if back == 1 else f"{back} records are back")] if back else []
        told += [rx.toast.error(f"Not brought back: {kept[0]}", duration=10_000)] if kept else []
        return [answer, *told]

    @guarded("records.write")
    async def take_back(self, batch: Id) -> Any:
        """Undo an act, unless somebody has gone on from there."""
        undone = await self._do("records.write", crm.undo_own_act, batch_id=UUID(batch))
        await self._read(None)
        if not undone.undone:
            return rx.toast.error("Somebody has changed this record since: nothing was undone")
        return done("The change is undone")

    async def _read(self, cursor: str | None) -> None:
        found: TrashLook = await self._do(
            "records.read", trash_look, changes=self.changes, kind=self.kind, person=self.person,
            since=now() - crm.KEPT, cursor=cursor,
        )  # fmt: skip
        self.rows = [*self.rows, *found.rows] if cursor else found.rows
        self.people, self._cursor, self.more = found.people, found.next_cursor, found.next_cursor is not None
        self.loaded = True
