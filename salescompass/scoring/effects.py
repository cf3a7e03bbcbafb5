"""What events did to scores when they came: the score with everything until then, and the same without the event.

Days gone by are read from the buckets; the event's own day from the ledger, in the order of time. All events of a page
are done together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import events
from salescompass.events import FeedEntry
from salescompass.kit import clock
from salescompass.scoring import shares, store
from salescompass.scoring.configuration import Config
from salescompass.scoring.formula import Bucket, account_score, days_between, evidence, later, person_score
from salescompass.scoring.versions import live_config
from salescompass.vocabulary import COUNTED_VERDICTS, Direction, SubjectKind, Verdict

_MOST_OF_A_DAY = 5000
_Subject = tuple[SubjectKind, UUID]


@dataclass(frozen=True, slots=True)
class Step:
    """A score before an event and after it."""

    before: float
    after: float

    @property
    def change(self) -> float:
        """How far the event moved it."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Impact:
    """What an event did to its person's score and to the account's; None where it has none."""

    person: Step | None
    account: Step | None

    @property
    def change(self) -> float:
        """What a list shows: the account's change, else the person's."""
        step = self.account or self.person
        return step.change if step else 0.0


@dataclass(frozen=True, slots=True)
class _Told:
    """An event of the days that are replayed."""

    at: datetime
    id: UUID
    rule: str


def impacts(session: Session, entries: Sequence[FeedEntry]) -> dict[UUID, Impact]:
    """What each of these events did when it came, by its id; events that do not count are left out."""
    counting = [entry for entry in entries if counts(entry)]
    if not counting:
        return {}
    config = live_config(session)
    employers = _employers(session, [entry.person_id for entry in counting if entry.person_id])
    homes = {entry.id: employers.get(entry.person_id) if entry.person_id else entry.account_id for entry in counting}
    accounts = sorted({home for home in homes.values() if home})
    crews = {account: set(crew) for account, crew in store.crews(session, accounts).items()}
    for entry in counting:
        home = homes[entry.id]
        if home and entry.person_id:
            crews.setdefault(home, set()).add(entry.person_id)
    people = {entry.person_id for entry in counting if entry.person_id}.union(*crews.values())
    past = _Past(session, config, people, accounts, {_day(entry.occurred_at) for entry in counting})
    found = {}
    for entry in counting:
        home = homes[entry.id]
        own = _subject(entry)
        if own is None:
            continue
        step = Step(past.score(own, entry, without=True), past.score(own, entry))
        others = [past.score(one, entry) for one in _crew(crews, home) if one != own] if home else []
        whole = Step(account_score([step.before, *others]), account_score([step.after, *others])) if home else None
        found[entry.id] = Impact(step if entry.person_id else None, whole)
    return found


def worth_now(session: Session, entry: FeedEntry, *, now: datetime | None = None) -> float:
    """How much of the score of the event's account, or else of its person, is this event's today."""
    subject = _subject(entry)
    if subject is None or not counts(entry):
        return 0.0
    config, at = live_config(session), now or clock.now()
    home = _employers(session, [entry.person_id]).get(entry.person_id) if entry.person_id else entry.account_id
    if home:
        crew = [person_id for _, person_id in _crew(store.crews(session, [home]), home) if person_id != home]
        kept: dict[UUID | None, Sequence[Bucket]] = dict(store.buckets(session, SubjectKind.PERSON, crew).items())
        kept[None] = store.buckets(session, SubjectKind.ACCOUNT, [home]).get(home, [])
        _, contributions, _ = shares.of_account(config, kept, at)
    else:
        own = store.buckets(session, SubjectKind.PERSON, [subject[1]]).get(subject[1], [])
        _, contributions = shares.of_person(config, own, at)
    rule = events.rules_in_force(session).rule_of(entry.type, entry.properties)
    day = _day(entry.occurred_at)
    for one in contributions:
        if (one.rule, one.day) == (rule, day) and (not home or one.person_id == entry.person_id):
            return one.share / one.count
    return 0.0


