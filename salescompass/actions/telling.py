"""Telling members what became of actions that concern them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import notifications


def link(action_id: UUID) -> str:
    """Where an action is shown."""
    return f"/actions/{action_id}"


def tell_member(
    session: Session, member_id: UUID, kind: str, action: Any, body: str, *, by: UUID | None, now: datetime,
    more: int = 0,
) -> None:  # fmt: skip
    """Tell a member something about an action, and that `more` came with it. Who did it knows."""
    title = f"{action.title} and {more} more" if more else action.title
    notifications.tell(
        session, [member_id], kind, subject=f"action:{action.id}", title=title, body=body.strip(),
        link=link(action.id), by=by, now=now,
    )  # fmt: skip
