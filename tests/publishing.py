"""Doing at once what workers do step by step when a version of the scoring is published."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from salescompass import scoring
from salescompass.vocabulary import Topic


def finish_publishing(session: Session) -> None:
    """Go on until nothing is being published."""
    progress: dict[str, Any] = {}
    while any(one.state == "publishing" for one in scoring.versions(session)):
        scoring.go_on_publishing(session, progress)
        left = session.connection().execute(
            text("SELECT payload FROM outbox WHERE topic = :topic ORDER BY id DESC LIMIT 1"),
            {"topic": Topic.SCORES_REBUILT},
        )
        progress = left.scalar_one()
