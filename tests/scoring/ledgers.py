"""Made-up histories, and the score of one computed the long way: straight from its events."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from salescompass.events import BUILT_IN
from salescompass.scoring.configuration import DEFAULT, Config
from salescompass.scoring.formula import Bucket

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CONFIG = DEFAULT.with_types(BUILT_IN)
SCORING = sorted(key for key, kind in BUILT_IN.items() if kind.points)


@dataclass(frozen=True)
class Happening:
    """An event as far as the score is concerned."""

    type: str
    at: datetime
    counts: bool = True


moments = st.integers(0, 200 * 86400).map(lambda seconds: NOW - timedelta(seconds=seconds))
happenings = st.builds(Happening, st.sampled_from(SCORING), moments, st.booleans().map(bool))
histories = st.lists(happenings, max_size=40)


def buckets_of(happened: Iterable[Happening]) -> list[Bucket]:
    """What the ledger keeps of a history."""
    kept: dict[tuple[str, object], list[datetime]] = defaultdict(list)
    for one in happened:
        if one.counts:
            kept[one.type, one.at.date()].append(one.at)
    return [Bucket(rule, ats[0].date(), len(ats), max(ats)) for (rule, _), ats in kept.items()]


def long_way(happened: Iterable[Happening], at: datetime = NOW, config: Config = CONFIG) -> float:
    """The score by the book, naively and in one place."""
    sums = dict.fromkeys((group.key for group in config.groups), 0.0)
    for bucket in buckets_of(happened):
        kind = BUILT_IN[bucket.rule]
        half_life = {group.key: group.half_life for group in config.groups}[kind.group]
        age = (at - bucket.last_at).total_seconds() / 86400
        sums[kind.group] += kind.points * math.log2(1 + bucket.n) * 2 ** (-age / half_life)
    capped = (min(max(sums[group.key], -group.cap), group.cap) for group in config.groups)
    return 100 * (1 - math.exp(-max(0.0, sum(capped)) / config.k))
