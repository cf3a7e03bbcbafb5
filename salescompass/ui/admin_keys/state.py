"""What the page of API keys knows and does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import KeyView
from salescompass.kit.clock import now
from salescompass.ui.arguments import Id, Items, Name, Text
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen

# A form sent right after a new connection may be answered before the load of that connection: it keeps the key then.
_SAME_LOAD = 3.0
_STATES = {"active": ("Active", "success", "circle-check"), "expired": ("Expired", "warning", "clock")}


@dataclass(frozen=True)
class KeyRow:
    """A key as it is listed: never the key itself."""

    id: str = ""
    name: str = ""
    prefix: str = ""
    scopes: str = ""
    active: bool = False
    word: str = ""
    tone: str = ""
    icon: str = ""
    created_at: str = ""
    expires_at: str = ""
    used_at: str = ""


class KeyForm(TypedDict):
    """A new key. `lasts` is in days; empty is without end."""

    name: Name
    scopes: Annotated[list[str], Items(30, Text(40))]
    lasts: Literal["", "30", "90", "365"]


def key_rows(session: Session) -> list[KeyRow]:
    """The tenant's keys, newest first."""
    return [_row(view) for view in identity.keys(session)]


class KeysState(Screen, rx.State):
    """API keys. A new key's text stays until it is put away or the page is loaded again; it is stored nowhere."""

    rows: list[KeyRow] = []
    picked: KeyRow = KeyRow()
    fresh: str = ""
    fresh_name: str = ""
    loaded: bool = False
    _made_on: str = ""
    _made_at: float = 0.0

    @guarded("keys.manage", track=False)
    async def load(self) -> None:
        """Read the keys, and which one the address names; a key that was shown is not shown again."""
        if self._made_on != self.router.session.session_id or monotonic() - self._made_at > _SAME_LOAD:
            self.fresh = self.fresh_name = ""
        await self._read()

    @guarded("keys.manage")
    async def create(self, form: KeyForm) -> Any:
        """Make a key and show it once."""
        ends = now() + timedelta(days=int(form["lasts"])) if form["lasts"] else None
        doing = self._do("keys.manage", identity.create_key, name=form["name"], scopes=form["scopes"], expires_at=ends)
        made, answer = await form_outcome("create", doing)
        if made is None:
            return answer
        self.fresh, self.fresh_name = made.key, form["name"]
        self._made_on, self._made_at = self.router.session.session_id, monotonic()
        await self._read()
        return [answer, rx.call_script("window.scrollTo(0, 0)")]

    @guarded("keys.manage", track=False)
    async def put_away(self) -> None:
        """The key was copied: take it off the page."""
        self.fresh = ""

    @guarded("keys.manage")
    async def revoke(self, key: Id) -> Any:
        """Make a key useless, at once and for good."""
        view = await self._do("keys.manage", identity.revoke_key, key_id=UUID(key))
        await self._read()
        return done(f"The key {view.name} no longer works")

    async def _read(self) -> None:
        self.rows = await self._do("keys.manage", key_rows)
        wanted = self.router.url.query_parameters.get("key")
        self.picked = next((row for row in self.rows if row.id == wanted), KeyRow())
        self.loaded = True


def _row(view: KeyView) -> KeyRow:
    word, tone, icon = _STATES.get(view.state, ("Revoked", "", "ban"))
    return KeyRow(
        id=str(view.id),
        name=view.name,
        prefix=f"sc_{view.prefix}_…",
        scopes="everything" if "*" in view.scopes else ", ".join(view.scopes),
        active=view.state == "active",
        word=word,
        tone=tone,
        icon=icon,
        created_at=view.created_at.isoformat(),
        expires_at=view.expires_at.isoformat() if view.expires_at else "",
        used_at=view.last_used_at.isoformat() if view.last_used_at else "",
    )
