"""What the page of one's exports knows: each list that was written to a file, and how far those under way are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import imports
from salescompass.identity import Actor
from salescompass.imports import ExportView
from salescompass.ui import routes
from salescompass.ui.arguments import Id
from salescompass.ui.connections import is_connected
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done
from salescompass.ui.session import Screen

_BETWEEN_LOOKS = 0.7
_MOVING = ("waiting", "running")
_KINDS = {"accounts": "Accounts", "contacts": "Contacts", "leads": "Leads", "opportunities": "Deals",
          "products": "Products"}  # fmt: skip
_STATES = {
    "waiting": ("Waiting", "info", "clock"),
    "running": ("Being written", "info", "play"),
    "done": ("Ready", "success", "circle-check"),
    "failed": ("Broke off", "danger", "circle-x"),
    "stopped": ("Stopped", "warning", "ban"),
}


@dataclass(frozen=True)
class ExportRow:
    """A list and its file. `share` is how much of it is written, of a hundred."""

    id: str
    file: str
    kind: str
    word: str
    tone: str
    icon: str
    moving: bool
    rows: str
    share: int
    size: str
    error: str
    href: str
    at: str
    until: str


def listed(session: Session, actor: Actor) -> list[ExportRow]:
    """The newest exports of whoever asks."""
    return [_row(one) for one in imports.my_exports(session, actor)]


class ExportsState(Screen, rx.State):
    """One's own exports. The address may name one, which then stands out."""

    rows: list[ExportRow] = []
    chosen: str = ""
    loaded: bool = False

    _watchers: int = 0

    @guarded("records.export", track=False)
    async def load(self) -> Any:
        """Read them."""
        self.chosen = str(self.router.url.query_parameters.get("export", ""))[:40]
        await self._read()
        return ExportsState.watch

    @guarded("records.export", background=True, track=False)
    async def watch(self) -> None:
        """While one is being written, show how far it has come."""
        async with self:
            self._watchers += 1
            mine = self._watchers
        token = self.router.session.client_token
        while any(row.moving for row in self.rows) and self._watchers == mine and is_connected(token):
            await asyncio.sleep(_BETWEEN_LOOKS)
            async with self:
                await self._read()

    @guarded("records.export")
    async def stop(self, export: Id) -> Any:
        """Write this one no further."""
        await self._do("records.export", imports.stop_export, export_id=UUID(export))
        await self._read()
        return done("The export was stopped: nothing is left of it")

    async def _read(self) -> None:
        self.rows = await self._do("records.export", listed)
        self.loaded = True


def _row(view: ExportView) -> ExportRow:
    word, tone, icon = _STATES[view.state]
    moving = view.state in _MOVING
    written = f"{view.rows:,} of {view.total:,}" if moving and view.total else f"{view.rows:,}"
    return ExportRow(
        id=str(view.id),
        file=view.file_name,
        kind=_KINDS[view.kind],
        word=word,
        tone=tone,
        icon=icon,
        moving=moving,
        rows=written if moving or view.state == "done" else "",
        share=min(100, view.rows * 100 // view.total) if view.total else 0,
        size=_size(view.size) if view.state == "done" else "",
        error=view.error,
        href=routes.export_file(str(view.id)) if view.state == "done" else "",
        at=view.created_at.isoformat(),
        until=f"Kept until {view.expires_at:%-d %B}" if view.state == "done" else "",
    )


def _size(size: int) -> str:
    return f"{size / 1_048_576:,.1f} MB" if size >= 1_048_576 else f"{max(1, size // 1024):,} kB"
