"""What the page of numbers knows; the span, the grouping and the clock are in the address."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from salescompass.kit.clock import now
from salescompass.ui import routes
from salescompass.ui.action_numbers.view import By, NumbersView, RateRow, TimesRow, WeekRow, numbers_view
from salescompass.ui.arguments import Name
from salescompass.ui.guard import guarded
from salescompass.ui.session import Screen

SPANS = {"30": "Last 30 days", "90": "Last 90 days", "365": "Last 365 days"}
GROUPS: dict[By, str] = {"assignee": "By member", "kind": "By kind", "rule": "By rule"}


class NumbersState(Screen, rx.State):
    """How long actions take, and how many are done."""

    days: str = "90"
    by: str = "assignee"
    business: bool = False
    whole: list[TimesRow] = []
    groups: list[TimesRow] = []
    rates: list[RateRow] = []
    weeks: list[WeekRow] = []
    more: bool = False
    loaded: bool = False

    @guarded("actions.read", track=False)
    async def load(self) -> None:
        """Read the numbers that the address asks for."""
        asked = self.router.url.query_parameters
        days, by = str(asked.get("days", "")), str(asked.get("by", ""))
        self.days = days if days in SPANS else "90"
        self.by = by if by in GROUPS else "assignee"
        self.business = asked.get("clock") == "business"
        found: NumbersView = await self._do(
            "actions.read", numbers_view, days=int(self.days), by=self.by, business=self.business, at=now()
        )
        self.whole, self.groups, self.weeks, self.more = [found.all], found.groups, found.weeks, found.more
        self.rates = [*found.members, found.rate]
        self.loaded = True

    @guarded("actions.read", track=False)
    async def choose(self, name: Literal["days", "by", "clock"], value: Name) -> Any:
        """Another span, grouping or clock."""
        asked = {"days": self.days, "by": self.by, "clock": "business" if self.business else ""}
        return rx.redirect(routes.action_numbers(**{**asked, name: value}))
