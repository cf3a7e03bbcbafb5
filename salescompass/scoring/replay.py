"""The scores of people and accounts at the moments when events came.

Days gone by are read from the buckets, and so is the event's own day as far as a bucket was complete at that moment.
Only what a bucket does not tell, what came before and what after, is read from the ledger, in the order of time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import events
from salescompass.events import FeedEntry
from salescompass.scoring import store
from salescompass.scoring.configuration import Config
from salescompass.scoring.formula import Bucket, days_between, evidence, later, person_score
from salescompass.vocabulary import SubjectKind

_MOST_OF_A_DAY = 5000
Subject = tuple[SubjectKind, UUID]
_Day = tuple[Subject, date]


@dataclass(frozen=True, slots=True)
class _Told:
    """An event of a day that is replayed."""

    at: datetime
    id: UUID
    rule: str


def subject_of(entry: FeedEntry) -> Subject | None:
    """Whose score an event counts for: its person's, else its account's."""
    if entry.person_id:
        return SubjectKind.PERSON, entry.person_id
    return (SubjectKind.ACCOUNT, entry.account_id) if entry.account_id else None


def day_of(at: datetime) -> date:
    """The day on which an event counts."""
    return at.astimezone(UTC).date()


class Past:
    """The scores at the moments of some events: of their own subjects, and of those beside them in the account."""

    def __init__(
        self, session: Session, config: Config, moments: Sequence[tuple[FeedEntry, Collection[Subject]]]
    ) -> None:
        self._config = config
        self._rules = events.rules_in_force(session)
        owns = {own for entry, _ in moments if (own := subject_of(entry)) is not None}
        subjects = owns.union(*(beside for _, beside in moments))
        self._kept: dict[Subject, list[Bucket]] = {}
        for kind in SubjectKind:
            ids = sorted(one for of_kind, one in subjects if of_kind is kind)
            for subject_id, buckets in store.buckets(session, kind, ids).items() if ids else ():
                self._kept[kind, subject_id] = buckets
        self._days: dict[_Day, list[Bucket]] = defaultdict(list)
        for subject, buckets in self._kept.items():
            for one in buckets:
                self._days[subject, one.day].append(one)
        self._told = _told(session, self._rules, self._unclear(moments))
        self._dawn: dict[_Day, list[float]] = {}

    def score(self, subject: Subject, entry: FeedEntry, *, without: bool = False) -> float:
        """The subject's score once the event had come, or as it would have been without it."""
        at, day = entry.occurred_at, day_of(entry.occurred_at)
        dawn = datetime.combine(day, time(), UTC)
        raw = later(self._config, self._until(subject, day, dawn), days_between(dawn, at))
        fresh = evidence(self._config, self._today(subject, day, entry, without=without), at)
        return person_score(self._config, [old + new for old, new in zip(raw, fresh, strict=True)])

    def _today(self, subject: Subject, day: date, entry: FeedEntry, *, without: bool) -> Iterable[Bucket]:
        """The buckets of the day as they stood then."""
        told = self._told.get((subject, day))
        if told is None:
            own = self._rule(entry) if without and subject == subject_of(entry) else None
            return [one for one in self._days.get((subject, day), ()) if one.rule != own]
        at, then = entry.occurred_at, dict[str, tuple[int, datetime]]()
        for one in told:
            if (one.at, one.id) > (at, entry.id) or (without and one.id == entry.id):
                continue
            then[one.rule] = (then.get(one.rule, (0, at))[0] + 1, one.at)
        return [Bucket(rule, day, n, last) for rule, (n, last) in then.items()]

    def _unclear(self, moments: Iterable[tuple[FeedEntry, Collection[Subject]]]) -> set[_Day]:
        """The days of subjects of which the buckets do not say what had come by then."""
        found: set[_Day] = set()
        for entry, beside in moments:
            own, at, day = subject_of(entry), entry.occurred_at, day_of(entry.occurred_at)
            if own is not None and not self._is_last(own, entry):
                found.add((own, day))
            for subject in beside:
                if subject != own and any(one.last_at >= at for one in self._days.get((subject, day), ())):
                    found.add((subject, day))
        return found

    def _is_last(self, own: Subject, entry: FeedEntry) -> bool:
        """True for the only event of its rule on a day on which nothing of its subject came after it."""
        at, rule, alone = entry.occurred_at, self._rule(entry), False
        for one in self._days.get((own, day_of(at)), ()):
            if one.rule == rule:
                alone = one.n == 1 and one.last_at == at
            elif one.last_at >= at:
                return False
        return alone

    def _rule(self, entry: FeedEntry) -> str:
        return self._rules.rule_of(entry.type, entry.properties)

    def _until(self, subject: Subject, day: date, dawn: datetime) -> list[float]:
        known = self._dawn.get((subject, day))
        if known is None:
            known = evidence(self._config, (b for b in self._kept.get(subject, ()) if b.day < day), dawn)
            self._dawn[subject, day] = known
        return known


def _told(session: Session, rules: events.Rules, days: Collection[_Day]) -> dict[_Day, list[_Told]]:
    """What counts of these days of these subjects, in the order of time."""
    found: dict[_Day, list[_Told]] = {one: [] for one in days}
    narrowed = sorted(rules.narrowed_types)
    for kind, statement in _OF_DAYS.items():
        mine = sorted((subject_id, day) for (of_kind, subject_id), day in days if of_kind is kind)
        if not mine:
            continue
        given = {"ids": [one for one, _ in mine], "days": [day for _, day in mine], "narrowed": narrowed}
        rows = session.connection().execute(statement, {**given, "most": _MOST_OF_A_DAY})
        for subject_id, event_id, at, type_key, properties in rows:
            rule = rules.rule_of(type_key, properties or {})
            found[(kind, subject_id), day_of(at)].append(_Told(at, event_id, rule))
    for told in found.values():
        told.sort(key=lambda one: (one.at, one.id))
    return found


_SELECT = (
    "SELECT d.id, event.id, event.occurred_at, event.type, CASE WHEN event.type = ANY(:narrowed) "
    "THEN event.properties END FROM unnest(CAST(:ids AS uuid[]), CAST(:days AS date[])) AS d (id, day) JOIN event "
    "ON {subject} AND event.occurred_at >= d.day::timestamp AT TIME ZONE 'UTC' "
    "AND event.occurred_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC' "
    "WHERE event.direction = 'in' AND event.verdict IN ('human', 'unknown') AND event.duplicate_of IS NULL "
    "AND event.merged_into IS NULL LIMIT :most"
)
_OF_DAYS = {
    SubjectKind.PERSON: text(_SELECT.format(subject="event.person_id = d.id")),
    SubjectKind.ACCOUNT: text(_SELECT.format(subject="event.account_id = d.id AND event.person_id IS NULL")),
}
