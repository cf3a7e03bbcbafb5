"""What a tenant has, written to a file: of any size with the same memory, and understood again by the import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from salescompass import identity
from salescompass.identity import Actor
from salescompass.imports.export_columns import (
    EVENT_COLUMNS,
    LIVELY,
    Condition,
    OutColumn,
    event_rows,
    record_columns,
    record_rows,
    shown_columns,
)
from salescompass.imports.export_file import written
from salescompass.imports.importers import KINDS
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import ValueKind
from salescompass.models import Membership, Team, TeamMember
from salescompass.vocabulary import RecordKind

_TOLD_EVERY = 1000


@dataclass(frozen=True)
class ExportReport:
    """What was written."""

    kind: str
    rows: int
    columns: list[str]
    file: str
    bytes: int


def export_file(
    session: Session,
    actor: Actor,
    *,
    kind: str,
    path: Path,
    where: Condition = None,
    search: str = "",
    sort: str = "created_at",
    columns: Sequence[str] = (),
    told: Callable[[int], object] | None = None,
) -> ExportReport:
    """Write a list to a CSV file or a workbook: `where`, `search` and `sort` are those of the list.

    `columns` are those the list shows; without them every field is written.
    `told` hears now and then how many rows are written. What is out of the actor's reach is not in it, whoever opened
    the session.
    """
    may_export(actor, kind)
    session.info["reader"] = actor
    cells, rows = _source(session, kind, where, search, sort, columns)
    count = 0
    with written(path, cells) as out:
        for row in rows:
            out.row([column.value(row) for column in cells])
            count += 1
            if told is not None and count % _TOLD_EVERY == 0:
                told(count)
    identity.audit.record(
        session, actor, "list.exported", object_type="export", object_id=kind,
        detail={"rows": count, "format": path.suffix[1:], "search": search[:100], "narrowed": where is not None},
    )  # fmt: skip
    return ExportReport(kind, count, [column.header for column in cells], str(path), path.stat().st_size)


def may_export(actor: Actor, kind: str) -> None:
    """Raises Denied for whoever may not write such a list to a file, or not even see it."""
    actor.must("records.export")
    actor.must(_SEEN_BY.get(kind, "records.read"))


_SEEN_BY = {"users": "users.read", "events": "feed.read"}


def _source(
    session: Session, kind: str, where: Condition, search: str, sort: str, keys: Sequence[str]
) -> tuple[list[OutColumn], Iterator[Any]]:
    if kind == "users":
        return list(_USER_COLUMNS), _users(session)
    if kind == "events":
        return list(EVENT_COLUMNS), event_rows(session)
    if kind not in KINDS:
        raise Invalid(f"Unknown kind {kind[:60]}: choose from {', '.join(KINDS)}", field="kind")
    of = RecordKind(kind)
    columns = shown_columns(session, of, keys) if keys else record_columns(session, of)
    lively = not LIVELY.isdisjoint(keys)
    return columns, record_rows(session, of, where=where, search=search, sort=sort, lively=lively)


_USER_COLUMNS = tuple(
    OutColumn(header, ValueKind.TEXT, lambda row, key=header.lower().replace(" ", "_"): row[key])  # type: ignore[misc]
    for header in ("Name", "Email", "Role", "Manager", "Team", "Time zone")
)


def _users(session: Session) -> Iterator[dict[str, str | None]]:
    """Members with their managers and teams: those who lead nobody's rows come after those who name them."""
    beneath = {
        one[0]: one[1]
        for one in session.exec(
            select(Membership.id, Membership.manager_id).where(col(Membership.manager_id).is_not(None))
        )
    }
    named = {one.id: one.email or one.name for one in identity.members(session)}
    teams: dict[Any, str] = {}
    query = select(TeamMember.member_id, Team.name).join(Team, col(Team.id) == col(TeamMember.team_id))
    for member_id, team in session.exec(query.order_by(col(Team.name))):
        teams.setdefault(member_id, team)
    for one in identity.members(session):
        yield {
            "name": one.name,
            "email": one.email or None,
            "role": "; ".join(one.roles),
            "manager": named.get(beneath.get(one.id)),  # type: ignore[arg-type]
            "team": teams.get(one.id),
            "time_zone": one.zone,
        }
