"""Daily buckets: how many counting events each subject had under each rule. What scores and reports are made from.

They are written in the transaction that records the events, and made anew from the ledger where what counts has
changed: a verdict, a merge, a rule. Who records holds the tenant's lock on buckets together with others; who makes
anew holds it alone, so that no event is missed between reading the ledger and writing the count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.events.rules import NarrowRule, Rules, read_conditions
from salescompass.kit.database import fetch, hold
from salescompass.vocabulary import SubjectKind

# What counts: by the customer, not by a machine, told once.
COUNTS = (
    "event.direction = 'in' AND event.verdict IN ('human', 'unknown') "
    "AND event.duplicate_of IS NULL AND event.merged_into IS NULL"
)
LOCK = "buckets"
_UPSERT = (
    "ON CONFLICT (tenant_id, subject_kind, subject_id, rule, day) "
    "DO UPDATE SET n = event_bucket.n + excluded.n, last_at = greatest(event_bucket.last_at, excluded.last_at)"
)
# Sorted, so that two batches with the same buckets wait for each other in one order and never in a circle.
ADD_STAGED = (
    "INSERT INTO event_bucket (subject_kind, subject_id, rule, day, n, last_at) "
    "SELECT CASE WHEN person_id IS NULL THEN 'account' ELSE 'person' END AS kind, "
    "  coalesce(person_id, account_id) AS subject, rule, (occurred_at AT TIME ZONE 'UTC')::date AS day, "
    "  count(*), max(occurred_at) "
    "FROM event_staging WHERE rule IS NOT NULL GROUP BY kind, subject, rule, day ORDER BY kind, subject, rule, day "
    + _UPSERT
)
_ADD_COUNTED = (
    "INSERT INTO {table} (subject_kind, subject_id, rule, day, n, last_at) "
    "SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:subjects AS uuid[]), CAST(:rules AS text[]), "
    "CAST(:days AS date[]), CAST(:counts AS bigint[]), CAST(:lasts AS timestamptz[]))"
)


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A day of a subject."""

    kind: SubjectKind
    subject_id: UUID
    day: date


def cell_of(person_id: UUID | None, account_id: UUID | None, occurred_at: datetime) -> Cell | None:
    """Where an event counts: with its person, else with its account."""
    subject = person_id or account_id
    kind = SubjectKind.PERSON if person_id else SubjectKind.ACCOUNT
    return Cell(kind, subject, occurred_at.astimezone(UTC).date()) if subject else None


def rules_in_force(session: Session, *, holding: bool = False) -> Rules:
    """The tenant's rules by which events are counted now; `holding` keeps them so until the transaction ends."""
    if holding:
        hold(session, LOCK, together=True)
    found = fetch(session, "SELECT key, type, conditions FROM event_rule ORDER BY type, place, key")
    return Rules(NarrowRule(key, kind, read_conditions(conditions)) for key, kind, conditions in found)


def recount_cells(session: Session, cells: Iterable[Cell]) -> int:
    """Make the buckets of these days anew from the ledger. Returns how many there are."""
    wanted, made = sorted(set(cells)), 0
    if not wanted:
        return 0
    hold(session, LOCK)
    rules = rules_in_force(session)
    for kind in SubjectKind:
        mine = [cell for cell in wanted if cell.kind is kind]
        if not mine:
            continue
        given = {
            "subjects": [cell.subject_id for cell in mine],
            "days": [cell.day for cell in mine],
            "low": datetime.combine(min(cell.day for cell in mine), time(), UTC),
            "high": datetime.combine(max(cell.day for cell in mine) + timedelta(days=1), time(), UTC),
        }
        session.connection().execute(
            text(
                "DELETE FROM event_bucket b USING unnest(CAST(:subjects AS uuid[]), CAST(:days AS date[])) "
                "AS c (subject, day) WHERE b.subject_kind = :kind AND b.subject_id = c.subject AND b.day = c.day"
            ),
            {"kind": kind.value, "subjects": given["subjects"], "days": given["days"]},
        )
        made += count_under(session, rules, kind, _IN_CELLS[kind], given)
    return made


_CELLS = (
    "JOIN unnest(CAST(:subjects AS uuid[]), CAST(:days AS date[])) AS c (subject, day) ON event.{column} = c.subject "
    "AND event.occurred_at >= c.day::timestamp AT TIME ZONE 'UTC' "
    "AND event.occurred_at < (c.day + 1)::timestamp AT TIME ZONE 'UTC' "
    "WHERE event.occurred_at >= :low AND event.occurred_at < :high"
)
_IN_CELLS = {
    SubjectKind.PERSON: _CELLS.format(column="person_id"),
    SubjectKind.ACCOUNT: _CELLS.format(column="account_id"),
}


def counted_as(
    session: Session, rules: Rules, kind: SubjectKind, ids: Sequence[UUID], types: Collection[str]
) -> dict[tuple[UUID, str, date], tuple[int, datetime]]:
    """The buckets that these subjects would have of these types if these rules were in force. Writes nothing."""
    if not ids or not types:
        return {}
    where = f"WHERE {SUBJECT[kind]} = ANY(:ids)"
    return _counted_one_by_one(session, rules, kind, where, {"ids": list(ids)}, sorted(types))


SUBJECT = {SubjectKind.PERSON: "event.person_id", SubjectKind.ACCOUNT: "event.account_id"}
_OF_KIND = {
    SubjectKind.PERSON: "event.person_id IS NOT NULL",
    SubjectKind.ACCOUNT: "event.person_id IS NULL AND event.account_id IS NOT NULL",
}


