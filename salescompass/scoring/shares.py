"""Why a score is what it is: every bucket's part, adding up to the score. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from salescompass.scoring.configuration import Config
from salescompass.scoring.formula import (
    WEIGHTS,
    Bucket,
    account_score,
    clipped,
    days_between,
    evidence,
    fading,
    log_miss,
    score_of,
    worth,
)

LARGEST = 50
REST = "rest"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one bucket adds. `points` fresh, `remaining` after fading and caps, `share` of the score."""

    rule: str
    type: str | None
    day: date | None
    count: int
    points: float
    remaining: float
    share: float
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PersonPart:
    """What one person adds to an account; None stands for events that name nobody."""

    person_id: UUID | None
    score: float
    weight: float
    share: float


def of_person(config: Config, buckets: Sequence[Bucket], at: datetime) -> tuple[float, list[Contribution]]:
    """A person's score, and what each bucket adds to it."""
    raw = evidence(config, buckets, at)
    counts = clipped(config, raw)
    whole = sum(counts)
    score = score_of(config, whole)
    rules = {rule.key: (rule, config.group_at(rule.group)) for rule in config.rules}
    found = []
    for bucket in buckets:
        if bucket.rule not in rules:
            continue
        rule, place = rules[bucket.rule]
        points = worth(rule, bucket.n)
        left = points * fading(days_between(bucket.last_at, at), config.half_lives[place])
        remaining = left * counts[place] / raw[place] if raw[place] else 0.0
        share = score * remaining / whole if whole > 0 else 0.0
        found.append(Contribution(rule.key, rule.type, bucket.day, bucket.n, points, remaining, share))
    return score, found


def of_account(
    config: Config, crew: Mapping[UUID | None, Sequence[Bucket]], at: datetime
) -> tuple[float, list[Contribution], list[PersonPart]]:
    """An account's score, what each bucket of its best people adds to it, and what each of those people does."""
    people = {person_id: of_person(config, buckets, at) for person_id, buckets in crew.items()}
    score = account_score(one for one, _ in people.values())
    best = sorted(people, key=lambda person_id: (-people[person_id][0], str(person_id)))[: len(WEIGHTS)]
    adds = {person_id: log_miss(weight, people[person_id][0]) for person_id, weight in zip(best, WEIGHTS, strict=False)}
    whole = sum(adds.values())
    found, parts = [], []
    for weight, person_id in zip(WEIGHTS, best, strict=False):
        own, contributions = people[person_id]
        if own <= 0:
            continue
        share = score * adds[person_id] / whole
        parts.append(PersonPart(person_id, own, weight, share))
        # A person's buckets share what the person adds as they share the person's score.
        found += [replace(one, share=share * one.share / own, person_id=person_id) for one in contributions]
    return score, found, parts


def largest(contributions: Sequence[Contribution]) -> tuple[tuple[Contribution, ...], Contribution | None]:
    """The largest by what they add or take away, and all the others as one row."""
    ordered = sorted(contributions, key=lambda one: (-abs(one.share), -abs(one.remaining), str(one.day), one.rule))
    others = ordered[LARGEST:]
    if not others:
        return tuple(ordered), None
    return tuple(ordered[:LARGEST]), Contribution(
        REST,
        None,
        None,
        sum(one.count for one in others),
        sum(one.points for one in others),
        sum(one.remaining for one in others),
        sum(one.share for one in others),
    )
