"""What the pages of imports know: the list, or the import that the address names and how far it has come."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

import reflex as rx

from salescompass import imports
from salescompass.kit.errors import SalesCompassError, Unauthenticated, Unavailable
from salescompass.kit.ids import parse_id
from salescompass.ui import routes
from salescompass.ui.admin_imports import acts
from salescompass.ui.admin_imports.acts import Asked, Chosen
from salescompass.ui.admin_imports.file_look import FileLook
from salescompass.ui.admin_imports.rows import BatchLook, ImportRow, KeptRow
from salescompass.ui.arguments import Id, Items, Name, Text
from salescompass.ui.arrivals import arrivals
from salescompass.ui.connections import is_connected
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen
from salescompass.vocabulary import Topic

_BETWEEN_LOOKS = 0.7
_READING = ("encoding", "delimiter", "sheet")
Word = Annotated[str, Text(200)]


class MapForm(TypedDict):
    """What each column becomes, in the order of the file."""

    batch: Id
    fields: Annotated[list[str], Items(1000, Text(120))]
    key: Annotated[str, Text(120)]
    mode: Literal["", "upsert", "insert", "update"]
    dates: Literal["", "dmy", "mdy", "ymd"]
    shift: Annotated[list[str], Items(1, Text(4))]
    keep: Annotated[str, Text(120)]
    encoding: Word
    delimiter: Word
    sheet: Word


class NameForm(TypedDict):
    """A kept mapping's new name."""

    mapping: Id
    name: Name


class ImportsState(Screen, rx.State):
    """Imports. The address names one (`batch`), the step one goes back to, and how its file is to be read."""

    rows: list[ImportRow] = []
    kept: list[KeptRow] = []
    mapping: KeptRow = KeptRow()
    look: BatchLook = BatchLook()
    file: FileLook = FileLook()
    view: str = "list"
    problem: str = ""
    loaded: bool = False

    _watchers: int = 0

    @guarded("imports.manage", track=False)
    async def load(self) -> Any:
        """Read what the address names."""
        await self._read()
        return ImportsState.watch

    @guarded("imports.manage", background=True, track=False)
    async def listen(self) -> None:
        """While the page is open, notice what workers have finished."""
        async for _ in arrivals(self._notes(Topic.IMPORTS)):
            if self.view == "list" or self.look.moving:
                async with self:
                    await self._read()

    @guarded("imports.manage", background=True, track=False)
    async def watch(self) -> None:
        """While the import at hand is being worked on, show how far it has come."""
        async with self:
            self._watchers += 1
            watched, mine = self.look.id, self._watchers
        token = self.router.session.client_token
        # The page may be loaded again meanwhile: then whoever came last watches.
        while self.look.moving and self.look.id == watched and self._watchers == mine and is_connected(token):
            await asyncio.sleep(_BETWEEN_LOOKS)
            async with self:
                if self.look.id == watched:
                    await self._read()

    @guarded("imports.manage", track=False)
    async def read_as(self, name: Literal["encoding", "delimiter", "sheet"], value: Word) -> Any:
        """Look at the file again, read otherwise."""
        told = {one: self._asks(one) for one in _READING} | {name: value}
        return rx.redirect(routes.imports(batch=self.look.id, step="map", **told))

    @guarded("imports.manage", form="map")
    async def save_map(self, form: MapForm) -> Any:
        """Keep what each column becomes, and have every row tried."""
        chosen = Chosen(
            form["fields"],
            form["key"],
            form["mode"] or "upsert",
            form["dates"],
            (form["encoding"], form["delimiter"], form["sheet"]),
            bool(form["shift"]),
            form["keep"],
        )
        doing = self._do("imports.manage", acts.map_and_check, batch_id=UUID(form["batch"]), chosen=chosen)
        made, answer = await form_outcome("map", doing)
        if made is None:
            return answer
        return [answer, rx.redirect(routes.imports(batch=form["batch"]))]

    @guarded("imports.manage")
    async def start(self, batch: Id) -> Any:
        """Bring the file in."""
        await self._do("imports.manage", imports.start, batch_id=UUID(batch))
        return await self._after(batch)

    @guarded("imports.manage")
    async def cancel(self, batch: Id) -> Any:
        """Stop; what is in stays, and can be undone."""
        await self._do("imports.manage", imports.cancel, batch_id=UUID(batch))
        return await self._after(batch)

    @guarded("imports.manage")
    async def undo(self, batch: Id) -> Any:
        """Take an import back."""
        await self._do("imports.manage", imports.undo, batch_id=UUID(batch))
        return [await self._after(batch), done("The import is being undone")]

    @guarded("imports.manage", form="mapping")
    async def rename(self, form: NameForm) -> Any:
        """Call a kept mapping otherwise."""
        map_id = UUID(form["mapping"])
        doing = self._do("imports.manage", imports.rename_map, map_id=map_id, name=form["name"])
        made, answer = await form_outcome("mapping", doing)
        if made is not None:
            await self._read()
        return answer

    @guarded("imports.manage")
    async def forget(self, mapping: Id) -> Any:
        """Forget a kept mapping: the next file with its columns is mapped by their names again."""
        await self._do("imports.manage", imports.forget_map, map_id=UUID(mapping))
        await self._read()
        return done("The mapping is forgotten")

    async def _after(self, batch: str) -> Any:
        await self._read()
        if self.look.id == batch and not self._asks("step"):
            return ImportsState.watch
        return rx.redirect(routes.imports(batch=batch))

    def _asks(self, name: str) -> str:
        return str(self.router.url.query_parameters.get(name, ""))[:200]

    async def _read(self) -> None:
        self.problem = ""
        batch_id = parse_id(self._asks("batch"))
        if batch_id is None:
            self.look, self.file = BatchLook(), FileLook()
            self.view = "new" if self._asks("step") == "file" else "list"
            self.rows, self.kept = await self._do("imports.manage", acts.listed) if self.view == "list" else ([], [])
            chosen = self._asks("mapping")
            self.mapping = next((one for one in self.kept if one.id == chosen), KeptRow())
        else:
            await self._read_one(batch_id)
        self.loaded = True

    async def _read_one(self, batch_id: UUID) -> None:
        encoding, delimiter, sheet = (self._asks(one) for one in _READING)
        asked = Asked(batch_id, self._asks("step"), (encoding, delimiter, sheet))
        self.view, self.rows = "one", []
        try:
            found = await self._do("imports.manage", acts.shown, asked=asked)
        except (Unauthenticated, Unavailable):
            raise
        except SalesCompassError as error:
            self.look, self.file, self.problem = BatchLook(), FileLook(), error.message
        else:
            self.look, self.file = found.batch, found.file
