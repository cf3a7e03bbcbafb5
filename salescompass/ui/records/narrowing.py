"""What the address of a list asks for, and the address of any other such list. Pure but for the condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_

from salescompass.crm import RECORD_TYPES
from salescompass.identity import Actor
from salescompass.ui import routes
from salescompass.ui.records.kinds import ListKind
from salescompass.vocabulary import RecordKind

_MOST_COLUMNS = 12


@dataclass(frozen=True)
class Lens:
    """Search, filters, order and columns of a list."""

    q: str = ""
    state: str = ""
    mine: bool = False
    sort: str = "-created_at"
    columns: tuple[str, ...] = ()

    @staticmethod
    def of(query: Mapping[str, Any], kind: ListKind, newest: str) -> Lens:
        """What an address asks for; what makes no sense in it is passed over."""
        state = str(query.get("state", ""))
        wanted = [key for key in str(query.get("cols", ""))[:400].split(",") if key in kind.columns]
        return Lens(
            q=str(query.get("q", ""))[:80],
            state=state if state in dict(kind.states) else "",
            mine=query.get("owner") == "me",
            sort=str(query.get("sort", ""))[:40] or newest,
            columns=tuple(dict.fromkeys(wanted))[:_MOST_COLUMNS] or kind.first,
        )

    @property
    def narrowed(self) -> bool:
        """Whether it may leave records out."""
        return bool(self.q or self.state or self.mine)

    def direction(self, key: str) -> str:
        """How the list is sorted by a column: ascending, descending or none."""
        if self.sort.removeprefix("-") != key:
            return "none"
        return "descending" if self.sort.startswith("-") else "ascending"

    def turned(self, key: str) -> str:
        """The order that a click on a column's heading gives."""
        return f"-{key}" if self.direction(key) == "ascending" else key

    def toggled(self, key: str, of: ListKind) -> str:
        """The columns with this one put in or taken out, in the order of all."""
        shown = set(self.columns) ^ {key}
        return ",".join(one for one in of.columns if one in shown)

    def address(self, of: ListKind, newest: str, **changes: str) -> str:
        """The address of this list with some changes; what is usual is left out."""
        now = {
            "q": self.q,
            "state": self.state,
            "owner": "me" if self.mine else "",
            "sort": "" if self.sort == newest else self.sort,
            "cols": "" if self.columns == of.first else ",".join(self.columns),
        }
        return routes.record_list(of.path, **{**now, **changes})


def condition(kind: RecordKind, lens: Lens, actor: Actor) -> ColumnElement[bool] | None:
    """The filters as a condition on the records' table."""
    columns = RECORD_TYPES[kind].table.c
    parts = []
    if lens.mine:
        parts.append(columns.owner_id == actor.member_id)
    if lens.state:
        parts.append(columns.state == lens.state)
    return and_(*parts) if parts else None
