"""Scores follow what happened: of the people touched first, then of their accounts.

Whoever writes scores holds the tenant's lock on them, so a crossing is seen by one writer and told once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.events import EventBatch
from salescompass.kit import clock, live
from salescompass.kit.ids import new_id
from salescompass.scoring import past, store
from salescompass.scoring.bands import Place, band_at, moved, turning_points
from salescompass.scoring.configuration import Config
from salescompass.scoring.formula import account_score, days_between, later, person_score
from salescompass.scoring.store import Stored
from salescompass.scoring.timing import account_due, person_due
from salescompass.scoring.versions import live_config
from salescompass.vocabulary import SubjectKind, Topic

Cause = Literal["events", "time", "configuration"]
AHEAD = timedelta(seconds=70)
"""The sweep comes twice a minute: it takes what falls due before it comes again, so nothing is ever further off."""
NEWS = timedelta(days=2)
"""Who had no score yet crosses into a band by what happened this lately; by what is older, is simply there."""
MOST_SWEPT = 20_000
_FOREVER = 3650.0


@dataclass(frozen=True)
class Crossing:
    """A subject went from one band into another."""

    id: UUID
    kind: SubjectKind
    subject_id: UUID
    from_band: str
    to_band: str
    value: float
    cause: str
    at: datetime


@dataclass(frozen=True)
class Scored:
    """What a round of scoring wrote."""

    people: int = 0
    accounts: int = 0
    crossings: tuple[Crossing, ...] = ()

    @property
    def crossing_ids(self) -> tuple[UUID, ...]:
        """The ids of the crossings."""
        return tuple(crossing.id for crossing in self.crossings)

    def __add__(self, other: Scored) -> Scored:
        return Scored(self.people + other.people, self.accounts + other.accounts, self.crossings + other.crossings)


def apply(session: Session, batch: EventBatch, *, now: datetime | None = None) -> Scored:
    """Score whom a batch of recorded events touches. Their buckets were written with the events."""
    if not batch.ids:
        return Scored()
    found = session.connection().execute(
        text(
            "SELECT event.person_id, CASE WHEN event.person_id IS NULL THEN event.account_id END AS account_id, "
            "(min(event.occurred_at) AT TIME ZONE 'UTC')::date "
            "FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[])) AS told (id, at) "
            "JOIN event ON event.occurred_at = told.at AND event.id = told.id "
            "WHERE event.occurred_at >= :low AND event.occurred_at <= :high "
            "AND event.direction = 'in' GROUP BY 1, 2"
        ),
        {"ids": batch.id_array, "times": batch.time_array, "low": min(batch.times), "high": max(batch.times)},
    )
    since = {(SubjectKind.PERSON, p) if p else (SubjectKind.ACCOUNT, a): day for p, a, day in found if p or a}
    return rescore(session, since, now=now)


def rescore(session: Session, subjects: Iterable[past.Subject], *, now: datetime | None = None) -> Scored:
    """Score subjects anew from their buckets, and the accounts of the people among them.

    Give a mapping from subject to day where something of a day gone by has changed: snapshots from that day on are
    rewritten by the next sweep.
    """
    store.lock(session)
    now = now or clock.now()
    config = live_config(session)
    since = subjects if isinstance(subjects, dict) else dict.fromkeys(subjects, now.date())
    people = {subject_id for kind, subject_id in since if kind is SubjectKind.PERSON}
    accounts = {subject_id for kind, subject_id in since if kind is SubjectKind.ACCOUNT}
    # Of whom all is long past no band was crossed just now: a past that is brought in calls nobody.
    news = {subject_id for (_, subject_id), day in since.items() if day > now.date() - NEWS}
    news |= store.employers(session, people & news)
    scored = _score(session, config, people, accounts | store.employers(session, people), now, "events", news)
    past.mark_stale(session, since, now)
    return scored


def sweep(session: Session, *, now: datetime | None = None, most: int = MOST_SWEPT) -> Scored:
    """Rewrite the stored scores that fall due, and tell the crossings that time alone made."""
    store.lock(session)
    now = now or clock.now()
    due = session.connection().execute(
        text("SELECT subject_kind, subject_id FROM score WHERE due_at <= :until ORDER BY due_at LIMIT :most"),
        {"until": now + AHEAD, "most": most},
    )
    people: set[UUID] = set()
    accounts: set[UUID] = set()
    for kind, subject_id in due:
        (people if kind == SubjectKind.PERSON else accounts).add(subject_id)
    if not people and not accounts:
        return Scored()
    return _score(session, live_config(session), people, accounts, now, "time")


def rescore_all(session: Session, *, now: datetime | None = None, cause: Cause = "events") -> Scored:
    """Score everybody anew from the buckets."""
    store.lock(session)
    people = store.subjects_with_buckets(session, SubjectKind.PERSON)
    accounts = {*store.subjects_with_buckets(session, SubjectKind.ACCOUNT), *store.all_employers(session)}
    return _score(session, live_config(session), set(people), accounts, now or clock.now(), cause)


def _score(
    session: Session,
    config: Config,
    people: Collection[UUID],
    accounts: Collection[UUID],
    now: datetime,
    cause: Cause,
    news: Collection[UUID] = (),
) -> Scored:
    done = Scored()
    for kind, subjects, scores in ((SubjectKind.PERSON, people, _people), (SubjectKind.ACCOUNT, accounts, _accounts)):
        for some in store.chunks(subjects):
            pairs = scores(session, config, store.places(session, kind, some), now)
            done += _write(session, config, kind, [_placed(config, pair, news) for pair in pairs], cause)
    live.publish(session, Topic.SCORES, touched := [*accounts, *people], about=touched)
    return done


_Before = dict[UUID, Place | None]
_Pair = tuple[Place | None, Stored]


def _placed(config: Config, pair: _Pair, news: Collection[UUID]) -> tuple[Place, Stored]:
    """The place before beside the score: of who had no score and brings no news, that of the score itself."""
    was, score = pair
    if was is None and score.subject_id not in news:
        there = Place(band_at(config.edges, score.value))
        return there, replace(score, place=there)
    return was or Place(), score


def _people(session: Session, config: Config, before: _Before, now: datetime) -> list[_Pair]:
    sums = store.evidence(session, config, SubjectKind.PERSON, list(before), now)
    nothing = [0.0] * len(config.groups)
    pairs: list[_Pair] = []
    for subject_id, was in before.items():
        raw = sums.get(subject_id, nothing)
        value = person_score(config, raw)
        place = moved(config.edges, was or Place(), value)
        due = person_due(config, raw, turning_points(config.edges, place))
        pairs.append((was, _stored(subject_id, value, place, raw, now, due, config)))
    return pairs


def _accounts(session: Session, config: Config, before: _Before, now: datetime) -> list[_Pair]:
    sums = store.evidence(session, config, SubjectKind.ACCOUNT, list(before), now)
    crews = store.crew_evidence(session, list(before))
    nothing = [0.0] * len(config.groups)
    pairs: list[_Pair] = []
    for subject_id, was in before.items():
        raw = sums.get(subject_id, nothing)
        crew = [raw, *(_aged(config, one, at, now) for one, at in crews.get(subject_id, ()))]
        value = account_score(person_score(config, one) for one in crew)
        place = moved(config.edges, was or Place(), value)
        due = account_due(config, crew, turning_points(config.edges, place))
        pairs.append((was, _stored(subject_id, value, place, raw, now, due, config)))
    return pairs


def _aged(config: Config, raw: Sequence[float], at: datetime, now: datetime) -> Sequence[float]:
    return raw if at == now else later(config, raw, days_between(at, now))


def _stored(
    subject_id: UUID, value: float, place: Place, raw: Sequence[float], now: datetime, due: float | None, config: Config
) -> Stored:
    due_at = None if due is None else now + timedelta(days=min(due, _FOREVER))
    return Stored(subject_id, value, place, tuple(raw), now, due_at, config.version)


_CROSSED = text(
    "INSERT INTO band_crossing (id, subject_kind, subject_id, from_band, to_band, value, cause, config_version, at) "
    "VALUES (:id, :kind, :subject_id, :from_band, :to_band, :value, :cause, :version, :at)"
)


def _write(
    session: Session, config: Config, kind: SubjectKind, pairs: Sequence[tuple[Place, Stored]], cause: Cause
) -> Scored:
    store.write(session, kind, [score for _, score in pairs], config.version)
    crossings = tuple(
        Crossing(
            new_id(),
            kind,
            score.subject_id,
            was.band.value,
            score.place.band.value,
            score.value,
            cause,
            score.as_of,
        )
        for was, score in pairs
        if was.band is not score.place.band
    )
    if crossings:
        session.connection().execute(_CROSSED, [{**vars(one), "version": config.version} for one in crossings])
    person = kind is SubjectKind.PERSON
    return Scored(len(pairs) * person, len(pairs) * (not person), crossings)
