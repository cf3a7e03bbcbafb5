"""What the page of actions shows: a list, a board by state, a calendar, and what has been lying about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from salescompass import actions
from salescompass.actions import Counts, Views
from salescompass.identity import Actor
from salescompass.ui import routes
from salescompass.ui.action_looks import ActionLook, action_look
from salescompass.ui.action_words import STATES
from salescompass.ui.actions.asked import VIEWS, Asked, beside, month_of
from salescompass.ui.clock_words import day_of, day_words, zone_of
from salescompass.vocabulary import ActionState

_MOST = 1000
_PAGE = 40
_SHORT = 3


@dataclass(frozen=True)
class TabLook:
    """A view, with how much is in it."""

    label: str
    count: str
    href: str
    current: bool


@dataclass(frozen=True)
class ColumnLook:
    """A state on the board."""

    state: str
    title: str
    count: str
    cards: list[ActionLook]


@dataclass(frozen=True)
class DayLook:
    """A day of the calendar; `number` and `cards` for its square, `title` where days stand below each other."""

    key: str
    number: str
    title: str
    inside: bool
    today: bool
    cards: list[ActionLook]
    more: str


@dataclass(frozen=True)
class StaleLook:
    """What lies about, and what to do with it."""

    card: ActionLook
    advice: str
    why: str


@dataclass(frozen=True)
class ActionsView:
    """The page's facts, read in one transaction; only what is shown is filled."""

    tabs: list[TabLook]
    stale: int
    rows: list[ActionLook]
    cursor: str | None
    columns: list[ColumnLook]
    days: list[DayLook]
    month: str
    before: str
    after: str
    lying: list[StaleLook]


def actions_view(
    session: Session, actor: Actor, *, asked: Asked, at: datetime, cursor: str | None = None
) -> ActionsView:
    """What an address asks for, as one member sees it."""
    zone = zone_of(actor.zone)
    held = actions.counts(session, actor, at=at)
    rows: list[ActionLook] = []
    following: str | None = None
    columns: list[ColumnLook] = []
    days: list[DayLook] = []
    lying: list[StaleLook] = []
    first, last = month_of(asked.month, day_of(at, zone))
    if asked.triage:
        lying = [
            StaleLook(_look(one.card, actor, at, zone), one.advice.what.value, one.advice.why)
            for one in actions.stale(session, actor, at=at)
        ]
    elif asked.show == "board":
        columns = [
            ColumnLook(
                one.state,
                STATES[ActionState(one.state)],
                _number(one.count),
                [_look(card, actor, at, zone) for card in one.cards],
            )
            for one in actions.board(session, actor, query=asked.query, at=at)
        ]
    elif asked.show == "calendar":
        days = _days(session, actor, asked, first, last, at, zone)
    else:
        page = actions.worklist(session, actor, query=asked.query, at=at, cursor=cursor, limit=_PAGE)
        rows, following = [_look(card, actor, at, zone) for card in page.items], page.next_cursor
    return ActionsView(
        tabs=_tabs(held, asked), stale=held.stale, rows=rows, cursor=following, columns=columns, days=days,
        month=f"{first:%B %Y}", before=asked.href(month=beside(first, -1)), after=asked.href(month=beside(first, 1)),
        lying=lying,
    )  # fmt: skip


def _look(card: actions.Card, actor: Actor, at: datetime, zone: ZoneInfo) -> ActionLook:
    return action_look(card, actor, at=at, zone=zone)


def _tabs(held: Counts, asked: Asked) -> list[TabLook]:
    numbers = {
        Views.MY: held.my, Views.OVERDUE: held.overdue, Views.SNOOZED: held.snoozed, Views.TEAM: held.team,
        Views.UNASSIGNED: held.unassigned, Views.DELEGATED: held.delegated,
    }  # fmt: skip
    return [
        TabLook(
            label,
            _number(numbers[view]) if numbers.get(view) else "",
            asked.href(view="" if view is Views.MY else view.value, sort=""),
            asked.view is view and not asked.triage,
        )
        for view, label in VIEWS.items()
    ]


def _number(count: int) -> str:
    return f"{_MOST:,}+" if count >= _MOST else f"{count:,}"


def _days(
    session: Session, actor: Actor, asked: Asked, first: date, last: date, at: datetime, zone: ZoneInfo
) -> list[DayLook]:
    """Whole weeks from Monday on, as far as the month reaches."""
    begin = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    found = actions.calendar(session, actor, query=asked.query, first=begin, last=end)
    held = {one.day: one.cards for one in found.days}
    today = day_of(at, zone)
    days = [begin + timedelta(days=one) for one in range((end - begin).days + 1)]
    return [
        DayLook(
            day.isoformat(), str(day.day), day_words(day, today), day.month == first.month, day == today,
            [_look(card, actor, at, zone) for card in held.get(day, ())],
            f"{len(held.get(day, ())) - _SHORT} more" if len(held.get(day, ())) > _SHORT else "",
        )
        for day in days
    ]  # fmt: skip


def triage_href() -> str:
    """The address of what has been lying about."""
    return routes.actions(show="triage")
