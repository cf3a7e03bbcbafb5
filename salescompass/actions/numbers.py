"""How long actions take, and how many of those due are done: by kind, rule, assignee; by week. For coaching.

Whoever manages actions reads them of all that they see, others of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlmodel import Session

from salescompass.actions.days import begin_of
from salescompass.actions.rates import Counted, Share, share
from salescompass.actions.seeing import MANAGE, seen
from salescompass.actions.survival import Spread, Waited, spread
from salescompass.actions.views import ACTION
from salescompass.actions.whose import assigned
from salescompass.actions.worktime import worked
from salescompass.identity import Actor
from salescompass.kit.errors import Invalid
from salescompass.models import Membership, TenantPublic
from salescompass.vocabulary import ActionState

LONGEST = 366
MOST = 50_000
"""So many of the newest are read; `Times.more` says when there are more."""
_MEMBER: Any = Membership.__table__  # type: ignore[attr-defined]
By = Literal["kind", "rule", "assignee"]
_COLUMNS: dict[By, Any] = {"kind": ACTION.c.kind, "rule": ACTION.c.rule_id, "assignee": ACTION.c.assignee_id}


@dataclass(frozen=True)
class Stage:
    """One stretch of an action's life, by the clock and in business hours."""

    clock: Spread
    business: Spread


@dataclass(frozen=True)
class Group:
    """Some actions: until somebody looked (`wait`), from then until it was done (`work`), and both (`whole`)."""

    key: str | None
    name: str
    count: int
    wait: Stage
    work: Stage
    whole: Stage


@dataclass(frozen=True)
class Week:
    """The actions that were made in the week from `monday` on: how many, and until half were done."""

    monday: date
    count: int
    done: int
    median: timedelta | None


@dataclass(frozen=True)
class Times:
    """All of them, in groups (the largest first), week by week. `more` says that only the newest were read."""

    all: Group
    groups: tuple[Group, ...]
    weeks: tuple[Week, ...]
    more: bool


@dataclass(frozen=True)
class MemberRate:
    """How many of a member's due actions were done, and how many of them in time."""

    member_id: UUID
    name: str
    done: Share
    in_time: int


@dataclass(frozen=True)
class Rates:
    """By assignee, in the order of their names; `all` together."""

    all: Share
    members: tuple[MemberRate, ...]


def completion_times(session: Session, actor: Actor, *, first: date, last: date, by: By, at: datetime) -> Times:
    """How long the actions took that were made in these days of the tenant's zone.

    What is open waits until `at`; what was dismissed or ran out waited until then and says no more.
    """
    zone = _zone(session)
    a, column = ACTION.c, _COLUMNS[by]
    made = _within(a.created_at, first, last, zone)
    query = select(a.created_at, a.touched_at, a.closed_at, a.state, column.label("key"), _MEMBER.c.name)
    query = query.select_from(ACTION.outerjoin(_MEMBER, _MEMBER.c.id == a.assignee_id))
    query = query.where(made, a.created_at <= at, _readable(session, actor)).order_by(a.created_at.desc())
    rows = session.connection().execute(query.limit(MOST + 1)).all()
    found, known = rows[:MOST], ZoneInfo(zone)
    groups: dict[Any, list[Any]] = defaultdict(list)
    weeks: dict[date, list[Any]] = defaultdict(list)
    for row in found:
        day = row.created_at.astimezone(known).date()
        groups[row.key].append(row)
        weeks[day - timedelta(days=day.weekday())].append(row)
    told = [_group(key, some, by, at, known) for key, some in groups.items()]
    told.sort(key=lambda one: (-one.count, one.name, one.key or ""))
    trend = tuple(_week(monday, weeks[monday], at) for monday in sorted(weeks))
    return Times(_group(None, found, "kind", at, known), tuple(told), trend, len(rows) > MOST)


