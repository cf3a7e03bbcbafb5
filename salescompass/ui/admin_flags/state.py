"""What the page of features knows and does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import reflex as rx
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import FlagView
from salescompass.ui.arguments import Text
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done
from salescompass.ui.session import Screen

Choice = Literal["on", "off", "default"]
_CHOICES: dict[str, bool | None] = {"on": True, "off": False, "default": None}


@dataclass(frozen=True)
class FlagRow:
    """A feature and its switch."""

    key: str
    name: str
    does: str
    on: bool
    choice: str
    default_word: str
    killed: bool
    stale: bool
    remove_by: str


def flag_rows(session: Session) -> list[FlagRow]:
    """Every feature that has a switch."""
    return [_row(view) for view in identity.flags(session)]


class FlagsState(Screen, rx.State):
    """Features of this company."""

    rows: list[FlagRow] = []
    loaded: bool = False

    @guarded("flags.manage", track=False)
    async def load(self) -> None:
        """Read the switches."""
        await self._read()

    @guarded("flags.manage")
    async def choose(self, key: Annotated[str, Text(60)], choice: Choice) -> Any:
        """Switch a feature for this company, or follow the installation again."""
        view = await self._do("flags.manage", identity.set_flag, key=key, enabled=_CHOICES[choice])
        before = next((row.choice for row in self.rows if row.key == key), "default")
        await self._read()
        text = f"{view.name} is {'on' if view.on else 'off'} for this company"
        return done(text, undo=FlagsState.choose(key, before) if before != choice else None)

    async def _read(self) -> None:
        self.rows = await self._do("flags.manage", flag_rows)
        self.loaded = True


def _row(view: FlagView) -> FlagRow:
    chosen = {True: "on", False: "off", None: "default"}[view.choice]
    default = "off" if view.percent == 0 else "on" if view.percent == 100 else f"on for {view.percent} %"
    return FlagRow(
        view.key, view.name, view.does, view.on, chosen, default, view.killed, view.stale, f"{view.remove_by:%d %B %Y}"
    )
