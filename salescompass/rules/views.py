"""Reading rules: what there is, its versions, and what rules did."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text, tuple_
from sqlmodel import Session, col, select

from salescompass import crm
from salescompass.kit import clock
from salescompass.kit.database import fetch
from salescompass.kit.ids import parse_id
from salescompass.kit.pagination import Page, Position, position
from salescompass.models import Rule, RuleRun, RuleVersion
from salescompass.rules.store import rule_row

WEEK = timedelta(days=7)
MOST_RUNS = 200
RESULTS: dict[str, str] = {
    "fired": "Made an action", "cooldown": "Held back: it fired for this record not long ago",
    "episode": "Held back: it fired for this silence already", "cap": "Held back: enough for this member today",
    "duplicate": "Held back: an action of it is open", "team": "Held back: not for this team",
    "loop": "Held back: it was set off by actions of rules",
}  # fmt: skip


@dataclass(frozen=True)
class RuleView:
    """A rule: what is in force, what is being written, and what it made in the last week."""

    id: UUID
    key: str | None
    name: str
    about: str
    state: str
    row_version: int
    live_version: int | None
    definition: Mapping[str, Any]
    """Of the version in force; of the draft while there is none."""
    draft: Mapping[str, Any] | None
    trigger_kind: str
    published_at: datetime | None
    made_in_week: int = 0
    held_back_in_week: int = 0
    last_pass_at: datetime | None = None


@dataclass(frozen=True)
class RuleVersionView:
    """What a rule was when it was published."""

    version: int
    definition: Mapping[str, Any]
    note: str
    published_by: UUID | None
    published_at: datetime


@dataclass(frozen=True)
class RunView:
    """What a rule did for a record, or what held it back."""

    id: UUID
    rule_id: UUID
    version: int
    at: datetime
    subject_kind: str
    subject_id: UUID
    subject_name: str
    result: str
    words: str
    action_id: UUID | None
    member_id: UUID | None
    evidence: tuple[UUID, ...]
    conditions: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class PassView:
    """A round of a rule: how many records set it off, held its conditions, and got an action."""

    at: datetime
    version: int
    looked: int
    matched: int
    made: int
    last_at: datetime


def rules(session: Session) -> tuple[RuleView, ...]:
    """Every rule by name, those in force first."""
    rows = session.exec(select(Rule)).all()
    order = {"live": 0, "paused": 1, "draft": 2}
    views = _views(session, rows)
    return tuple(sorted(views, key=lambda one: (order[one.state], one.name.casefold(), one.id)))


def rule(session: Session, *, rule_id: UUID) -> RuleView:
    """One rule. Raises NotFound."""
    return _views(session, [rule_row(session, rule_id)])[0]


def rule_versions(session: Session, *, rule_id: UUID) -> tuple[RuleVersionView, ...]:
    """The versions of a rule, the newest first."""
    wanted = select(RuleVersion).where(col(RuleVersion.rule_id) == rule_id).order_by(col(RuleVersion.version).desc())
    return tuple(
        RuleVersionView(row.version, row.definition, row.note, row.published_by, row.published_at)
        for row in session.exec(wanted)
    )


def runs(
    session: Session, *, rule_id: UUID, result: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[RunView]:
    """What a rule did for records that the reader sees, and what held it back, the newest first."""
    limit = max(1, min(limit, MOST_RUNS))
    wanted = select(RuleRun).where(col(RuleRun.rule_id) == rule_id)
    if result is not None:
        wanted = wanted.where(col(RuleRun.result) == result)
    if after := position(cursor):
        wanted = wanted.where(tuple_(col(RuleRun.at), col(RuleRun.id)) < (after.at, after.id))
    rows = session.exec(wanted.order_by(col(RuleRun.at).desc(), col(RuleRun.id).desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    more = Position(shown[-1].at, shown[-1].id).cursor() if len(rows) > limit else None
    return Page(tuple(run_views(session, shown)), more)


def passes(session: Session, *, rule_id: UUID, limit: int = 50) -> tuple[PassView, ...]:
    """The rounds of a rule, the newest first."""
    found = fetch(
        session,
        "SELECT at, version, looked, matched, made, last_at FROM rule_pass WHERE rule_id = %s "
        "ORDER BY at DESC LIMIT %s",
        (rule_id, max(1, min(limit, MOST_RUNS))),
    )
    return tuple(PassView(*row) for row in found)


def run_views(session: Session, rows: Sequence[RuleRun]) -> list[RunView]:
    """Rows of the log, each with the name of its record; those that the reader does not see are left out."""
    names: dict[UUID, str] = {}
    for kind in {row.subject_kind for row in rows}:
        names |= names_of(session, kind, {row.subject_id for row in rows if row.subject_kind == kind})
    return [_run(row, names[row.subject_id]) for row in rows if row.subject_id in names]


def names_of(session: Session, kind: str, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these records, as far as the reader sees them."""
    if not ids:
        return {}
    hidden = crm.Sight.of(session, kind).hidden(session, ids)
    found = session.connection().execute(
        text(f"SELECT id, name FROM {_TABLES[kind]} WHERE id = ANY(:ids)"),  # noqa: S608 - constants
        {"ids": [one for one in ids if one not in hidden]},
    )
    return {row.id: row.name for row in found}


_TABLES = {"account": "account", "person": "person", "opportunity": "opportunity"}


def _run(row: RuleRun, name: str) -> RunView:
    return RunView(
        id=row.id, rule_id=row.rule_id, version=row.version, at=row.at, subject_kind=row.subject_kind,
        subject_id=row.subject_id, subject_name=name, result=row.result, words=RESULTS[row.result],
        action_id=row.action_id, member_id=row.member_id,
        evidence=tuple(found for one in row.evidence if (found := parse_id(one))),
        conditions=tuple(row.trace.get("conditions", ())),
    )  # fmt: skip


def _views(session: Session, rows: Sequence[Rule]) -> list[RuleView]:
    ids = [row.id for row in rows]
    versions = {
        (one.rule_id, one.version): one.definition
        for one in session.exec(select(RuleVersion).where(col(RuleVersion.rule_id).in_(ids)))
    }
    week = fetch(
        session,
        "SELECT rule_id, count(*) FILTER (WHERE result = 'fired'), count(*) FILTER (WHERE result <> 'fired') "
        "FROM rule_run WHERE rule_id = ANY(%s) AND at > %s GROUP BY rule_id",
        (ids, clock.now() - WEEK),
    )
    counts = {rule_id: (made, held) for rule_id, made, held in week}
    last = fetch(session, "SELECT rule_id, max(at) FROM rule_pass WHERE rule_id = ANY(%s) GROUP BY rule_id", (ids,))
    passed = dict(last)
    return [
        RuleView(
            id=row.id, key=row.key, name=row.name, about=row.about, state=row.state, row_version=row.row_version,
            live_version=row.live_version, definition=versions.get((row.id, row.live_version or 0), row.draft),
            draft=row.draft or None, trigger_kind=row.trigger_kind, published_at=row.published_at,
            made_in_week=counts.get(row.id, (0, 0))[0], held_back_in_week=counts.get(row.id, (0, 0))[1],
            last_pass_at=passed.get(row.id),
        )
        for row in rows
    ]  # fmt: skip