def completion_rates(session: Session, actor: Actor, *, first: date, last: date, at: datetime) -> Rates:
    """How many of the actions were done that fell due in these days of the tenant's zone, until `at`.

    What closed by itself because its reason was gone is left out; what ran out of time is not.
    """
    a = ACTION.c
    reason_gone = and_(a.state == ActionState.EXPIRED, or_(a.expires_at.is_(None), a.closed_at < a.expires_at))
    done = a.state == ActionState.DONE
    query = (
        select(
            a.assignee_id, _MEMBER.c.name, a.kind, func.count(), func.count().filter(done),
            func.count().filter(done, a.closed_at <= a.due_to),
        )
        .select_from(ACTION.join(_MEMBER, _MEMBER.c.id == a.assignee_id))
        .where(_within(a.due_to, first, last, _zone(session)), a.due_to <= at, ~reason_gone, _readable(session, actor))
        .group_by(a.assignee_id, _MEMBER.c.name, a.kind)
    )  # fmt: skip
    mine: dict[tuple[str, UUID], dict[str, Counted]] = defaultdict(dict)
    everybody: dict[str, Counted] = {}
    in_time: dict[UUID, int] = defaultdict(int)
    for member_id, name, kind, of, finished, timely in session.connection().execute(query):
        mine[name, member_id][kind] = Counted(of, finished)
        before = everybody.get(kind, Counted(0, 0))
        everybody[kind] = Counted(before.of + of, before.done + finished)
        in_time[member_id] += timely
    members = tuple(
        MemberRate(one, name, share(mine[name, one], everybody), in_time[one]) for name, one in sorted(mine)
    )
    return Rates(share(everybody, everybody), members)


def _within(column: Any, first: date, last: date, zone: str) -> ColumnElement[bool]:
    if not timedelta() <= last - first < timedelta(days=LONGEST):
        raise Invalid(f"Choose at most {LONGEST} days", field="last")
    return and_(column >= begin_of(first, zone), column < begin_of(last + timedelta(days=1), zone))


def _readable(session: Session, actor: Actor) -> ColumnElement[bool]:
    actor.must("actions.read")
    return and_(true() if actor.may(MANAGE) else assigned(session, actor), seen(session, actor))


def _zone(session: Session) -> str:
    return str(session.connection().execute(select(TenantPublic.__table__.c.zone)).scalar_one())  # type: ignore[attr-defined]


def _group(key: Any, rows: Sequence[Any], by: By, at: datetime, zone: ZoneInfo) -> Group:
    name = (rows[0].name or "Nobody") if by == "assignee" and rows else ""
    ends = [(row, *_ends(row, at)) for row in rows]
    begun = [one for one in ends if one[0].touched_at]
    return Group(
        None if key is None else str(key), name, len(rows),
        wait=_stage([(row.created_at, looked, bool(row.touched_at)) for row, looked, _ in ends], zone),
        work=_stage([(row.touched_at, over, _done(row)) for row, _, over in begun], zone),
        whole=_stage([(row.created_at, over, _done(row)) for row, _, over in ends], zone),
    )  # fmt: skip


def _ends(row: Any, at: datetime) -> tuple[datetime, datetime]:
    """When somebody looked at it and when it was over, or until when nobody had."""
    over = row.closed_at or at
    return row.touched_at or over, over


def _done(row: Any) -> bool:
    return bool(row.state == ActionState.DONE)


def _stage(spans: Sequence[tuple[datetime, datetime, bool]], zone: ZoneInfo) -> Stage:
    def told(length: Callable[[datetime, datetime], timedelta]) -> Spread:
        return spread([Waited(length(begin, end), ended) for begin, end, ended in spans])

    return Stage(told(lambda begin, end: max(end - begin, timedelta())), told(lambda b, e: worked(b, e, zone)))


def _week(monday: date, rows: Sequence[Any], at: datetime) -> Week:
    waits = [Waited(_ends(row, at)[1] - row.created_at, _done(row)) for row in rows]
    told = spread(waits)
    return Week(monday, len(rows), told.ended, told.median)
