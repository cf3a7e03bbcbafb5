"""What conditions look at, as it stood then: the catalogue of the dry run.

Events carry their own times, so counts of them need nothing here. Scores are read from the snapshots of days, bands
from the crossings, stages from the stays of deals. Everything else is taken as of now, and said so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Date as DateType
from sqlalchemy import Double, Integer, Text, and_, cast, func, literal, or_, select
from sqlmodel import col

from salescompass.conditions import AsOf, Beside, Catalogue, Field, Group, Tree
from salescompass.models import BandCrossing, Score, ScoreSnapshot, Stage, StageHistory
from salescompass.vocabulary import SubjectKind

_WEEK = 7
_STAGE = {
    "stage_id": col(Stage.id),
    "pipeline_id": col(Stage.pipeline_id),
    "state": col(Stage.kind),
    "probability": col(Stage.probability),
    "stage_entered_at": col(StageHistory.entered_at),
    "days_in_stage": col(StageHistory.entered_at),
}
OF_THEN = frozenset({"events", "last_event_at", "band", *_STAGE, "days_over", "created_at"})
"""Fields that are known as they were at any moment."""
OF_THE_DAY_BEFORE = frozenset({"score", "velocity"})


def past_catalogue(catalogue: Catalogue) -> Catalogue:
    """The same catalogue, reading what history keeps as of the moment that is asked for."""
    types = dict(catalogue.types)
    for kind in SubjectKind:
        types[kind.value] = types[kind.value].with_fields(_scores(kind, types[kind.value].fields))
    deals = types["opportunity"]
    stays = [replace(deals.fields[key], at=_stay(key)) for key in _STAGE if key in deals.fields]
    if "days_over" in deals.fields:
        stays.append(replace(deals.fields["days_over"], at=Beside(_days_over)))
    types["opportunity"] = deals.with_fields(stays)
    return replace(catalogue, types=types)


def as_of_now(tree: Tree, catalogue: Catalogue) -> tuple[str, ...]:
    """In words, which conditions of a tree are read as of now, or as of the day before."""
    words: dict[str, None] = {}
    for field in _fields(tree.root, tree.object, catalogue):
        if field.key in OF_THE_DAY_BEFORE:
            words[f"{field.label} as it stood at the end of the day before"] = None
        elif field.key not in OF_THEN:
            words[f"{field.label} as it is now"] = None
    return tuple(words)


def _fields(group: Group, start: str, catalogue: Catalogue) -> Iterator[Field]:
    for leaf in group.leaves():
        yield catalogue.field(start, leaf.path)[1]
    for related in group.relateds():
        yield from _fields(related.group, catalogue.related(start, related.path)[1].to, catalogue)


def _scores(kind: SubjectKind, fields: Any) -> list[Field]:
    return [
        replace(fields["score"], at=Beside(lambda as_of: _value(kind, _day(as_of.now, 1)), absent=0.0)),
        replace(fields["velocity"], at=Beside(lambda as_of: _velocity(kind, as_of.now), absent=0.0)),
        replace(fields["band"], at=Beside(lambda as_of: _band(kind, as_of.now), absent="cold")),
    ]


def _day(at: datetime, before: int) -> Any:
    return literal(at.astimezone(UTC).date() - timedelta(days=before), DateType())


def _value(kind: SubjectKind, day: Any) -> Any:
    mine = and_(col(ScoreSnapshot.subject_kind) == kind.value, col(ScoreSnapshot.day) == day)
    return select(col(ScoreSnapshot.subject_id).label("id"), col(ScoreSnapshot.value).label("value")).where(mine)


def _velocity(kind: SubjectKind, at: datetime) -> Any:
    now, before = _value(kind, _day(at, 1)).subquery(), _value(kind, _day(at, _WEEK)).subquery()
    one = func.coalesce(now.c.id, before.c.id).label("id")
    gained = func.coalesce(now.c.value, cast(literal(0.0), Double)) - func.coalesce(
        before.c.value, cast(literal(0.0), Double)
    )
    return select(one, gained.label("value")).select_from(now.join(before, now.c.id == before.c.id, full=True))


def _band(kind: SubjectKind, at: datetime) -> Any:
    """The band of the last crossing before; else where the next one came from; who never crossed is where they are."""
    mine = and_(
        col(BandCrossing.subject_kind) == col(Score.subject_kind),
        col(BandCrossing.subject_id) == col(Score.subject_id),
    )
    newest = (col(BandCrossing.at).desc(), col(BandCrossing.id).desc())
    before = select(col(BandCrossing.to_band)).where(mine, col(BandCrossing.at) <= at).order_by(*newest).limit(1)
    soonest = (col(BandCrossing.at), col(BandCrossing.id))
    after = select(col(BandCrossing.from_band)).where(mine, col(BandCrossing.at) > at).order_by(*soonest).limit(1)
    then = func.coalesce(
        before.correlate(Score).scalar_subquery(), after.correlate(Score).scalar_subquery(), col(Score.band)
    )
    return select(col(Score.subject_id).label("id"), cast(then, Text).label("value")).where(
        col(Score.subject_kind) == kind.value
    )


def _then(as_of: AsOf) -> Any:
    """Stays of deals at a moment, each with its stage."""
    there = and_(
        col(StageHistory.entered_at) <= as_of.now,
        or_(col(StageHistory.left_at).is_(None), col(StageHistory.left_at) > as_of.now),
    )
    stage = and_(col(Stage.tenant_id) == col(StageHistory.tenant_id), col(Stage.id) == col(StageHistory.stage_id))
    return select(col(StageHistory.opportunity_id).label("id")).join_from(StageHistory, Stage, stage).where(there)


def _stay(key: str) -> Beside:
    return Beside(lambda as_of: _then(as_of).add_columns(_STAGE[key].label("value")))


def _days_over(as_of: AsOf) -> Any:
    seconds = func.extract("epoch", literal(as_of.now) - col(StageHistory.entered_at))
    over = cast(func.floor(seconds / 86400), Integer) - col(Stage.rot_days)
    return _then(as_of).add_columns(over.label("value"))
