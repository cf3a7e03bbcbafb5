"""What the page of the audit trail knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor, AuditView
from salescompass.kit.ids import parse_id
from salescompass.ui import routes
from salescompass.ui.admin_audit.words import act_words, detail_words
from salescompass.ui.arguments import Name
from salescompass.ui.guard import guarded
from salescompass.ui.people import initials, tint
from salescompass.ui.session import Screen

_PAGE = 50


@dataclass(frozen=True)
class AuditRow:
    """One act."""

    id: str
    at: str
    who: str
    kind_icon: str
    initials: str
    tint: str
    act: str
    action: str
    detail: str
    ip: str


@dataclass(frozen=True)
class Choice:
    """A filter's choice."""

    value: str
    label: str


@dataclass(frozen=True)
class Choices:
    """What the filters offer."""

    actions: list[Choice]
    people: list[Choice]


def choices(session: Session) -> Choices:
    """The acts this trail knows, and the people who may have done them."""
    actions = sorted(
        (Choice(one, act_words(one).capitalize()) for one in identity.audit_actions(session)), key=lambda one: one.label
    )
    return Choices(actions, [Choice(str(one.id), one.name) for one in identity.members(session)])


def chain_report(session: Session, actor: Actor) -> Any:
    """Verify the chain of this tenant's trail."""
    return identity.verify(actor.tenant_id)


class AuditState(Screen, rx.State):
    """The audit trail. Filters are in the address."""

    rows: list[AuditRow] = []
    actions: list[Choice] = []
    people: list[Choice] = []
    action: str = ""
    person: str = ""
    more: bool = False
    loaded: bool = False
    sealed: int = 0
    waiting: int = 0
    broken: str = ""
    verified: bool = False

    _cursor: str | None = None

    @guarded("audit.read", track=False)
    async def load(self) -> None:
        """The first page of what the address asks for."""
        wanted = self.router.url.query_parameters
        self.action, self.person = str(wanted.get("action", ""))[:60], str(wanted.get("person", ""))[:36]
        found: Choices = await self._do("audit.read", choices)
        self.actions, self.people = found.actions, found.people
        self.rows = []
        await self._page(None)

    @guarded("audit.read", background=True, track=False)
    async def verify(self) -> None:
        """Check the chain of hashes from its first link to its end."""
        report = await self._do("audit.read", chain_report)
        async with self:
            self.sealed, self.waiting = report.rows, report.overdue
            self.broken = report.broken.reason if report.broken else ""
            self.verified = True

    @guarded("audit.read")
    async def load_more(self) -> None:
        """The next page, below."""
        await self._page(self._cursor)

    @guarded("audit.read", track=False)
    async def choose_action(self, value: Name) -> Any:
        """Filter by what was done."""
        return rx.redirect(routes.audit(value, self.person))

    @guarded("audit.read", track=False)
    async def choose_person(self, value: Name) -> Any:
        """Filter by who did it."""
        return rx.redirect(routes.audit(self.action, value))

    async def _page(self, cursor: str | None) -> None:
        who: UUID | None = parse_id(self.person)
        page = await self._do(
            "audit.read",
            identity.audit_entries,
            cursor=cursor,
            action=self.action or None,
            actor_id=who,
            limit=_PAGE,
        )
        names = {one.value: one.label for one in self.people}
        self.rows = [*self.rows, *(_row(view, names) for view in page.items)]
        self._cursor, self.more = page.next_cursor, page.next_cursor is not None
        self.loaded = True


def _row(view: AuditView, names: dict[str, str]) -> AuditRow:
    own = view.object_id == str(view.actor_id)
    about = "" if own else names.get(view.object_id, "")
    return AuditRow(
        id=str(view.id),
        at=view.at.isoformat(),
        who=view.actor_name,
        kind_icon={"key": "key-round", "system": "server"}.get(view.actor_kind, ""),
        initials=initials(view.actor_name),
        tint=tint(str(view.actor_id)),
        act=act_words(view.action),
        action=view.action,
        detail=", ".join(part for part in (about, detail_words(view.detail)) if part),
        ip=view.ip,
    )
