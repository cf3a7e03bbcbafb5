"""What conditions can look at in scores: the stored value, its band, and how far it went in a week.

Who never did anything has no row: a score of 0, cold, going nowhere.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, select, tuple_
from sqlmodel import col

from salescompass.conditions import AsOf, Beside, Choice, Field, Kind
from salescompass.models import BandCrossing, Score, ScoreSnapshot
from salescompass.scoring.past import week_before
from salescompass.vocabulary import Band, SubjectKind


def _of(kind: SubjectKind, value: Any) -> Any:
    return select(col(Score.subject_id).label("id"), value.label("value")).where(col(Score.subject_kind) == kind.value)


def _velocity(kind: SubjectKind, as_of: AsOf) -> Any:
    then = and_(
        col(ScoreSnapshot.subject_kind) == col(Score.subject_kind),
        col(ScoreSnapshot.subject_id) == col(Score.subject_id),
        col(ScoreSnapshot.day) == week_before(as_of.now),
    )
    gained = col(Score.value) - func.coalesce(col(ScoreSnapshot.value), 0.0)
    return _of(kind, gained).outerjoin_from(Score, ScoreSnapshot, then)


def _fell(kind: SubjectKind) -> Any:
    """When a subject last went into a colder band."""
    order = list(Band)
    colder = [(one.value, other.value) for one in order for other in order[: order.index(one)]]
    fell = tuple_(col(BandCrossing.from_band), col(BandCrossing.to_band)).in_(colder)
    subject = col(BandCrossing.subject_id)
    query: Any = select(subject.label("id"), func.max(col(BandCrossing.at)).label("value"))
    return query.where(col(BandCrossing.subject_kind) == kind.value, fell).group_by(subject)


def _fields(kind: SubjectKind) -> tuple[Field, ...]:
    bands = tuple(Choice(band.value, band.value.capitalize()) for band in Band)
    return (
        Field("score", "Score", Kind.NUMBER, Beside(lambda _: _of(kind, col(Score.value)), absent=0.0)),
        Field("band", "Band", Kind.CHOICE, Beside(lambda _: _of(kind, col(Score.band)), absent="cold"), choices=bands),
        Field("velocity", "Velocity", Kind.NUMBER, Beside(lambda as_of: _velocity(kind, as_of), absent=0.0)),
        Field("band_fell_at", "Band dropped", Kind.MOMENT, Beside(lambda _: _fell(kind))),
    )


FIELDS: dict[str, tuple[Field, ...]] = {kind.value: _fields(kind) for kind in SubjectKind}
