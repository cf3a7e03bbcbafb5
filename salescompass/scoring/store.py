"""Reading what scores are made from and writing what they are, many subjects at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.kit.database import hold, raw_cursor
from salescompass.scoring.bands import Place
from salescompass.scoring.configuration import Config
from salescompass.scoring.formula import SECONDS_A_DAY, Bucket
from salescompass.vocabulary import Band, SubjectKind

CHUNK = 5000
"""Subjects scored together: enough for one statement to be worth it, few enough to keep in memory."""


LOCK = "scores"
LEAST = 0.001
"""A score below this at the end of a day is kept as no score."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A score as it is stored."""

    subject_id: UUID
    value: float
    place: Place
    raw: tuple[float, ...]
    as_of: datetime
    due_at: datetime | None
    version: int


def lock(session: Session) -> None:
    """One writer of this tenant's scores at a time, until the transaction ends."""
    hold(session, LOCK)


# What the rules say, as a table: (rule, points, how a day's n counts, at most, group, half-life in days).
RULES = (
    "unnest(CAST(:rules AS text[]), CAST(:points AS float8[]), CAST(:hows AS text[]), CAST(:mosts AS float8[]), "
    "CAST(:groups AS int[]), CAST(:half_lives AS float8[])) AS r (rule, points, how, most, grp, half_life)"
)
# f(n) times points; the same as formula.worth.
WORTH = (
    "r.points * CASE r.how WHEN 'once' THEN 1.0::float8 WHEN 'capped' THEN least(b.n::float8, r.most) "
    "ELSE ln(1.0::float8 + b.n) / ln(2.0::float8) END"
)


def fading(until: str, half_life: str = "r.half_life", since: str = "b.last_at") -> str:
    """SQL of formula.fading: what is left of one point of a bucket at `until`."""
    days = f"greatest(extract(epoch FROM {until} - {since})::float8, 0.0) / {SECONDS_A_DAY}"
    return f"power(2.0::float8, -least({days} / {half_life}, 1000.0))"


def rule_table(config: Config) -> dict[str, list[Any]]:
    """The parameters of RULES. Rules without points are left out: they add nothing."""
    rules = [rule for rule in config.rules if rule.points]
    places = [config.group_at(rule.group) for rule in rules]
    return {
        "rules": [rule.key for rule in rules],
        "points": [float(rule.points) for rule in rules],
        "hows": [rule.how for rule in rules],
        "mosts": [float(rule.most) for rule in rules],
        "groups": places,
        "half_lives": [config.half_lives[place] for place in places],
    }


# Each subject's rows are fetched by the primary key, by the form of the query: the planner would read all buckets of
# all subjects for a few thousand of them.
_EVIDENCE = (
    "SELECT told.id, {sums} "  # noqa: S608 - constants
    "FROM unnest(CAST(:ids AS uuid[])) AS told (id) CROSS JOIN LATERAL (SELECT b.rule, b.n, b.last_at "
    "  FROM event_bucket b WHERE b.subject_kind = :kind AND b.subject_id = told.id {more} OFFSET 0) b "
    f"JOIN {RULES} ON r.rule = b.rule GROUP BY told.id"
)
_SUM = f"coalesce(sum({WORTH} * {fading('CAST(:at AS timestamptz)')}) FILTER (WHERE r.grp = {{place}}), 0.0)"


def evidence(
    session: Session, config: Config, kind: SubjectKind, ids: Sequence[UUID], at: datetime
) -> dict[UUID, list[float]]:
    """What the buckets of these subjects are worth at a moment, per group; none for who has no bucket."""
    return _evidence(session, config, kind, ids, at, "")


def evidence_until(
    session: Session, config: Config, kind: SubjectKind, ids: Sequence[UUID], end: datetime
) -> dict[UUID, list[float]]:
    """The same at the end of a day: of the buckets of that day and those before."""
    return _evidence(session, config, kind, ids, end, "AND b.day < (:at AT TIME ZONE 'UTC')::date")


