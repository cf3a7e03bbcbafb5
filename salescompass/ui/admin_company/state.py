"""What the page of the company knows and does."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

import reflex as rx

from salescompass import identity
from salescompass.ui.arguments import Name, Text
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen
from salescompass.ui.shell_state import ShellState

Currency = Annotated[str, Text(3)]


class CompanyForm(TypedDict):
    """How the company is called, where its days begin, and what it counts in."""

    name: Name
    zone: Name
    currency: Currency


class CompanyState(Screen, rx.State):
    """The company whose members one is among."""

    name: str = ""
    zone: str = ""
    currency: str = ""
    loaded: bool = False

    @guarded("company.manage", track=False)
    async def load(self) -> None:
        """Read what holds."""
        await self._read()

    @guarded("company.manage")
    async def save(self, form: CompanyForm) -> Any:
        """Change what differs; Undo gives back what was."""
        was = (self.name, self.zone, self.currency)
        changed, answer = await form_outcome("company", self._do("company.manage", identity.change_company, **form))
        if changed is None:
            return answer
        await self._read()
        undo = CompanyState.put_back(*was) if was != (self.name, self.zone, self.currency) else None
        return [answer, ShellState.load, done("The company is saved", undo=undo)]

    @guarded("company.manage")
    async def put_back(self, name: Name, zone: Name, currency: Currency) -> Any:
        """Undo of a change."""
        await self._do("company.manage", identity.change_company, name=name, zone=zone, currency=currency)
        await self._read()
        return [ShellState.load, done("The company is as it was")]

    async def _read(self) -> None:
        found = await self._do("company.manage", identity.company)
        self.name, self.zone, self.currency = found.name, found.zone, found.currency
        self.loaded = True
