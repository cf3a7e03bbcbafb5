"""The live count of a tree of six conditions over a million people, against reading their table once.

Both as the application's role, under its policies, in turns on the same data. The tree asks for columns of the person
and of its account, a score, a band, and clicks in a window of days.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from benchmarks.figure import Figure, median_of
from benchmarks.instance import migrated
from salescompass import identity
from salescompass.catalogue import catalogue
from salescompass.conditions import Tree, count, parse
from salescompass.kit import clock
from salescompass.kit.database import owner_engine, tenant_session

PEOPLE = 1_000_000
TREE = {
    "combinator": "and",
    "rules": [
        {"field": "country", "operator": "in", "value": ["Country 1", "Country 2", "Country 3"]},
        {"field": "status", "operator": "is", "value": "active"},
        {"field": "account.industry", "operator": "is_not", "value": "Industry 4"},
        {
            "combinator": "or",
            "rules": [
                {"field": "score", "operator": "gte", "value": 40},
                {"field": "account.band", "operator": "is", "value": "hot"},
            ],
        },
        {
            "field": "events",
            "operator": "at_least",
            "value": {"count": 2, "types": ["link_clicked"], "who": "human", "days": 30},
        },
    ],
}
# A million people of fifty thousand accounts, each with a score, and a million events in sixty days: some act often.
# Ids follow one another, as those do that are made in the order of time.
FILL = (
    "SET LOCAL statement_timeout = 0",
    "SELECT setseed(0.42)",
    "CREATE OR REPLACE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE "
    "RETURN CAST('01a00000-0000-7000-8' || kind || '00-' || lpad(to_hex(n), 12, '0') AS uuid)",
    "INSERT INTO account (tenant_id, id, name, name_norm, industry, industry_norm) "
    "SELECT :tenant, pg_temp.id('a', n), 'Account ' || n, 'account ' || n, 'Industry ' || n % 12, "
    "'industry ' || n % 12 FROM generate_series(1, :accounts) n",
    "INSERT INTO person (tenant_id, id, kind, account_id, name, name_norm, email, email_norm, title, title_norm, "
    "country, country_norm, lead_status, lead_status_norm, source_original, source_original_norm, created_at) "
    "SELECT :tenant, pg_temp.id('b', n), CASE n % 3 WHEN 0 THEN 'lead' ELSE 'contact' END, "
    "pg_temp.id('a', 1 + n % :accounts), 'Person ' || n, 'person ' || n, 'p' || n || '@firm.example', "
    "'p' || n || '@firm.example', 'Title ' || n % 40, 'title ' || n % 40, 'Country ' || n % 30, 'country ' || n % 30, "
    "'Open', 'open', 'Web', 'web', now() - (:people - n) * interval '1 minute' FROM generate_series(1, :people) n",
    "INSERT INTO score (tenant_id, subject_kind, subject_id, value, band, raw, as_of) "
    "SELECT :tenant, 'person', pg_temp.id('b', n), v, CASE WHEN v >= 70 THEN 'hot' WHEN v >= 40 THEN 'warm' "
    "WHEN v >= 15 THEN 'cool' ELSE 'cold' END, ARRAY[v, 0, 0], now() "
    "FROM (SELECT n, n % 1000 * 919 % 1000 / 1000.0 * (n % 100 * 31 % 100) AS v FROM generate_series(1, :people) n) s",
    "INSERT INTO score (tenant_id, subject_kind, subject_id, value, band, raw, as_of) "
    "SELECT :tenant, 'account', pg_temp.id('a', n), n * 37 % 100, CASE WHEN n * 37 % 100 >= 70 THEN 'hot' "
    "ELSE 'cool' END, ARRAY[0, 0, 0], now() FROM generate_series(1, :accounts) n",
    "INSERT INTO event (tenant_id, occurred_at, id, type, direction, channel, account_id, person_id, verdict, source) "
    "SELECT :tenant, now() - at * interval '60 days', pg_temp.id('e', n), (ARRAY['link_clicked', 'page_viewed', "
    "'email_opened', 'page_viewed', 'email_delivered'])[1 + n % 5], 'in', 'email', "
    "pg_temp.id('a', 1 + p % :accounts), pg_temp.id('b', p), "
    "(ARRAY['human', 'unknown', 'unknown', 'bot'])[1 + n % 4], 'api' "
    "FROM (SELECT n, random() AS at, 1 + floor(random() ^ 2 * :people)::bigint AS p "
    "      FROM generate_series(1, :people) n) s",
)


def measure(*, quick: bool) -> list[Figure]:
    """The median of some counts, and of as many readings of the table, in turns."""
    people = PEOPLE // 10 if quick else PEOPLE
    with tempfile.TemporaryDirectory() as folder, migrated(Path(folder)):
        tenant = identity.create_tenant(
            name="Bench", slug="bench", admin_email="admin@bench.example", admin_password="a long pass phrase 7"
        ).tenant_id
        fill(tenant, people)
        with tenant_session(tenant) as session:
            tree = parse(TREE, catalogue(session), object="person")
        _counted(tenant, tree), _read(tenant)
        limit = median_of(lambda: _read(tenant), times=5)
        product = median_of(lambda: _counted(tenant, tree), times=5)
    name = f"count of six conditions over {people:,} people"
    return [Figure("27", name, limit * 1e3, product * 1e3, "ms", 2.0, floor="≤ 2,000 ms")]


def fill(tenant: UUID, people: int) -> None:
    """Fill a tenant with so many people, and what hangs on them."""
    with owner_engine().begin() as connection:
        for statement in FILL:
            connection.execute(text(statement), {"tenant": tenant, "people": people, "accounts": people // 20})
    with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE account, person, score, event"))


def _counted(tenant: UUID, tree: Tree) -> float:
    with tenant_session(tenant) as session:
        known = catalogue(session)
        began = time.perf_counter()
        found = count(session, tree, catalogue=known, now=clock.now(), seconds=60)
        took = time.perf_counter() - began
    if not found:
        raise RuntimeError("nobody matches: this measures nothing")
    return took


def _read(tenant: UUID) -> float:
    with tenant_session(tenant) as session:
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            session.connection().execute(text(f"SET LOCAL enable_{way} = off"))
        began = time.perf_counter()
        session.connection().execute(text("SELECT count(*) FROM person WHERE deleted_at IS NULL")).scalar_one()
        return time.perf_counter() - began
