"""How oneself is told of what, when it is quiet, and the calendar's secret address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Annotated, Any, Literal, TypedDict

import reflex as rx
from sqlmodel import Session

from salescompass import identity, notifications, together
from salescompass.identity import Actor
from salescompass.kit.errors import Invalid
from salescompass.kit.settings import settings
from salescompass.together import CalendarView
from salescompass.ui.arguments import Text
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen

Key = Annotated[str, Text(60)]
Clock = Annotated[str, Text(5)]


@dataclass(frozen=True)
class ChoiceRow:
    """A kind of notification, and how oneself is told of it."""

    kind: str
    words: str
    critical: bool
    in_app: bool
    email: str


class QuietForm(TypedDict):
    """When quiet begins and ends, as the clock shows it; empty for never."""

    quiet_from: Clock
    quiet_to: Clock


def my_notices(session: Session, actor: Actor) -> tuple[list[ChoiceRow], str, str]:
    """Every kind with its choices, and one's quiet hours."""
    rows = [
        ChoiceRow(one.kind, one.words, one.critical, one.in_app, one.email)
        for one in notifications.notification_choices(session, actor)
    ]
    there = identity.availabilities(session, [actor.member_id] if actor.member_id else []).get(actor.member_id)
    if there is None or there.quiet_from is None or there.quiet_to is None:
        return rows, "", ""
    return rows, f"{there.quiet_from:%H:%M}", f"{there.quiet_to:%H:%M}"


def keep_quiet(session: Session, actor: Actor, *, form: QuietForm) -> None:
    """Change one's quiet hours; working hours stay as they are."""
    there = identity.availabilities(session, [actor.member_id] if actor.member_id else [])[actor.member_id]
    identity.set_hours(
        session, actor, work_from=there.work_from, work_to=there.work_to, work_days=there.work_days,
        quiet_from=_clock(form["quiet_from"], "quiet_from"), quiet_to=_clock(form["quiet_to"], "quiet_to"),
    )  # fmt: skip


def _clock(text: str, field: str) -> time | None:
    try:
        return time.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise Invalid("Give a time such as 22:00", field=field) from None


class NoticesState(Screen, rx.State):
    """One's own notification settings."""

    rows: list[ChoiceRow] = []
    quiet_from: str = ""
    quiet_to: str = ""
    calendar_address: str = ""
    calendar_made: str = ""
    calendar_read: str = ""
    loaded: bool = False

    @guarded("account.self", track=False)
    async def load(self) -> None:
        """Read how oneself is told."""
        await self._read()

    @guarded("account.self")
    async def show_in_app(self, kind: Key, on: bool) -> Any:
        """Show a kind in the inbox, or not."""
        await self._do("account.self", notifications.choose_notifications, kind=kind, in_app=on)
        await self._read()
        return done("Saved")

    @guarded("account.self")
    async def write_email(self, kind: Key, email: Literal["now", "digest", "off"]) -> Any:
        """Write about a kind at once, once a day, or not."""
        await self._do("account.self", notifications.choose_notifications, kind=kind, email=email)
        await self._read()
        return done("Saved")

    @guarded("account.self")
    async def save_quiet(self, form: QuietForm) -> Any:
        """Choose one's quiet hours."""
        _, answer = await form_outcome("quiet", self._do("account.self", keep_quiet, form=form))
        await self._read()
        return answer

    @guarded("account.self")
    async def make_calendar(self) -> Any:
        """Give one's calendar a new secret address, shown once."""
        made: CalendarView = await self._do("account.self", together.make_calendar)
        await self._read()
        self.calendar_address = settings().base_url.rstrip("/") + made.path
        return done("Your calendar has an address; copy it now")

    @guarded("account.self")
    async def revoke_calendar(self) -> Any:
        """Take the address back."""
        await self._do("account.self", together.revoke_calendar)
        self.calendar_address = ""
        await self._read()
        return done("Nothing is read under that address any more")

    async def _read(self) -> None:
        self.rows, self.quiet_from, self.quiet_to = await self._do("account.self", my_notices)
        calendar: CalendarView | None = await self._do("account.self", together.my_calendar)
        self.calendar_made = calendar.made_at.isoformat() if calendar else ""
        self.calendar_read = calendar.read_at.isoformat() if calendar and calendar.read_at else ""
        self.loaded = True
