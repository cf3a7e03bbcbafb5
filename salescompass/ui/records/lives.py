"""What a lively list tells of each account: its score and where it goes, how many people, what came last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from salescompass import events, scoring
from salescompass.scoring import AccountLife
from salescompass.ui import routes
from salescompass.ui.components.event_words import did
from salescompass.ui.score_words import ScoreLook, VelocityLook, line_end, score_look, sparkline, velocity_look

_WEEK_AGO = -8


@dataclass(frozen=True)
class LifeLook:
    """An account's life as a row shows it; `why` is the address of its reasons."""

    why: str
    look: ScoreLook
    velocity: VelocityLook
    spark: str
    spark_dot: str
    people: str
    last: str
    last_at: str


def life_looks(session: Session, ids: Sequence[UUID]) -> dict[str, LifeLook]:
    """The lives of accounts, by their ids as text."""
    labels = {key: known.label for key, known in events.types(session).items() if known.own}
    return {str(one): _look(one, life, labels) for one, life in scoring.account_lives(session, ids).items()}


def _look(account_id: UUID, life: AccountLife, labels: Mapping[str, str]) -> LifeLook:
    act = labels.get(life.last_type or "") or did(life.last_type or "")
    who, line = (life.last_person or "").split(" ")[0], sparkline(life.trend)
    return LifeLook(
        why=routes.account(str(account_id), panel="why"),
        look=score_look(life.score, life.band),
        velocity=velocity_look(life.score - life.trend[_WEEK_AGO]),
        spark=line,
        spark_dot=line_end(line),
        people=f"{life.people:,}",
        last=" ".join(part for part in (who, act) if part) if life.last_type else "",
        last_at=life.last_at.isoformat() if life.last_at else "",
    )
