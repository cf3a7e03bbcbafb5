"""What the inbox knows and does: one's own lines, by the part that the address names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import notifications
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.kit.errors import Invalid
from salescompass.kit.pagination import Page
from salescompass.notifications import KINDS, TABS, NotificationView
from salescompass.ui.arguments import Id, Identifier, Items
from salescompass.ui.clock_words import zone_of
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen

_PAGE = 50
_MORNING = time(8)
Until = Literal["hour", "tomorrow", "week"]
UNTIL = {"hour": "In an hour", "tomorrow": "Tomorrow morning", "week": "Monday morning"}
ACTS = {"read": "Mark as read", "unread": "Mark as unread", "tomorrow": "Put off until tomorrow morning"}


class ManyForm(TypedDict):
    """Several lines, and what to do with them."""

    chosen: Annotated[list[str], Items(200, Identifier())]
    act: Literal["read", "unread", "tomorrow"]


@dataclass(frozen=True)
class LineRow:
    """A line of the inbox."""

    id: str
    icon: str
    title: str
    body: str
    link: str
    at: str
    read: bool
    times: str
    critical: bool
    acked: bool


def lines(session: Session, actor: Actor, *, tab: str, cursor: str | None = None) -> tuple[list[LineRow], str | None]:
    """A page of one's lines, and where the next begins."""
    page: Page[NotificationView] = notifications.inbox(session, actor, tab=tab, cursor=cursor, limit=_PAGE)
    return [_row(one) for one in page.items], page.next_cursor


def done_with_many(session: Session, actor: Actor, *, form: ManyForm) -> int:
    """Do one thing with several lines; returns with how many."""
    ids = [UUID(one) for one in form["chosen"]]
    if not ids:
        raise Invalid("Choose some lines first", field="chosen")
    if form["act"] == "tomorrow":
        return notifications.snooze(session, actor, ids, until=moment_of("tomorrow", actor.zone, now()))
    return notifications.mark_read(session, actor, ids, read=form["act"] == "read")


def moment_of(until: str, zone: str, at: datetime) -> datetime:
    """When a line that is put off comes back: mornings are those of the reader."""
    if until == "hour":
        return at + timedelta(hours=1)
    here = at.astimezone(zone_of(zone))
    days = 1 if until == "tomorrow" else 7 - here.weekday()
    return datetime.combine(here.date() + timedelta(days=days), _MORNING, tzinfo=here.tzinfo)


class InboxState(Screen, rx.State):
    """The inbox; `tab` in the address is its part."""

    rows: list[LineRow] = []
    tab: str = "all"
    unread: int = 0
    more: bool = False
    loaded: bool = False

    _cursor: str | None = None

    @guarded("account.self", track=False)
    async def load(self) -> None:
        """The part that the address names."""
        tab = str(self.router.url.query_parameters.get("tab", "all"))
        self.tab = tab if tab in TABS else "all"
        await self._read()

    @guarded("account.self", background=True, track=False)
    async def listen(self) -> None:
        """While the page is open, show what comes."""
        async for note in self._notes(notifications.TOPIC):
            if note.resync or str(self._actor.member_id) in note.ids:
                async with self:
                    await self._read()

    @guarded("account.self")
    async def load_more(self) -> None:
        """Earlier lines, below."""
        if self._cursor is None:
            return
        rows, self._cursor = await self._do("account.self", lines, tab=self.tab, cursor=self._cursor)
        self.rows, self.more = [*self.rows, *rows], self._cursor is not None

    @guarded("account.self")
    async def mark(self, line: Id, read: bool) -> None:
        """Mark one line as read or unread."""
        await self._do("account.self", notifications.mark_read, [UUID(line)], read=read)
        await self._read()

    @guarded("account.self")
    async def mark_all(self) -> Any:
        """Mark everything as read."""
        count = await self._do("account.self", notifications.mark_read)
        await self._read()
        return done(f"{count} marked as read")

    @guarded("account.self")
    async def put_off(self, line: Id, until: Until) -> Any:
        """Let a line come back later."""
        moment = moment_of(until, self._actor.zone, now())
        await self._do("account.self", notifications.snooze, [UUID(line)], until=moment)
        await self._read()
        return done(f"It comes back: {UNTIL[until].lower()}")

    @guarded("account.self")
    async def acknowledge(self, line: Id) -> None:
        """Say that one has taken notice."""
        await self._do("account.self", notifications.acknowledge, UUID(line))
        await self._read()

    @guarded("account.self")
    async def do_with_many(self, form: ManyForm) -> Any:
        """Do one thing with the lines that are ticked."""
        count, answer = await form_outcome("inbox", self._do("account.self", done_with_many, form=form))
        if count is None:
            return answer
        await self._read()
        return [answer, done(f"Done with {len(form['chosen'])}")]

    async def _read(self) -> None:
        self.rows, self._cursor = await self._do("account.self", lines, tab=self.tab)
        self.unread = await self._do("account.self", notifications.unread)
        self.more, self.loaded = self._cursor is not None, True


def _row(one: NotificationView) -> LineRow:
    known = KINDS.get(one.kind)
    return LineRow(
        str(one.id), known.icon if known else "bell", one.title, one.body, one.link, one.at.isoformat(),
        one.read_at is not None, f"{one.times} times" if one.times > 1 else "", one.critical, one.acked_at is not None,
    )  # fmt: skip
