"""What the health page knows and does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.kit.dead_letters import retry_dead_letters
from salescompass.ui.admin_health.checks import Check, DeadRow, ErrorRow, Health, QueueRow, health
from salescompass.ui.arguments import Id
from salescompass.ui.clock_words import time_words, zone_of
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done
from salescompass.ui.session import Screen


def retry(session: Session, actor: Actor, ids: list[UUID] | None) -> int:
    """Make failed work due again."""
    count = retry_dead_letters(session, ids)
    identity.audit.record(
        session, actor, "outbox.retried", object_type="outbox", object_id="", detail={"retried": count}
    )
    return count


class HealthState(Screen, rx.State):
    """The installation's health."""

    checks: list[Check] = []
    queues: list[QueueRow] = []
    dead: list[DeadRow] = []
    errors: list[ErrorRow] = []
    versions: list[tuple[str, str]] = []
    as_of: str = ""
    loaded: bool = False

    @guarded("health.read", track=False)
    async def load(self) -> None:
        """Ask the servers."""
        found: Health = await self._do("health.read", health)
        self.checks, self.queues, self.dead = found.checks, found.queues, found.dead
        self.errors, self.versions = found.errors, found.versions
        self.as_of = time_words(now(), zone_of(self._actor.zone), seconds=True)
        self.loaded = True

    @guarded("health.read")
    async def retry_one(self, letter: Id) -> Any:
        """Try one piece of failed work again."""
        count = await self._do("health.read", retry, [UUID(letter)])
        return [done("It is being tried again" if count else "It is being tried already"), HealthState.load]

    @guarded("health.read")
    async def retry_all(self) -> Any:
        """Try all failed work again."""
        count = await self._do("health.read", retry, None)
        return [done(f"{count} are being tried again"), HealthState.load]
