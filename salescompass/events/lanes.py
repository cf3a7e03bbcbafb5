"""The ledger as people read it: two lanes, filters, counts by day, and whether something new concerns a record.

Signals are what counts for scores: acts of customers, by people, told once. Noise is all the rest: machines, our own
acts, and what was told twice. Every count stops at a bound, so that a page costs the same in a ledger of any size.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, not_
from sqlmodel import Session, col, select

from salescompass.events.queries import MOST_NEWER, FeedEntry, above, below, feed_statement, in_reach, told
from salescompass.events.registry import types
from salescompass.kit.pagination import Page, at_most, position
from salescompass.models import Event
from salescompass.vocabulary import COUNTED_VERDICTS, Direction

SIGNALS, NOISE = "signals", "noise"
MOST_COUNTED = 1000
"""How many events a count looks at: beyond, it says "and more"."""
_IS_SIGNAL = and_(
    col(Event.direction) == Direction.IN.value,
    col(Event.verdict).in_([verdict.value for verdict in COUNTED_VERDICTS]),
    col(Event.duplicate_of).is_(None),
    col(Event.merged_into).is_(None),
)


@dataclass(frozen=True)
class Lens:
    """What of the ledger one wants to see; what is empty does not narrow. `until` is not included."""

    lane: str = ""
    type: str = ""
    channel: str = ""
    verdict: str = ""
    account_id: UUID | None = None
    person_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class LaneCounts:
    """How many signals and how much noise there are; with `more`, among the newest that were looked at."""

    signals: int
    noise: int
    more: bool


@dataclass(frozen=True)
class DayCount:
    """What happened on a day of the reader: signals, of how many accounts, and the noise by its kind."""

    day: date
    signals: int
    accounts: int
    machines: int
    ours: int
    repeated: int
    more: bool


def entries(
    session: Session, lens: Lens, *, cursor: str | None = None, newer_than: str | None = None, limit: int = 50
) -> Page[FeedEntry]:
    """A page of events seen through a lens, newest first: those after `cursor`, or those newer than `newer_than`."""
    conditions = _conditions(session, lens)
    after, before = position(cursor), position(newer_than)
    if after:
        conditions += below(after)
    if before:
        conditions += above(before)
    rows = session.connection().execute(feed_statement(conditions, limit + 1)).all()
    found = told(session, rows)
    more = len(found) > limit
    return Page(tuple(found[:limit]), found[limit - 1].cursor if more else None)


def newer_entries(session: Session, lens: Lens, cursor: str | None) -> int:
    """How many events seen through a lens stand above a position, counted up to 100."""
    place = position(cursor)
    newer = select(literal(1)).select_from(Event).where(and_(True, *_conditions(session, lens)))
    if place:
        newer = newer.where(*above(place))
    return int(session.exec(select(func.count()).select_from(newer.limit(at_most(MOST_NEWER)).subquery())).one())


def lane_counts(session: Session, lens: Lens) -> LaneCounts:
    """How much is in each lane, whichever the lens looks at."""
    newest = (
        select(_IS_SIGNAL.label("signal"))
        .where(and_(True, *_conditions(session, replace(lens, lane=""))))
        .order_by(col(Event.occurred_at).desc(), col(Event.id).desc())
        .limit(at_most(MOST_COUNTED))
        .subquery()
    )
    counts = select(func.count().filter(newest.c.signal), func.count()).select_from(newest)
    signals, whole = session.connection().execute(counts).one()
    return LaneCounts(int(signals), int(whole - signals), whole >= MOST_COUNTED)


def day_counts(session: Session, lens: Lens, zone: str, *, low: datetime, high: datetime) -> dict[date, DayCount]:
    """What happened on each day of a zone between two moments, whichever lane the lens looks at."""
    within = replace(
        lens,
        lane="",
        since=max(low, lens.since) if lens.since else low,
        until=min(high, lens.until) if lens.until else high,
    )
    kind = case(
        (_IS_SIGNAL, literal("signal")),
        (col(Event.direction) != Direction.IN.value, literal("own")),
        (not_(and_(col(Event.duplicate_of).is_(None), col(Event.merged_into).is_(None))), literal("repeated")),
        else_=literal("machine"),
    )
    newest = (
        select(
            func.date(func.timezone(zone, col(Event.occurred_at))).label("day"), kind.label("kind"), Event.account_id
        )
        .where(and_(True, *_conditions(session, within)))
        .order_by(col(Event.occurred_at).desc(), col(Event.id).desc())
        .limit(at_most(MOST_COUNTED))
        .subquery()
    )

    def of(name: str) -> Any:
        return func.count().filter(newest.c.kind == name)

    accounts = func.count(newest.c.account_id.distinct()).filter(newest.c.kind == "signal")
    columns: list[Any] = [newest.c.day, of("signal"), accounts, of("machine"), of("own"), of("repeated"), func.count()]
    counts = select(*columns)
    rows = session.connection().execute(counts.group_by(newest.c.day)).all()
    # The oldest day of a list that was cut short is not complete.
    cut = min((row[0] for row in rows), default=None) if sum(row[6] for row in rows) >= MOST_COUNTED else None
    return {
        day: DayCount(day, signals, firms, machines, ours, repeated, day == cut)
        for day, signals, firms, machines, ours, repeated, _ in rows
    }


def concerns(session: Session, lens: Lens, ids: Collection[UUID]) -> bool:
    """Whether one of these events is among those seen through a lens."""
    one = select(literal(1)).select_from(Event)
    one = one.where(col(Event.id).in_(list(ids)), *_conditions(session, lens)).limit(at_most(1))
    return session.connection().execute(one).first() is not None


def _conditions(session: Session, lens: Lens) -> list[ColumnElement[bool]]:
    conditions = in_reach(session)
    wanted = (
        (Event.type, lens.type),
        (Event.verdict, lens.verdict),
        (Event.account_id, lens.account_id),
        (Event.person_id, lens.person_id),
    )
    for column, value in wanted:
        if value:
            conditions.append(col(column) == value)
    if lens.channel:
        # The types of a channel are few and their index is there; what was recorded keeps the channel it had.
        of_channel = [known.key for known in types(session).values() if known.channel == lens.channel]
        conditions += [col(Event.channel) == lens.channel, col(Event.type).in_(of_channel)]
    if lens.since:
        conditions.append(col(Event.occurred_at) >= lens.since)
    if lens.until:
        conditions.append(col(Event.occurred_at) < lens.until)
    if lens.lane == SIGNALS:
        conditions.append(_IS_SIGNAL)
    elif lens.lane == NOISE:
        conditions.append(not_(_IS_SIGNAL))
    return conditions
