"""What events did to scores when they came: the score with everything until then, and the same without the event.

All events of a page are done together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import events
from salescompass.events import FeedEntry
from salescompass.kit import clock
from salescompass.scoring import shares, store
from salescompass.scoring.configuration import Config
from salescompass.scoring.formula import Bucket, account_score
from salescompass.scoring.replay import Past, Subject, day_of, subject_of
from salescompass.scoring.versions import live_config
from salescompass.vocabulary import COUNTED_VERDICTS, Direction, SubjectKind, Verdict


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


def impacts(session: Session, entries: Sequence[FeedEntry], *, config: Config | None = None) -> dict[UUID, Impact]:
    """What each of these events did when it came, by its id; events that do not count are left out.

    `config` is the live one, when it is at hand.
    """
    counting = [entry for entry in entries if counts(entry)]
    if not counting:
        return {}
    config = config or live_config(session)
    employers = _employers(session, [entry.person_id for entry in counting if entry.person_id])
    homes = {entry.id: employers.get(entry.person_id) if entry.person_id else entry.account_id for entry in counting}
    accounts = sorted({home for home in homes.values() if home})
    crews = {account: set(crew) for account, crew in store.crews(session, accounts).items()}
    for entry in counting:
        home = homes[entry.id]
        if home and entry.person_id:
            crews.setdefault(home, set()).add(entry.person_id)
    sides = {entry.id: _crew(crews, home) if (home := homes[entry.id]) else [] for entry in counting}
    past = Past(session, config, [(entry, sides[entry.id]) for entry in counting])
    found = {}
    for entry in counting:
        own = subject_of(entry)
        if own is None:
            continue
        step = Step(past.score(own, entry, without=True), past.score(own, entry))
        others = [past.score(one, entry) for one in sides[entry.id] if one != own]
        home = homes[entry.id]
        whole = Step(account_score([step.before, *others]), account_score([step.after, *others])) if home else None
        found[entry.id] = Impact(step if entry.person_id else None, whole)
    return found


def worth_now(
    session: Session, entry: FeedEntry, *, now: datetime | None = None, config: Config | None = None
) -> float:
    """How much of the score of the event's account, or else of its person, is this event's today."""
    subject = subject_of(entry)
    if subject is None or not counts(entry):
        return 0.0
    config, at = config or live_config(session), now or clock.now()
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
    day = day_of(entry.occurred_at)
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


def _employers(session: Session, people: Iterable[UUID]) -> dict[Any, UUID]:
    found = session.connection().execute(
        text("SELECT id, account_id FROM person WHERE id = ANY(:ids) AND account_id IS NOT NULL"),
        {"ids": list(set(people))},
    )
    return {person_id: account_id for person_id, account_id in found}  # noqa: C416 - rows, not pairs


def _crew(crews: Mapping[UUID, Iterable[UUID]], home: UUID) -> list[Subject]:
    """Who makes an account's score: its people, and its own events without a person."""
    return [(SubjectKind.ACCOUNT, home), *((SubjectKind.PERSON, one) for one in sorted(crews.get(home, ())))]