def _evidence(
    session: Session, config: Config, kind: SubjectKind, ids: Sequence[UUID], at: datetime, more: str
) -> dict[UUID, list[float]]:
    if not ids:
        return {}
    sums = ", ".join(_SUM.format(place=place) for place in range(len(config.groups)))
    found = session.connection().execute(
        text(_EVIDENCE.format(sums=sums, more=more)),
        {"kind": kind.value, "ids": list(ids), "at": at, **rule_table(config)},
    )
    return {row[0]: list(row[1:]) for row in found}


def buckets(session: Session, kind: SubjectKind, ids: Sequence[UUID]) -> dict[UUID, list[Bucket]]:
    """The buckets of these subjects."""
    found = session.connection().execute(
        text(
            "SELECT subject_id, rule, day, n, last_at FROM event_bucket "
            "WHERE subject_kind = :kind AND subject_id = ANY(:ids)"
        ),
        {"kind": kind.value, "ids": list(ids)},
    )
    kept: dict[UUID, list[Bucket]] = defaultdict(list)
    for subject_id, *bucket in found:
        kept[subject_id].append(Bucket(*bucket))
    return kept


_STORED = (
    "SELECT subject_id, value, band, held_edge, raw, as_of, due_at, config_version FROM score "
    "WHERE subject_kind = %s AND subject_id = ANY(%s)"
)


def stored(session: Session, kind: SubjectKind, ids: Sequence[UUID]) -> dict[UUID, Stored]:
    """The stored scores of these subjects."""
    return {
        row[0]: Stored(row[0], row[1], Place(Band(row[2]), row[3]), tuple(row[4]), row[5], row[6], row[7])
        for row in _rows(session, _STORED, (kind.value, list(ids)))
    }


def _rows(session: Session, query: LiteralString, given: tuple[Any, ...]) -> list[Any]:
    """The rows of a query whose numbers come as numbers and not as text: arrays are read many times faster so."""
    with raw_cursor(session) as cursor:
        return cursor.execute(query, given, binary=True).fetchall()