def count_under(session: Session, rules: Rules, kind: SubjectKind, where: str, given: dict[str, Any]) -> int:
    """Count what the ledger has under `where`: types with rules of their own one by one, the others in one go."""
    narrowed = sorted(rules.narrowed_types)
    made = session.connection().execute(
        text(
            "INSERT INTO event_bucket (subject_kind, subject_id, rule, day, n, last_at) "
            + _counted(kind, f"{where} AND event.type <> ALL(:narrowed)")
        ),
        {**given, "narrowed": narrowed},
    )
    if not narrowed:
        return made.rowcount
    return made.rowcount + add_narrowed(session, rules, kind, where, given)


def add_narrowed(
    session: Session, rules: Rules, kind: SubjectKind, where: str, given: dict[str, Any], table: str = "event_bucket"
) -> int:
    """Count the types that have rules of their own, event by event, into a table like that of the buckets."""
    kept = _counted_one_by_one(session, rules, kind, where, given, sorted(rules.narrowed_types))
    _add(session, kind, kept, table)
    return len(kept)


def _counted(kind: SubjectKind, where: str) -> str:
    """The buckets that the ledger makes under bare types, as a query."""
    return (
        f"SELECT '{kind.value}' AS subject_kind, subject, rule, day, count(*) AS n, max(at) AS last_at "  # noqa: S608
        f"FROM ({_cells_of(kind)}, event.occurred_at AS at "
        f"FROM event {where} AND {COUNTS} AND {_OF_KIND[kind]}) counted GROUP BY subject, rule, day"
    )


def _cells_of(kind: SubjectKind) -> str:
    return f"SELECT {SUBJECT[kind]} AS subject, event.type AS rule, (event.occurred_at AT TIME ZONE 'UTC')::date AS day"


_Kept = dict[tuple[UUID, str, date], tuple[int, datetime]]


def _counted_one_by_one(
    session: Session, rules: Rules, kind: SubjectKind, where: str, given: dict[str, Any], types: Sequence[str]
) -> _Kept:
    """The buckets of types whose rules look at properties."""
    found = session.connection().execute(
        text(
            f"{_cells_of(kind)}, event.occurred_at, event.properties FROM event {where} AND {COUNTS} "
            f"AND {_OF_KIND[kind]} AND event.type = ANY(:narrowed)"
        ),
        {**given, "narrowed": list(types)},
    )
    kept: _Kept = {}
    for subject, type_key, day, at, properties in found:
        place = (subject, rules.rule_of(type_key, properties), day)
        n, last = kept.get(place, (0, at))
        kept[place] = (n + 1, max(last, at))
    return kept


def _add(session: Session, kind: SubjectKind, kept: _Kept, table: str) -> None:
    rows = sorted(kept.items())
    if rows:
        session.connection().execute(
            text(_ADD_COUNTED.format(table=table)),
            {
                "kinds": [kind.value] * len(rows),
                "subjects": [place[0] for place, _ in rows],
                "rules": [place[1] for place, _ in rows],
                "days": [place[2] for place, _ in rows],
                "counts": [n for _, (n, _) in rows],
                "lasts": [last for _, (_, last) in rows],
            },
        )


@dataclass(frozen=True)
class BucketCheck:
    """How many buckets there are, and how many are not what the ledger says, with those that are missing."""

    buckets: int
    wrong: int


def check_buckets(session: Session) -> BucketCheck:
    """Compare the buckets with the ledger: reads everything.

    One statement sees events and their buckets as of one moment; only rules that look at properties need two, and
    then nobody may record between them.
    """
    rules = rules_in_force(session)
    narrowed = sorted(rules.narrowed_types)
    if narrowed:
        hold(session, LOCK)
    wrong = sum(_wrong(session, kind, narrowed) + _wrong_narrowed(session, rules, kind) for kind in SubjectKind)
    buckets = session.connection().execute(text("SELECT count(*) FROM event_bucket")).scalar_one()
    return BucketCheck(int(buckets), wrong)


def _wrong(session: Session, kind: SubjectKind, narrowed: list[str]) -> int:
    kept = (
        "SELECT subject_kind, subject_id AS subject, rule, day, n, last_at FROM event_bucket "  # noqa: S608
        f"WHERE subject_kind = '{kind.value}' AND split_part(rule, ':', 1) <> ALL(:narrowed)"
    )
    query = (
        f"SELECT count(*) FROM ({_counted(kind, 'WHERE event.type <> ALL(:narrowed)')}) a "  # noqa: S608
        f"FULL JOIN ({kept}) b USING (subject, rule, day) WHERE (a.n, a.last_at) IS DISTINCT FROM (b.n, b.last_at)"
    )
    return int(session.connection().execute(text(query), {"narrowed": narrowed}).scalar_one())


def _wrong_narrowed(session: Session, rules: Rules, kind: SubjectKind) -> int:
    if not rules.narrowed_types:
        return 0
    true = _counted_one_by_one(session, rules, kind, "WHERE true", {}, sorted(rules.narrowed_types))
    found = session.connection().execute(
        text(
            "SELECT subject_id, rule, day, n, last_at FROM event_bucket WHERE subject_kind = :kind "
            "AND split_part(rule, ':', 1) = ANY(:narrowed)"
        ),
        {"kind": kind.value, "narrowed": sorted(rules.narrowed_types)},
    )
    kept = {(subject, rule, day): (n, last) for subject, rule, day, n, last in found}
    return sum(true.get(place) != kept.get(place) for place in true.keys() | kept.keys())
