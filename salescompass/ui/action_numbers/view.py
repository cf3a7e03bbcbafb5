"""How long actions take and how many of those due are done, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session

from salescompass import actions, rules
from salescompass.actions import Group, MemberRate, Share, Stage
from salescompass.identity import Actor
from salescompass.ui.action_words import KINDS
from salescompass.ui.clock_words import day_of, zone_of
from salescompass.vocabulary import ActionKind

By = Literal["kind", "rule", "assignee"]


@dataclass(frozen=True)
class TimesRow:
    """How long some actions took, half of them each."""

    key: str
    name: str
    count: str
    wait: str
    work: str
    whole: str
    most: str
    waiting: str


@dataclass(frozen=True)
class RateRow:
    """How many of a member's due actions were done."""

    key: str
    name: str
    of: str
    done: str
    told: str
    even: str
    in_time: str


@dataclass(frozen=True)
class WeekRow:
    """The actions that were made in a week."""

    key: str
    week: str
    count: str
    done: str
    half: str


@dataclass(frozen=True)
class NumbersView:
    """The page's facts."""

    all: TimesRow
    rate: RateRow
    groups: list[TimesRow]
    members: list[RateRow]
    weeks: list[WeekRow]
    more: bool


def numbers_view(session: Session, actor: Actor, *, days: int, by: By, business: bool, at: datetime) -> NumbersView:
    """The numbers of the last so many days, by the clock or in business hours."""
    last = day_of(at, zone_of(actor.zone))
    first = last - timedelta(days=days - 1)
    times = actions.completion_times(session, actor, first=first, last=last, by=by, at=at)
    rates = actions.completion_rates(session, actor, first=first, last=last, at=at)
    names = {str(one.id): one.name for one in rules.rules(session)} if by == "rule" else {}
    return NumbersView(
        all=_times(times.all, "All", business),
        rate=_rate("all", "All", rates.all, None),
        groups=[_times(one, _name(one, by, names), business) for one in times.groups],
        members=[_member(one) for one in rates.members],
        weeks=[
            WeekRow(
                one.monday.isoformat(), f"{one.monday.day} {one.monday:%B}", f"{one.count:,}", f"{one.done:,}",
                _long(one.median),
            )
            for one in reversed(times.weeks)
        ],
        more=times.more,
    )  # fmt: skip


def _name(one: Group, by: By, names: dict[str, str]) -> str:
    if by == "kind":
        return KINDS[ActionKind(one.key)] if one.key else ""
    if by == "rule":
        return names.get(one.key or "", "A rule that is gone") if one.key else "Made by hand"
    return one.name


def _times(one: Group, name: str, business: bool) -> TimesRow:
    def half(stage: Stage) -> str:
        return _long((stage.business if business else stage.clock).median)

    whole = one.whole.business if business else one.whole.clock
    return TimesRow(
        one.key or "none", name, f"{one.count:,}", half(one.wait), half(one.work), _long(whole.median),
        _long(whole.p90), f"{whole.waiting:,}",
    )  # fmt: skip


def _member(one: MemberRate) -> RateRow:
    return _rate(str(one.member_id), one.name, one.done, one.in_time)


def _rate(key: str, name: str, one: Share, in_time: int | None) -> RateRow:
    if one.value is None or one.low is None or one.high is None:
        told, even = "Too few to tell", ""
    else:
        told = f"{one.value:.0%}, surely between {one.low:.0%} and {one.high:.0%}"
        even = f"{one.adjusted:.0%}" if one.adjusted is not None else ""
    return RateRow(key, name, f"{one.of:,}", f"{one.done:,}", told, even, "" if in_time is None else f"{in_time:,}")


def _long(span: timedelta | None) -> str:
    """`3 days`, `4.5 h`, `12 min`; a dash where it cannot be told."""
    if span is None:
        return "–"
    minutes = span.total_seconds() / 60
    if minutes < 90:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{minutes / 1440:.1f} days"
