"""The worklist of a tenant with a hundred thousand open actions: pages of a rep and of a manager, and Today.

Each is read in a session of its own, as a screen does it, and held against `SELECT 1` in a session of the same kind.
Two hundred reps, who see their own records, have five hundred open actions each, on twenty thousand accounts with
deals; thirty thousand more are closed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from benchmarks.figure import Figure, p95
from benchmarks.instance import migrated
from salescompass import actions, crm, identity
from salescompass.actions import Query, Sorts, Views
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import owner_engine, tenant_session

OPEN, REPS = 100_000, 200
FILL = (
    "SET LOCAL statement_timeout = 0",
    "SELECT setseed(0.42)",
    "CREATE OR REPLACE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE "
    "RETURN CAST('01a00000-0000-7000-8' || kind || '00-' || lpad(to_hex(n), 12, '0') AS uuid)",
    "INSERT INTO membership (tenant_id, id, name, email, status, zone) SELECT :tenant, pg_temp.id('d', n), "
    "'Rep ' || n, '', 'active', 'UTC' FROM generate_series(1, :reps) n",
    "INSERT INTO membership_role (tenant_id, membership_id, role_id) SELECT :tenant, pg_temp.id('d', n), role.id "
    "FROM generate_series(1, :reps) n, role WHERE role.tenant_id = :tenant AND role.key = 'rep'",
    "INSERT INTO account (tenant_id, id, name, name_norm, owner_id, lifecycle) SELECT :tenant, pg_temp.id('a', n), "
    "'Account ' || n, 'account ' || n, pg_temp.id('d', 1 + n % :reps), (ARRAY['prospect', 'customer'])[1 + n % 2] "
    "FROM generate_series(1, :accounts) n",
    "INSERT INTO person (tenant_id, id, account_id, name, name_norm, owner_id) SELECT :tenant, pg_temp.id('b', n), "
    "pg_temp.id('a', n), 'Person ' || n, 'person ' || n, pg_temp.id('d', 1 + n % :reps) "
    "FROM generate_series(1, :accounts) n",
    "INSERT INTO opportunity (tenant_id, id, name, name_norm, account_id, pipeline_id, stage_id, probability, "
    "amount_minor, currency, owner_id) SELECT :tenant, pg_temp.id('c', n), 'Deal ' || n, 'deal ' || n, "
    "pg_temp.id('a', n), stage.pipeline_id, stage.id, stage.probability, n % 977 * 10000, 'USD', "
    "pg_temp.id('d', 1 + n % :reps) FROM generate_series(1, :accounts) n, LATERAL (SELECT * FROM stage "
    "WHERE stage.tenant_id = :tenant AND stage.kind = 'open' ORDER BY position LIMIT 1) stage",
    "INSERT INTO score (tenant_id, subject_kind, subject_id, value, band, raw, as_of) SELECT :tenant, 'person', "
    "pg_temp.id('b', n), n % 100, 'cool', ARRAY[0, 0, 0], now() FROM generate_series(1, :accounts) n",
    "INSERT INTO action (tenant_id, id, kind, title, state, account_id, person_id, opportunity_id, assignee_id, "
    "source, reasons, evidence, due_to, effort_minutes, created_at) SELECT :tenant, pg_temp.id('e', n), "
    "(ARRAY['call', 'email', 'task'])[1 + n % 3], 'Action ' || n, 'proposed', pg_temp.id('a', a), pg_temp.id('b', a), "
    "CASE WHEN n % 2 = 0 THEN pg_temp.id('c', a) END, pg_temp.id('d', 1 + a % :reps), 'rule', "
    "'[\"Opened the proposal\"]', "
    "'[\"01a00000-0000-7000-8e00-000000000001\"]', now() + (random() * 20 - 10) * interval '1 day', 5 + n % 4 * 5, "
    "now() - random() * interval '10 days' FROM (SELECT n, 1 + n % :accounts AS a FROM generate_series(1, :open) n) s",
    "INSERT INTO action (tenant_id, id, kind, title, state, account_id, assignee_id, closed_at, success, created_at) "
    "SELECT :tenant, pg_temp.id('f', n), (ARRAY['call', 'email', 'task'])[1 + n % 3], 'Action ' || n, 'done', "
    "pg_temp.id('a', 1 + n % :accounts), pg_temp.id('d', 1 + n % :reps), now() - random() * interval '90 days', "
    "n % 3 = 0, now() - interval '100 days' FROM generate_series(1, :open * 3 / 10) n",
)


def measure(*, quick: bool) -> list[Figure]:
    """The p95 of each page, the slowest of the worklist told by its name."""
    number, times = (OPEN // 10, 40) if quick else (OPEN, 200)
    with tempfile.TemporaryDirectory() as folder, migrated(Path(folder)):
        made = identity.create_tenant(
            name="Bench", slug="bench", admin_email="admin@bench.example", admin_password="a long pass phrase 7"
        )
        reps = REPS if not quick else REPS // 10
        tenant = made.tenant_id
        fill(tenant, number, reps)
        with tenant_session(tenant) as session:
            narrow = session.connection().execute(text("SELECT id FROM membership WHERE name = 'Rep 7'")).scalar_one()
            boss = (
                session.connection().execute(text("SELECT id FROM membership WHERE email <> '' LIMIT 1")).scalar_one()
            )
            found = {name: identity.acting_member(session, one) for name, one in (("rep", narrow), ("manager", boss))}
        took = _timed(tenant, found["rep"], found["manager"], times)
    nothing = took.pop("nothing")
    today = took.pop("today")
    worst = max(took, key=lambda name: took[name])
    return [
        Figure("26", f"worklist by {worst}, {number:,} open actions, p95", nothing, took[worst], "ms", 25.0),
        Figure("26", f"Today, {number:,} open actions, p95", nothing, today, "ms", 25.0),
    ]


def fill(tenant: UUID, number: int, reps: int) -> None:
    """Fill a tenant with so many open actions and what they are about, and rank them."""
    with tenant_session(tenant) as session:
        crm.pipelines(session)  # the usual one is made when it is first asked for
    with owner_engine().begin() as connection:
        for statement in FILL:
            given = {"tenant": tenant, "open": number, "accounts": number // 5, "reps": reps}
            connection.execute(text(statement), given)
    with tenant_session(tenant) as session:
        levels = dict.fromkeys(("account", "person", "opportunity"), "own")
        identity.set_role_scope(session, identity.system_actor(tenant), key="rep", levels=levels)
    after = None
    while True:
        with tenant_session(tenant) as session:
            after = actions.rerank(session, at=clock.now(), after=after)
        if after is None:
            break
    with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE account, person, opportunity, score, action, delegation"))


def _timed(tenant: UUID, rep: Actor, manager: Actor, times: int) -> dict[str, float]:
    """The p95 of each reading in milliseconds, in turns, so that each has the same machine."""
    asked: dict[str, Callable[[Any], object]] = {
        "nothing": lambda session: session.connection().execute(text("SELECT 1")).scalar_one(),
        "today": lambda session: actions.today(session, rep, at=clock.now()),
    }
    for sort in (Sorts.WORTH, Sorts.DUE, Sorts.CREATED, Sorts.ACCOUNT):
        asked[f"{sort} of a rep who sees their own"] = _page(rep, Query(sort=sort))
    asked["overdue of a rep"] = _page(rep, Query(view=Views.OVERDUE))
    asked["worth of a team of all"] = _page(manager, Query(view=Views.TEAM))
    asked["overdue of a team of all"] = _page(manager, Query(view=Views.OVERDUE, team=True))
    asked["worth of what is nobody's"] = _page(manager, Query(view=Views.UNASSIGNED))
    took: dict[str, list[float]] = {name: [] for name in asked}
    for time_ in range(times + 3):
        for name, ask in asked.items():
            began = time.perf_counter()
            with tenant_session(tenant, reader=manager if "all" in name else rep) as session:
                ask(session)
            if time_ >= 3:
                took[name].append((time.perf_counter() - began) * 1e3)
    return {name: p95(values) for name, values in took.items()}


def _page(actor: Actor, query: Query) -> Callable[[Any], object]:
    return lambda session: actions.worklist(session, actor, query=query, at=clock.now())
