"""What the address of a list asks for, and the address of any other such list. Pure but for the condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_

from salescompass import scoring
from salescompass.crm import RECORD_TYPES
from salescompass.identity import Actor
from salescompass.kit.ids import parse_id
from salescompass.ui import routes
from salescompass.ui.records.kinds import ListKind
from salescompass.vocabulary import SubjectKind

LONGEST_FILTER = 1500
_MOST_COLUMNS = 12


@dataclass(frozen=True)
class Lens:
    """Search, filters, order and columns of a list. `where` is a condition tree as JSON, `view` a saved view's id."""

    q: str = ""
    state: str = ""
    mine: bool = False
    sort: str = ""
    columns: tuple[str, ...] = ()
    where: str = ""
    view: str = ""

    @staticmethod
    def of(query: Mapping[str, Any], kind: ListKind) -> Lens:
        """What an address asks for; what makes no sense in it is passed over."""
        state = str(query.get(kind.narrow, ""))
        wanted = [key for key in str(query.get("cols", ""))[:400].split(",") if key in kind.columns]
        return Lens(
            q=str(query.get("q", ""))[:80],
            state=state if state in dict(kind.states) else "",
            mine=query.get("owner") == "me",
            sort=str(query.get("sort", ""))[:40] or kind.order,
            columns=tuple(dict.fromkeys(wanted))[:_MOST_COLUMNS] or kind.first,
            where=str(query.get("where", ""))[: LONGEST_FILTER + 1],
            view=str(parse_id(str(query.get("view", ""))) or ""),
        )

    @property
    def narrowed(self) -> bool:
        """Whether it may leave records out."""
        return bool(self.q or self.state or self.mine or self.where)

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

    def kept(self, of: ListKind) -> dict[str, str]:
        """What the address of this list holds and a saved view keeps; what is usual is left out."""
        now = {
            "q": self.q,
            of.narrow: self.state,
            "owner": "me" if self.mine else "",
            "where": self.where,
            "sort": "" if self.sort == of.order else self.sort,
            "cols": "" if self.columns == of.first else ",".join(self.columns),
        }
        return {name: value for name, value in now.items() if value}

    def address(self, of: ListKind, **changes: str) -> str:
        """The address of this list with some changes. Without any narrowing or order it is that of no view."""
        now = {name: value for name, value in {**self.kept(of), **changes}.items() if value}
        view = {"view": self.view} if self.view and set(now) - {"panel", "bulk"} else {}
        return routes.record_list(of.path, **{**view, **now})


def condition(
    of: ListKind, lens: Lens, actor: Actor, *, also: ColumnElement[bool] | None = None
) -> ColumnElement[bool] | None:
    """The filters as a condition on the records' table; `also` is the tree's."""
    columns = RECORD_TYPES[of.kind].table.c
    parts = [] if also is None else [also]
    if lens.mine:
        parts.append(columns.owner_id == actor.member_id)
    if lens.state and of.narrow == "band":
        parts.append(scoring.in_band(SubjectKind.ACCOUNT, columns.id, lens.state))
    elif lens.state:
        parts.append(columns.state == lens.state)
    return and_(*parts) if parts else None
