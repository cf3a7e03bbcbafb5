"""What a draft would do: to the distribution of scores, and to accounts one names. Nothing is written."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from salescompass import crm, events
from salescompass.kit import clock
from salescompass.kit.errors import NotFound
from salescompass.scoring import store
from salescompass.scoring.bands import band_at
from salescompass.scoring.configuration import BANDS, Config
from salescompass.scoring.formula import Bucket, account_score, evidence, person_score
from salescompass.scoring.publishing import draft, narrow_rules
from salescompass.scoring.versions import live_config
from salescompass.vocabulary import SubjectKind

MOST_ACCOUNTS = 4000
SAMPLE = 300
"""Accounts looked at when a rule's conditions changed: each of their events is read from the ledger."""
BINS = 10


@dataclass(frozen=True)
class Distribution:
    """How many accounts have which score: by tens, and by band."""

    bins: tuple[int, ...]
    bands: Mapping[str, int]


@dataclass(frozen=True)
class Change:
    """An account's score now and by the draft."""

    account_id: UUID
    name: str
    before: float
    after: float
    band_before: str
    band_after: str


@dataclass(frozen=True)
class Preview:
    """What publishing would do. `estimated`: from a sample of `looked_at` of `accounts` accounts."""

    version: int
    accounts: int
    looked_at: int
    estimated: bool
    before: Distribution
    after: Distribution
    named: tuple[Change, ...]
    moved: tuple[Change, ...]
    """Those that change most."""


def preview(session: Session, *, accounts: Sequence[UUID] = (), now: datetime | None = None) -> Preview:
    """The effect of the draft on all accounts, and on named ones. Raises NotFound when there is no draft."""
    wanted = draft(session)
    if wanted is None:
        raise NotFound("there is no draft")
    live, now = live_config(session), now or clock.now()
    after = wanted.with_types(events.types(session))
    narrowed = after.narrowing() != live.narrowing()
    everybody = sorted({*store.subjects_with_buckets(session, SubjectKind.ACCOUNT), *store.all_employers(session)})
    most = SAMPLE if narrowed else MOST_ACCOUNTS
    looked_at = everybody if len(everybody) <= most else random.Random(wanted.version).sample(everybody, most)  # noqa: S311
    changes = _changes(session, live, after, list(dict.fromkeys([*looked_at, *accounts])), now, narrowed=narrowed)
    seen = set(looked_at)
    pool = [change for change in changes if change.account_id in seen]
    return Preview(
        version=wanted.version,
        accounts=len(everybody),
        looked_at=len(looked_at),
        estimated=len(looked_at) < len(everybody),
        before=_distribution(live, [change.before for change in pool]),
        after=_distribution(after, [change.after for change in pool]),
        named=tuple(change for change in changes if change.account_id in set(accounts)),
        moved=tuple(sorted(pool, key=lambda change: -abs(change.after - change.before))[:10]),
    )


def _changes(
    session: Session, live: Config, after: Config, ids: Sequence[UUID], now: datetime, *, narrowed: bool
) -> list[Change]:
    names = _names(session, ids)
    crews = store.crews(session, ids)
    people = [person_id for crew in crews.values() for person_id in crew]
    scores: dict[tuple[str, UUID], tuple[float, float]] = {}
    for kind, members in ((SubjectKind.PERSON, people), (SubjectKind.ACCOUNT, list(ids))):
        for some in store.chunks(members):
            now_kept = store.buckets(session, kind, some)
            then_kept = _recounted(session, after, kind, some, now_kept) if narrowed else now_kept
            for one in some:
                before = person_score(live, evidence(live, now_kept.get(one, ()), now))
                scores[kind.value, one] = before, person_score(after, evidence(after, then_kept.get(one, ()), now))
    changes = []
    for account_id in ids:
        if account_id not in names:
            continue
        own = scores[SubjectKind.ACCOUNT.value, account_id]
        pairs = [own, *(scores[SubjectKind.PERSON.value, one] for one in crews.get(account_id, ()))]
        was, will = account_score(pair[0] for pair in pairs), account_score(pair[1] for pair in pairs)
        bands = band_at(live.edges, was).value, band_at(after.edges, will).value
        changes.append(Change(account_id, names[account_id], was, will, *bands))
    return changes


def _recounted(
    session: Session, after: Config, kind: SubjectKind, ids: Sequence[UUID], kept: Mapping[UUID, list[Bucket]]
) -> dict[UUID, list[Bucket]]:
    """Buckets as they would be under the draft's conditions."""
    rules = events.Rules(narrow_rules(after))
    types = rules.changed_types(events.rules_in_force(session))
    found = {one: [b for b in kept.get(one, ()) if b.rule.partition(":")[0] not in types] for one in ids}
    for (subject_id, rule, day), (n, last_at) in events.counted_as(session, rules, kind, ids, types).items():
        found[subject_id].append(Bucket(rule, day, n, last_at))
    return found


def _names(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    return {found.id: found.name for found in crm.get_records(session, "account", ids).values()}


def _distribution(config: Config, scores: Sequence[float]) -> Distribution:
    bins, bands = [0] * BINS, dict.fromkeys((band.value for band in BANDS), 0)
    for score in scores:
        bins[min(int(score / (100 / BINS)), BINS - 1)] += 1
        bands[band_at(config.edges, score).value] += 1
    return Distribution(tuple(bins), bands)