def counted_events(session: Session, kind: SubjectKind, ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many events count of each of these subjects, ever."""
    found = session.connection().execute(
        text(
            "SELECT subject_id, sum(n) FROM event_bucket WHERE subject_kind = :kind AND subject_id = ANY(:ids) "
            "GROUP BY subject_id"
        ),
        {"kind": kind.value, "ids": list(ids)},
    )
    return {subject_id: int(n) for subject_id, n in found}


def counts(entry: FeedEntry) -> bool:
    """Whether an event counts for scores: the customer's, by a person, told once."""
    told_once = entry.duplicate_of is None and entry.merged_into is None
    return told_once and entry.direction == Direction.IN and Verdict(entry.verdict) in COUNTED_VERDICTS


class _Past:
    """The scores of some people and accounts at moments of some days."""

    def __init__(
        self, session: Session, config: Config, people: Iterable[UUID], accounts: Sequence[UUID], days: set[date]
    ) -> None:
        self._config = config
        self._kept: dict[_Subject, list[Bucket]] = {}
        for kind, ids in ((SubjectKind.PERSON, sorted(people)), (SubjectKind.ACCOUNT, list(accounts))):
            for subject_id, buckets in store.buckets(session, kind, ids).items():
                self._kept[kind, subject_id] = buckets
        self._told = _told(session, sorted(people), accounts, sorted(days))
        self._dawn: dict[tuple[_Subject, date], list[float]] = {}

    def score(self, subject: _Subject, entry: FeedEntry, *, without: bool = False) -> float:
        """The subject's score once the event had come, or as it would have been without it."""
        at, day = entry.occurred_at, _day(entry.occurred_at)
        dawn = datetime.combine(day, time(), UTC)
        raw = later(self._config, self._until(subject, day, dawn), days_between(dawn, at))
        today: dict[str, tuple[int, datetime]] = {}
        for one in self._told.get((subject, day), ()):
            if (one.at, one.id) > (at, entry.id) or (without and one.id == entry.id):
                continue
            today[one.rule] = (today.get(one.rule, (0, at))[0] + 1, one.at)
        fresh = evidence(self._config, (Bucket(rule, day, n, last) for rule, (n, last) in today.items()), at)
        return person_score(self._config, [old + new for old, new in zip(raw, fresh, strict=True)])

    def _until(self, subject: _Subject, day: date, dawn: datetime) -> list[float]:
        known = self._dawn.get((subject, day))
        if known is None:
            known = evidence(self._config, (b for b in self._kept.get(subject, ()) if b.day < day), dawn)
            self._dawn[subject, day] = known
        return known


def _told(
    session: Session, people: Sequence[UUID], accounts: Sequence[UUID], days: Sequence[date]
) -> dict[tuple[_Subject, date], list[_Told]]:
    """What counts of these days, in the order of time."""
    rules = events.rules_in_force(session)
    rows = session.connection().execute(
        _OF_DAYS,
        {
            "people": list(people),
            "accounts": list(accounts),
            "days": list(days),
            "narrowed": sorted(rules.narrowed_types),
            "most": _MOST_OF_A_DAY,
        },
    )
    found: dict[tuple[_Subject, date], list[_Told]] = defaultdict(list)
    for event_id, at, person_id, account_id, kind, properties in rows:
        subject = (SubjectKind.PERSON, person_id) if person_id else (SubjectKind.ACCOUNT, account_id)
        found[subject, _day(at)].append(_Told(at, event_id, rules.rule_of(kind, properties or {})))
    for told in found.values():
        told.sort(key=lambda one: (one.at, one.id))
    return found


_COUNTS = (
    "event.direction = 'in' AND event.verdict IN ('human', 'unknown') AND event.duplicate_of IS NULL "
    "AND event.merged_into IS NULL"
)
_DAY = (
    "event.occurred_at >= d.day::timestamp AT TIME ZONE 'UTC' "
    "AND event.occurred_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'"
)
_SELECT = (
    "SELECT event.id, event.occurred_at, event.person_id, event.account_id, event.type, "
    "CASE WHEN event.type = ANY(:narrowed) THEN event.properties END FROM unnest(CAST(:days AS date[])) AS d (day) "
)
_OF_DAYS = text(
    f"({_SELECT} JOIN event ON event.person_id = ANY(:people) AND {_DAY} WHERE {_COUNTS} LIMIT :most) UNION ALL "
    f"({_SELECT} JOIN event ON event.account_id = ANY(:accounts) AND event.person_id IS NULL AND {_DAY} "
    f"WHERE {_COUNTS} LIMIT :most)"
)


def _employers(session: Session, people: Iterable[UUID]) -> dict[Any, UUID]:
    found = session.connection().execute(
        text("SELECT id, account_id FROM person WHERE id = ANY(:ids) AND account_id IS NOT NULL"),
        {"ids": list(set(people))},
    )
    return {person_id: account_id for person_id, account_id in found}  # noqa: C416 - rows, not pairs


def _crew(crews: Mapping[UUID, Iterable[UUID]], home: UUID) -> list[_Subject]:
    """Who makes an account's score: its people, and its own events without a person."""
    return [(SubjectKind.ACCOUNT, home), *((SubjectKind.PERSON, one) for one in sorted(crews.get(home, ())))]


def _subject(entry: FeedEntry) -> _Subject | None:
    if entry.person_id:
        return SubjectKind.PERSON, entry.person_id
    return (SubjectKind.ACCOUNT, entry.account_id) if entry.account_id else None


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
