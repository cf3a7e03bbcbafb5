"""What the profile page knows and does: oneself only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor, ProfileView, SessionView
from salescompass.ui.arguments import Id, Name, Secret
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.profile.availability import AwayForm, HoursForm, Presence, presence, save_away, save_hours
from salescompass.ui.session import Screen
from salescompass.ui.shell_state import ShellState


@dataclass(frozen=True)
class SessionLine:
    """A browser one is signed in with."""

    id: str
    device: str
    ip: str
    seen_at: str
    created_at: str
    current: bool


class ProfileForm(TypedDict):
    """What colleagues see."""

    name: Name
    zone: Name


class PasswordForm(TypedDict):
    """The present password and the new one."""

    current: Secret
    new: Secret


def my_page(session: Session, actor: Actor) -> tuple[ProfileView, Presence, list[SessionLine]]:
    """Profile, when one is there, and sessions."""
    sessions = [_line(one) for one in identity.my_sessions(session, actor)]
    return identity.profile(session, actor), presence(session, actor), sessions


class ProfileState(Screen, rx.State):
    """One's own profile."""

    name: str = ""
    email: str = ""
    zone: str = ""
    role_names: str = ""
    shortcuts: bool = True
    presence: Presence = Presence()
    sessions: list[SessionLine] = []
    loaded: bool = False

    @guarded("account.self", track=False)
    async def load(self) -> None:
        """Read one's profile and sessions."""
        await self._read()

    @guarded("account.self")
    async def save(self, form: ProfileForm) -> Any:
        """Change name and time zone."""
        doing = self._do("account.self", identity.update_profile, name=form["name"], zone=form["zone"])
        result, answer = await form_outcome("profile", doing)
        if result is None:
            return answer
        await self._read()
        return [answer, ShellState.load, done("Your profile is saved")]

    @guarded("account.self", form="hours")
    async def save_hours(self, form: HoursForm) -> Any:
        """Say when one works, and when one is not to be disturbed."""
        found, answer = await form_outcome("hours", self._do("account.self", save_hours, form=form))
        if found is None:
            return answer
        self.presence = found
        return [answer, done("Your hours are saved")]

    @guarded("account.self", form="away")
    async def save_away(self, form: AwayForm) -> Any:
        """Say when one is out of office, and who stands in."""
        found, answer = await form_outcome("away", self._do("account.self", save_away, form=form))
        if found is None:
            return answer
        self.presence = found
        return [answer, done(found.words or "You are there")]

    @guarded("account.self")
    async def change_password(self, form: PasswordForm) -> Any:
        """Change one's password; every other session ends."""
        doing = self._do("account.self", identity.change_password, current=form["current"], new=form["new"])
        result, answer = await form_outcome("password", doing)
        if result is None:
            return answer
        await self._read()
        return [answer, done("Your password is changed; other sessions have ended")]

    @guarded("account.self")
    async def use_shortcuts(self, on: bool) -> Any:
        """Switch single-letter shortcuts on or off."""
        await self._do("account.self", identity.update_profile, shortcuts=on)
        self.shortcuts = on
        return [ShellState.load, done(f"Shortcuts are {'on' if on else 'off'}")]

    @guarded("account.self")
    async def end_session(self, session: Id) -> Any:
        """Sign another browser out."""
        await self._do("account.self", identity.revoke_session, session_id=UUID(session))
        await self._read()
        return done("That session has ended")

    @guarded("account.self")
    async def end_others(self) -> Any:
        """Sign out everywhere else."""
        ended = await self._do("account.self", identity.revoke_other_sessions)
        await self._read()
        return done(f"{ended} other sessions have ended" if ended != 1 else "One other session has ended")

    async def _read(self) -> None:
        mine, self.presence, self.sessions = await self._do("account.self", my_page)
        self.name, self.email, self.zone = mine.name, mine.email, mine.zone
        self.role_names, self.shortcuts = ", ".join(mine.role_names), mine.shortcuts
        self.loaded = True


def _line(view: SessionView) -> SessionLine:
    return SessionLine(
        str(view.id), view.device, view.ip, view.last_seen_at.isoformat(), view.created_at.isoformat(), view.current
    )
