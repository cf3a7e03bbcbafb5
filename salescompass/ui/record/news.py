"""What is new on a record's open page: read by itself, in one short transaction, so that it is told at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from salescompass import events, scoring
from salescompass.events import FeedEntry, Lens
from salescompass.kit.pagination import Page
from salescompass.scoring import ScoreView
from salescompass.ui.event_list import Effects, effects_of
from salescompass.vocabulary import SubjectKind


@dataclass(frozen=True)
class News:
    """The events above those shown, what they did, and the score as it stands."""

    page: Page[FeedEntry]
    effects: Effects
    score: ScoreView


def news(
    session: Session, *, kind: SubjectKind, record_id: UUID, lens: Lens, newer_than: str | None, limit: int
) -> News:
    """What came since a position."""
    page = events.entries(session, lens, newer_than=newer_than, limit=limit)
    effects = effects_of(session, entries=page.items) if page.items else Effects({}, {})
    return News(page, effects, scoring.scores(session, kind, [record_id])[record_id])
