"""What the address of the page of actions asks for, and the addresses it leads to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from salescompass.actions import Query, Sorts, Views
from salescompass.ui import routes
from salescompass.vocabulary import ActionKind

VIEWS = {
    Views.MY: "Mine",
    Views.OVERDUE: "Overdue",
    Views.SNOOZED: "Snoozed",
    Views.TEAM: "Team",
    Views.UNASSIGNED: "Nobody's",
    Views.DELEGATED: "Given away",
    Views.DONE: "Done",
    Views.DISMISSED: "Not done",
}
SORTS = {
    Sorts.WORTH: "Worth most a minute",
    Sorts.DUE: "Due first",
    Sorts.CREATED: "Newest",
    Sorts.ACCOUNT: "By account",
}
SHOWS = {
    "list": ("List", "list-checks"),
    "board": ("Board", "square-kanban"),
    "calendar": ("Calendar", "calendar-days"),
}
_LONGEST = 80


@dataclass(frozen=True)
class Asked:
    """One address of the page."""

    view: Views = Views.MY
    show: str = "list"
    sort: Sorts | None = None
    kind: str = ""
    q: str = ""
    month: str = ""
    triage: bool = False

    def href(self, **other: Any) -> str:
        """The address with something else asked for; what is usual is left out."""
        now = {
            "view": "" if self.view is Views.MY else self.view.value,
            "show": "triage" if self.triage else "" if self.show == "list" else self.show,
            "sort": self.sort.value if self.sort else "",
            "kind": self.kind,
            "q": self.q,
            "month": self.month if self.show == "calendar" else "",
        }
        return routes.actions(**{**now, **other})

    @property
    def query(self) -> Query:
        """What the slice is asked."""
        team = self.show != "list" and self.view is Views.TEAM
        return Query(view=self.view, team=team, sort=self.sort, search=self.q, kind=self.kind or None)

    @property
    def narrowed(self) -> bool:
        """Whether something hides what the view would show."""
        return bool(self.kind or self.q)


def asked(query: Mapping[str, Any]) -> Asked:
    """What the query of an address asks for; what it does not know is left out."""

    def one(name: str, known: Any, default: str) -> str:
        value = str(query.get(name, ""))
        return value if value in known else default

    sort = one("sort", [value.value for value in SORTS], "")
    return Asked(
        view=Views(one("view", [value.value for value in VIEWS], Views.MY.value)),
        show=one("show", SHOWS, "list"),
        sort=Sorts(sort) if sort else None,
        kind=one("kind", [value.value for value in ActionKind], ""),
        q=str(query.get("q", ""))[:_LONGEST].strip(),
        month=str(query.get("month", ""))[:7],
        triage=query.get("show") == "triage",
    )


def month_of(text: str, today: date) -> tuple[date, date]:
    """The first and the last day of the month that an address names, else of this one."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following - timedelta(days=1)


def beside(month: date, step: int) -> str:
    """The month before (-1) or after (1), as addresses name it."""
    other = (month + timedelta(days=32)).replace(day=1) if step > 0 else month - timedelta(days=1)
    return f"{other:%Y-%m}"
