"""What conditions can look at in how an account is engaged: with how many people, when both sides spoke last, how
often it usually stirs, and whether it has been silent for longer than that.

The rhythm is the account's own: of nine in ten of its pauses in half a year the longest, in days (UTC) from one with an
event to the next. Who has had fewer than four such days has none; who is new is not silent.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import Date, Integer, and_, cast, func, literal, select
from sqlmodel import col

from salescompass.conditions import AsOf, Beside, EventCount, Field, Kind
from salescompass.events.counted import told
from salescompass.models import Event

TWO_WAY = ("email_replied", "call_completed", "meeting_held", "demo_completed", "message_received")
"""What is only recorded when both sides spoke."""
ENGAGED_DAYS, RHYTHM_DAYS, NEW_DAYS, FEWEST_PAUSES = 30, 180, 14, 3


def _since(as_of: AsOf, days: int) -> AsOf:
    return AsOf(as_of.now, as_of.now - timedelta(days=days))


def _people(as_of: AsOf) -> Any:
    subject, conditions = told("account", _since(as_of, ENGAGED_DAYS), EventCount())
    people = func.count(func.distinct(col(Event.person_id)))
    return select(subject.label("id"), people.label("value")).where(*conditions).group_by(subject)


def _spoke(as_of: AsOf) -> Any:
    subject, conditions = told("account", as_of, EventCount(TWO_WAY))
    last = func.max(col(Event.occurred_at)).label("value")
    return select(subject.label("id"), last).where(*conditions).group_by(subject)


def _pauses(as_of: AsOf) -> Any:
    """Each day with an event of an account, and how many days it came after the one before."""
    subject, conditions = told("account", _since(as_of, RHYTHM_DAYS), EventCount())
    day = cast(func.timezone("UTC", col(Event.occurred_at)), Date)
    days = select(subject.label("id"), day.label("day")).where(*conditions).distinct().subquery()
    before = func.lag(days.c.day).over(partition_by=days.c.id, order_by=days.c.day)
    return select(days.c.id, days.c.day, cast(days.c.day - before, Integer).label("pause")).subquery()


def _usual(pauses: Any) -> Any:
    return cast(func.percentile_disc(0.9).within_group(pauses.c.pause), Integer)


def _rhythm(as_of: AsOf) -> Any:
    pauses = _pauses(as_of)
    enough = func.count(pauses.c.pause) >= FEWEST_PAUSES
    return select(pauses.c.id, _usual(pauses).label("value")).group_by(pauses.c.id).having(enough)


def _quiet(as_of: AsOf) -> Any:
    pauses, today = _pauses(as_of), literal(as_of.now.astimezone(UTC).date(), Date())
    silent = cast(today - func.max(pauses.c.day), Integer) > _usual(pauses)
    known = cast(today - func.min(pauses.c.day), Integer) >= NEW_DAYS
    enough = func.count(pauses.c.pause) >= FEWEST_PAUSES
    quiet = and_(silent, known).label("value")
    return select(pauses.c.id, quiet).group_by(pauses.c.id).having(enough)


ACCOUNT = (
    Field("people_engaged", "People engaged in 30 days", Kind.NUMBER, Beside(_people, absent=0), whole=True),
    Field("two_way_at", "Last two-way touch", Kind.MOMENT, Beside(_spoke)),
    Field("rhythm_days", "Own rhythm in days", Kind.NUMBER, Beside(_rhythm), whole=True),
    Field("gone_quiet", "Gone quiet", Kind.BOOLEAN, Beside(_quiet, absent=False)),
)
