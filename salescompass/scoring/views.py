"""What doors show of scores: why one is what it is, how it went, what an event did to it. Computed at the moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, text
from sqlmodel import Session, col, select

from salescompass import crm, events
from salescompass.events import FeedEntry
from salescompass.kit import clock
from salescompass.kit.errors import NotFound
from salescompass.models import BandCrossing
from salescompass.scoring import past, shares, store
from salescompass.scoring.bands import Place, moved
from salescompass.scoring.configuration import Config
from salescompass.scoring.formula import Bucket
from salescompass.scoring.shares import Contribution, PersonPart
from salescompass.scoring.versions import live_config
from salescompass.vocabulary import COUNTED_VERDICTS, Direction, SubjectKind, Verdict

LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True)
class NotCounted:
    """Events of the last 90 days that add nothing. `reason`: machine, duplicate, merged or own."""

    reason: str
    type: str
    count: int
    last_at: datetime


@dataclass(frozen=True)
class Why:
    """A score and everything that makes it."""

    kind: SubjectKind
    subject_id: UUID
    name: str
    score: float
    band: str
    velocity: float
    as_of: datetime
    configuration_version: int
    contributions: tuple[Contribution, ...]
    rest: Contribution | None
    people: tuple[PersonPart, ...]
    not_counted: tuple[NotCounted, ...]
    effort: int
    """What our own people did in the last 90 days: it has no points."""


@dataclass(frozen=True)
class ScoreView:
    """A stored score: within half a point of the true one."""

    subject_id: UUID
    score: float
    band: str
    as_of: datetime | None


@dataclass(frozen=True)
class Effect:
    """What one event does to the score of its person, or of its account when it names nobody.

    `points` as it came, `remaining` now, `share` of the score now: each its part of the day's repeats.
    """

    counts: bool
    reason: str
    rule: str = ""
    points: float = 0.0
    remaining: float = 0.0
    share: float = 0.0


@dataclass(frozen=True)
class CrossingView:
    """A band was left for another."""

    id: UUID
    kind: SubjectKind
    subject_id: UUID
    from_band: str
    to_band: str
    score: float
    cause: str
    at: datetime


def why(session: Session, kind: SubjectKind, subject_id: UUID, *, now: datetime | None = None) -> Why:
    """The score of a person or an account as of now, and why. Raises NotFound."""
    name = _name(session, kind, subject_id)
    now, config = now or clock.now(), live_config(session)
    crew: dict[UUID | None, Sequence[Bucket]] = {}
    people: list[UUID] = []
    parts: list[PersonPart] = []
    own = store.buckets(session, kind, [subject_id]).get(subject_id, [])
    if kind is SubjectKind.PERSON:
        score, contributions = shares.of_person(config, own, now)
    else:
        people = store.crews(session, [subject_id]).get(subject_id, [])
        crew = {None: own} | dict(store.buckets(session, SubjectKind.PERSON, people).items())
        score, contributions, parts = shares.of_account(config, crew, now)
    before = past.past_score(session, config, kind, people, subject_id, past.week_before(now))
    shown, rest = shares.largest(contributions)
    left_out, effort = _not_counted(session, kind, subject_id, now)
    return Why(
        kind=kind,
        subject_id=subject_id,
        name=name,
        score=score,
        band=_band(session, config, kind, subject_id, score),
        velocity=score - before,
        as_of=now,
        configuration_version=config.version,
        contributions=shown,
        rest=rest,
        people=tuple(parts),
        not_counted=left_out,
        effort=effort,
    )


def scores(session: Session, kind: SubjectKind, ids: Sequence[UUID]) -> dict[UUID, ScoreView]:
    """The stored scores of these subjects; who never did anything is cold."""
    found = store.stored(session, kind, ids)
    return {
        one: ScoreView(one, found[one].value, found[one].place.band.value, found[one].as_of)
        if one in found
        else ScoreView(one, 0.0, Place().band.value, None)
        for one in ids
    }


def velocities(
    session: Session, kind: SubjectKind, ids: Sequence[UUID], *, now: datetime | None = None
) -> dict[UUID, float]:
    """How far these stored scores are from the ends of the day seven days ago: for the rows of a list."""
    day = past.week_before(now or clock.now())
    found = session.connection().execute(
        text(
            "SELECT score.subject_id, score.value - coalesce(s.value, 0.0) FROM score LEFT JOIN score_snapshot s "
            "ON s.subject_kind = score.subject_kind AND s.subject_id = score.subject_id AND s.day = :day "
            "WHERE score.subject_kind = :kind AND score.subject_id = ANY(:ids)"
        ),
        {"kind": kind.value, "ids": list(ids), "day": day},
    )
    known = {subject_id: float(value) for subject_id, value in found}
    return {one: known.get(one, 0.0) for one in ids}


def trend(
    session: Session, kind: SubjectKind, subject_id: UUID, *, days: int = 90, now: datetime | None = None
) -> tuple[past.DayScore, ...]:
    """The scores at the end of each of the last so many days, oldest first."""
    today = (now or clock.now()).astimezone(UTC).date()
    return past.days(session, kind, subject_id, days=min(max(days, 1), past.DAYS_BACK), today=today)


def crossings(
    session: Session,
    *,
    kind: SubjectKind | None = None,
    subject_id: UUID | None = None,
    ids: Sequence[UUID] | None = None,
    limit: int = 50,
) -> tuple[CrossingView, ...]:
    """The last times that bands were left, of everybody, of one subject or by their ids; newest first."""
    query = select(BandCrossing).order_by(col(BandCrossing.at).desc(), col(BandCrossing.id).desc()).limit(limit)
    if kind is not None and subject_id is not None:
        query = query.where(BandCrossing.subject_kind == kind.value, BandCrossing.subject_id == subject_id)
    if ids is not None:
        query = query.where(col(BandCrossing.id).in_(ids))
    for name in SubjectKind:
        sight = crm.Sight.of(session, name.value)
        if sight.owners is not None:
            other, of_it = col(BandCrossing.subject_kind) != name.value, col(BandCrossing.subject_id)
            query = query.where(or_(other, sight.reference(of_it)))
    return tuple(
        CrossingView(
            row.id, SubjectKind(row.subject_kind), row.subject_id, row.from_band, row.to_band, row.value, row.cause,
            row.at,
        )
        for row in session.exec(query).all()
    )  # fmt: skip


def effect(session: Session, event: FeedEntry, *, now: datetime | None = None, config: Config | None = None) -> Effect:
    """What an event does to the score of its subject."""
    reason = _why_not(event)
    kind = SubjectKind.PERSON if event.person_id else SubjectKind.ACCOUNT
    subject_id = event.person_id or event.account_id
    if reason or subject_id is None:
        return Effect(False, reason or "nobody")
    rule = events.rules_in_force(session).rule_of(event.type, event.properties)
    own = store.buckets(session, kind, [subject_id]).get(subject_id, [])
    _, contributions = shares.of_person(config or live_config(session), own, now or clock.now())
    day = event.occurred_at.astimezone(UTC).date()
    for one in contributions:
        if (one.rule, one.day) == (rule, day):
            return Effect(True, "", rule, one.points / one.count, one.remaining / one.count, one.share / one.count)
    return Effect(True, "", rule)


def _why_not(event: FeedEntry) -> str:
    """Why an event does not count, or an empty text."""
    if event.merged_into is not None:
        return "merged"
    if event.duplicate_of is not None:
        return "duplicate"
    if Verdict(event.verdict) not in COUNTED_VERDICTS:
        return "machine"
    return "own" if event.direction != Direction.IN else ""


def _name(session: Session, kind: SubjectKind, subject_id: UUID) -> str:
    found = crm.get_records(session, kind.value, [subject_id]).get(subject_id)
    if found is None:
        raise NotFound("no such contact" if kind is SubjectKind.PERSON else "no such account")
    return found.name


def _band(session: Session, config: Config, kind: SubjectKind, subject_id: UUID, score: float) -> str:
    known = store.stored(session, kind, [subject_id]).get(subject_id)
    return moved(config.edges, known.place if known else Place(), score).band.value


_NOT_COUNTED = (
    "SELECT CASE WHEN merged_into IS NOT NULL THEN 'merged' WHEN duplicate_of IS NOT NULL THEN 'duplicate' "
    "WHEN direction <> 'in' THEN 'own' ELSE 'machine' END AS reason, type, count(*), max(occurred_at), "
    "count(*) FILTER (WHERE direction = 'out') FROM event WHERE {subject} = :id AND occurred_at >= :since "
    "AND (direction <> 'in' OR verdict NOT IN ('human', 'unknown') OR duplicate_of IS NOT NULL "
    "  OR merged_into IS NOT NULL) GROUP BY reason, type ORDER BY 3 DESC, 1, 2"
)


def _not_counted(
    session: Session, kind: SubjectKind, subject_id: UUID, now: datetime
) -> tuple[tuple[NotCounted, ...], int]:
    column = "person_id" if kind is SubjectKind.PERSON else "account_id"
    found = (
        session.connection()
        .execute(text(_NOT_COUNTED.format(subject=column)), {"id": subject_id, "since": now - LOOK_BACK})
        .all()
    )
    left_out = tuple(NotCounted(reason, type_key, n, last_at) for reason, type_key, n, last_at, _ in found)
    return left_out, sum(ours for *_, ours in found)