def crews(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The people of these accounts: those whose primary account it is now, and who ever did something."""
    found = session.connection().execute(
        text(
            "SELECT person.account_id, person.id FROM person JOIN score s ON s.subject_kind = 'person' "
            "AND s.subject_id = person.id WHERE person.account_id = ANY(:ids) AND person.deleted_at IS NULL"
        ),
        {"ids": list(ids)},
    )
    crew: dict[UUID, list[UUID]] = defaultdict(list)
    for account_id, person_id in found:
        crew[account_id].append(person_id)
    return crew


_CREWS = (
    "SELECT person.account_id, s.raw, s.as_of FROM person JOIN score s ON s.subject_kind = 'person' "
    "AND s.subject_id = person.id WHERE person.account_id = ANY(%s) AND person.deleted_at IS NULL"
)


def crew_evidence(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[tuple[list[float], datetime]]]:
    """The stored evidence of the people of these accounts, each with its time."""
    crew: dict[UUID, list[tuple[list[float], datetime]]] = defaultdict(list)
    for account_id, raw, as_of in _rows(session, _CREWS, (list(ids),)):
        crew[account_id].append((raw, as_of))
    return crew


def employers(session: Session, people: Iterable[UUID]) -> set[UUID]:
    """The accounts of these people."""
    wanted = list(people)
    if not wanted:
        return set()
    found = session.connection().execute(
        text("SELECT DISTINCT account_id FROM person WHERE id = ANY(:ids) AND account_id IS NOT NULL"),
        {"ids": wanted},
    )
    return set(found.scalars())


def all_employers(session: Session) -> list[UUID]:
    """Every account with a person who has a score or a bucket."""
    found = session.connection().execute(
        text(
            "SELECT DISTINCT person.account_id FROM person CROSS JOIN LATERAL (SELECT FROM event_bucket b "
            "WHERE b.subject_kind = 'person' AND b.subject_id = person.id LIMIT 1) known "
            "WHERE person.account_id IS NOT NULL"
        )
    )
    return list(found.scalars())


_STAGE = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS score_staging (subject_id uuid, value float8, band text, held_edge float8, "
    "raw float8[], as_of timestamptz, due_at timestamptz) ON COMMIT DELETE ROWS"
)
_TYPES = ("uuid", "float8", "text", "float8", "text", "timestamptz", "timestamptz")
_WRITE = (
    "INSERT INTO score (subject_kind, subject_id, value, band, held_edge, raw, as_of, due_at, config_version, "
    "  stale_from) "
    "SELECT %(kind)s, subject_id, value, band, held_edge, raw, as_of, due_at, %(version)s, "
    "  (as_of AT TIME ZONE 'UTC')::date FROM score_staging ORDER BY subject_id "
    "ON CONFLICT (tenant_id, subject_kind, subject_id) DO UPDATE SET value = excluded.value, band = excluded.band, "
    "held_edge = excluded.held_edge, raw = excluded.raw, as_of = excluded.as_of, due_at = excluded.due_at, "
    "config_version = excluded.config_version, "
    "stale_from = coalesce(score.stale_from, CASE WHEN excluded.value >= %(least)s THEN excluded.stale_from END)"
)


def write(session: Session, kind: SubjectKind, scores: Sequence[Stored], version: int) -> None:
    """Store scores, new and known ones."""
    if not scores:
        return
    with raw_cursor(session) as cursor:
        cursor.execute(_STAGE)
        cursor.execute("DELETE FROM score_staging")
        with cursor.copy("COPY score_staging FROM STDIN") as copy:
            copy.set_types(_TYPES)
            for one in scores:
                place = one.place
                # Written out here, exactly (repr is), which is several times faster than an adapted list.
                raw = f"{{{','.join(map(repr, one.raw))}}}"
                copy.write_row((one.subject_id, one.value, place.band.value, place.held, raw, one.as_of, one.due_at))
        cursor.execute(_WRITE, {"kind": kind.value, "version": version, "least": LEAST})


_PLACES: dict[SubjectKind, LiteralString] = {
    SubjectKind.PERSON: "SELECT person.id, s.band, s.held_edge FROM person LEFT JOIN score s "
    "ON s.subject_kind = 'person' AND s.subject_id = person.id WHERE person.id = ANY(%s)",
    SubjectKind.ACCOUNT: "SELECT account.id, s.band, s.held_edge FROM account LEFT JOIN score s "
    "ON s.subject_kind = 'account' AND s.subject_id = account.id WHERE account.id = ANY(%s)",
}
_BANDS = {band.value: band for band in Band}


def places(session: Session, kind: SubjectKind, ids: Sequence[UUID]) -> dict[UUID, Place | None]:
    """Those of the ids that are people, or accounts, of this tenant, with the place of who has a score."""
    return {
        subject_id: Place(_BANDS[band], held) if band else None
        for subject_id, band, held in _rows(session, _PLACES[kind], (list(ids),))
    }


def chunks(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """The ids in order, a manageable number at a time."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def subjects_with_buckets(session: Session, kind: SubjectKind) -> list[UUID]:
    """Everybody of this kind who is there and has a bucket or a score. Each is looked up, since buckets are many."""
    table = "person" if kind is SubjectKind.PERSON else "account"
    found = session.connection().execute(
        text(
            f"SELECT t.id FROM {table} t CROSS JOIN LATERAL ("  # noqa: S608 - constants
            "(SELECT FROM event_bucket b WHERE b.subject_kind = :kind AND b.subject_id = t.id LIMIT 1) UNION ALL "
            "(SELECT FROM score s WHERE s.subject_kind = :kind AND s.subject_id = t.id) LIMIT 1) known"
        ),
        {"kind": kind.value},
    )
    return list(found.scalars())
