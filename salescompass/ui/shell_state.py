"""What the frame of every page knows: who is signed in, what they may see, their bell and their companies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any

import reflex as rx
from sqlmodel import Session

from salescompass import crm, identity, notifications
from salescompass.identity import Actor
from salescompass.ui import routes
from salescompass.ui.arguments import Number, Search
from salescompass.ui.guard import guarded
from salescompass.ui.people import initials, tint
from salescompass.ui.session import Screen

_FOUND = 5
Ticket = Annotated[int, Number(0, 10**9)]
_KINDS = {
    "account": ("Accounts", "building-2", routes.account),
    "person": ("People", "user", routes.contact),
    "opportunity": ("Deals", "handshake", routes.deal),
}


@dataclass(frozen=True)
class TenantRow:
    """A company in the switcher; `body` is what the switch sends."""

    name: str
    current: bool
    body: str


@dataclass(frozen=True)
class Surroundings:
    """Everything the frame shows, read in one transaction."""

    tenants: list[TenantRow]
    unread: int
    role_names: str
    shortcuts: bool


def surroundings(session: Session, actor: Actor) -> Surroundings:
    """What the frame shows to this member."""
    me = identity.profile(session, actor)
    return Surroundings(
        tenants=[
            TenantRow(one.name, one.current, json.dumps({"tenant_id": str(one.tenant_id)}))
            for one in identity.my_tenants(session, actor)
        ],
        unread=notifications.unread(session, actor),
        role_names=", ".join(me.role_names),
        shortcuts=me.shortcuts,
    )


def found_record(one: crm.Found) -> dict[str, str]:
    """A record as the palette shows it."""
    group, icon, page = _KINDS[one.object_type]
    return {"label": one.name, "detail": one.detail, "group": group, "icon": icon, "href": page(str(one.id))}


class ShellState(Screen, rx.State):
    """The frame. What it may show comes from the session at every load, never from the browser."""

    name: str = ""
    email: str = ""
    initials: str = ""
    tint: str = "iris"
    role_names: str = ""
    zone: str = "UTC"
    tenant: str = ""
    tenant_initial: str = ""
    tenant_slug: str = ""
    tenants: list[TenantRow] = []
    allowed: list[str] = ["account.self", "feed.read"]
    unread: int = 0
    shortcuts: bool = True
    known: bool = False
    found: dict[str, Any] = {}

    _here: tuple[str, str] = ("", "")

    @guarded("account.self", track=False)
    async def load(self) -> None:
        """Read the surroundings; runs with every page, and whenever they are to be read again.

        Another view of the page one is on, by its filters or an open sheet, changes nothing of them.
        """
        path, query = str(self._url.path), str(self._url.query)
        before, self._here = self._here, (path, query)
        if not (self.known and before[0] == path and before[1] != query):
            await self._read()

    @guarded("account.self", background=True, track=False, stays=True)
    async def listen(self) -> None:
        """While a page is open, keep its bell right."""
        async for note in self._notes(notifications.TOPIC):
            if note.resync or str(self._actor.member_id) in note.ids:
                # What the note is about may be one's own roles: ask anew who this is.
                self._begin_event()
                async with self:
                    await self._read()

    @guarded("records.read", track=False)
    async def find(self, ticket: Ticket, text: Search) -> None:
        """Records for the palette; the ticket tells it which of its questions this answers."""
        found = await self._do("records.read", crm.search_records, text, limit=_FOUND)
        self.found = {"ticket": ticket, "items": [found_record(one) for one in found]}

    async def _read(self) -> None:
        found: Surroundings = await self._do("account.self", surroundings)
        actor = self._actor
        self.name, self.email, self.zone = actor.name, actor.email, actor.zone
        self.initials, self.tint = initials(actor.name), tint(str(actor.member_id))
        self.tenant, self.tenant_slug = actor.tenant_name, actor.tenant_slug
        self.tenant_initial = actor.tenant_name[:1].upper()
        self.allowed, self.known = sorted(actor.permissions), True
        self.tenants, self.unread = found.tenants, found.unread
        self.role_names, self.shortcuts = found.role_names, found.shortcuts
