"""What the page of event types knows and does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import reflex as rx
from sqlmodel import Session

from salescompass import events, scoring
from salescompass.events import EventType
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.ui import routes
from salescompass.ui.admin_types.rows import Key, TypeForm, TypeRow, type_fields, type_row
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen

_USE_DAYS = 30


def type_rows(session: Session) -> list[TypeRow]:
    """Every type: the tenant's own first, then by what they are called."""
    live, counts = scoring.live_config(session), events.type_use(session, since=now() - timedelta(days=_USE_DAYS))
    worth = {rule.key: rule for rule in live.rules if not rule.narrows}
    rows = [
        type_row(known, worth[key].points, worth[key].group, counts.get(key, 0))
        for key, known in events.types(session).items()
    ]
    return sorted(rows, key=lambda row: (not row.own, row.label.casefold()))


def save_type(session: Session, actor: Actor, *, form: TypeForm) -> EventType:
    """Define or change a type."""
    return events.save_type(session, actor, type_fields(form), new=form["new"] == "new")


class TypesState(Screen, rx.State):
    """Event types. The address names the type that a dialog is about."""

    rows: list[TypeRow] = []
    picked: TypeRow = TypeRow()
    groups: list[str] = []
    channels: list[str] = []
    own: int = 0
    loaded: bool = False

    @guarded("scoring.manage", track=False)
    async def load(self) -> None:
        """Read the types, and which one the address names."""
        await self._read()

    @guarded("scoring.manage")
    async def save(self, form: TypeForm) -> Any:
        """Define a type of one's own, or change one that is there."""
        saved, answer = await form_outcome("type", self._do("scoring.manage", save_type, form=form))
        if saved is None:
            return answer
        await self._read()
        said = "is there: send the first one" if form["new"] else "is saved"
        return [answer, rx.redirect(routes.EVENT_TYPES, replace=True), done(f"The type {saved.label} {said}")]

    @guarded("scoring.manage")
    async def retire(self, key: Key) -> Any:
        """Take no more events of a type; what was recorded stays and counts."""
        view = await self._do("scoring.manage", events.retire_type, key=key)
        await self._read()
        return done(f"No more events of the type {view.label} are taken", undo=TypesState.reopen(key))

    @guarded("scoring.manage")
    async def reopen(self, key: Key) -> Any:
        """Take events of a type again."""
        view = await self._do("scoring.manage", events.retire_type, key=key, retired=False)
        await self._read()
        return done(f"Events of the type {view.label} are taken again")

    async def _read(self) -> None:
        self.rows = await self._do("scoring.manage", type_rows)
        config = await self._do("scoring.manage", scoring.live_config)
        wanted = str(self.router.url.query_parameters.get("type", ""))[:63]
        new = replace(TypeRow(), group=config.groups[min(1, len(config.groups) - 1)].key)
        self.picked = next((row for row in self.rows if row.key == wanted), new)
        self.groups = [group.key for group in config.groups]
        self.channels = sorted({row.channel for row in self.rows})
        self.own = sum(row.own for row in self.rows)
        self.loaded = True
