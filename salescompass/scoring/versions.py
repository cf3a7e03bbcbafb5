"""Versions of the scoring configuration: which one is live, and what it says together with the registry of types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from salescompass import events
from salescompass.kit.errors import NotFound
from salescompass.models import Membership, ScoreConfig
from salescompass.scoring.configuration import DEFAULT, Config, from_json


@dataclass(frozen=True)
class VersionView:
    """A version, as the admin page lists it."""

    version: int
    state: str
    note: str
    created_at: datetime | None
    published_at: datetime | None
    published_by: str | None


def live_config(session: Session) -> Config:
    """How this tenant scores now, with a rule for every type, and for what is counted for a version to come."""
    rows = {row.state: from_json(row.content, row.version) for row in _rows_in(session, "live", "publishing")}
    config = rows.get("live", DEFAULT).with_types(events.types(session))
    return config.with_coming(rows["publishing"].narrowing()) if "publishing" in rows else config


def live_version(session: Session) -> Config:
    """The live version as it was written: the product's own until the tenant publishes one."""
    row = row_in(session, "live")
    return from_json(row.content, row.version) if row else DEFAULT


def row_in(session: Session, *states: str) -> ScoreConfig | None:
    """The row in one of these states."""
    return next(iter(_rows_in(session, *states)), None)


def _rows_in(session: Session, *states: str) -> Sequence[ScoreConfig]:
    return session.exec(select(ScoreConfig).where(col(ScoreConfig.state).in_(states))).all()


def config_of(session: Session, version: int) -> Config:
    """A version by its number. Raises NotFound."""
    row = session.exec(select(ScoreConfig).where(ScoreConfig.version == version)).first()
    if row is not None:
        return from_json(row.content, row.version)
    if version == DEFAULT.version:
        return DEFAULT
    raise NotFound("no such version")


def next_version(session: Session) -> int:
    """The number of the next version."""
    highest = session.exec(select(func.max(ScoreConfig.version))).one()
    return max(highest or 0, DEFAULT.version) + 1


def versions(session: Session) -> tuple[VersionView, ...]:
    """Every version, newest first; the product's own comes last."""
    names = {row.id: row.name for row in session.exec(select(Membership)).all()}
    rows = session.exec(select(ScoreConfig).order_by(col(ScoreConfig.version).desc())).all()
    views = [
        VersionView(row.version, row.state, row.note, row.created_at, row.published_at, _name(names, row.published_by))
        for row in rows
    ]
    live = any(view.state == "live" for view in views)
    first = VersionView(DEFAULT.version, "old" if live else "live", "As delivered", None, None, None)
    return (*views, first)


def _name(names: dict[UUID, str], member_id: UUID | None) -> str | None:
    return names.get(member_id) if member_id else None
