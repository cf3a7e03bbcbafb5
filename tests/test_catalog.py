"""What the database itself says about the walls between tenants (every table, every partition, every role)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from salescompass.kit import migrations, partitions
from salescompass.kit.database import app_engine, owner_engine, system_engine
from salescompass.models import Table

SYSTEM_TABLES = {
    "session": "SELECT, INSERT, UPDATE, DELETE",
    "reset_token": "SELECT, INSERT, UPDATE, DELETE",
    "user": "SELECT, INSERT, UPDATE, DELETE",
    "device": "SELECT, INSERT, UPDATE, DELETE",
    "tenant": "SELECT, INSERT, UPDATE, DELETE",
    "schedule_lock": "SELECT, INSERT, UPDATE, DELETE",
    "membership": "SELECT, INSERT, UPDATE",
    "api_key": "SELECT, UPDATE",
    "outbox": "SELECT",
}
# Unique across tenants on purpose: 256-bit hashes that are looked up before the tenant is known.
GLOBAL_UNIQUES = {
    "api_key_key_hash_key",
    "session_token_hash_key",
    "session_previous_hash_key",
    "reset_token_token_hash_key",
}
# Keys to what has no tenant: the global identity, and the tenant itself.
GLOBAL_TARGETS = {"user", "tenant"}
TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r','p') AND n.nspname = 'public' AND c.relname <> 'alembic_version'"
)


@pytest.fixture
def catalog(servers: dict[str, str]):  # type: ignore[no-untyped-def]
    with owner_engine().connect() as connection:
        yield connection


def _tables(catalog: Connection) -> list[str]:
    return [name for (name,) in catalog.execute(text(TABLES))]


def _with_tenant(catalog: Connection) -> list[str]:
    having = "EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')"
    return [name for (name,) in catalog.execute(text(f"{TABLES} AND {having}"))]


def test_every_table_and_partition_with_a_tenant_forces_its_policy(catalog: Connection) -> None:
    flags = {
        name: (enabled, forced)
        for name, enabled, forced in catalog.execute(
            text("SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind IN ('r','p')")
        )
    }
    tables = _with_tenant(catalog)
    assert sum(name.startswith("event_m") for name in tables) >= 51, "partitions are part of this test"
    assert [name for name in tables if flags[name] != (True, True)] == []
    policies = {
        name: (using, check)
        for name, using, check in catalog.execute(
            text("SELECT tablename, qual, with_check FROM pg_policies WHERE policyname = 'tenant_isolation'")
        )
    }
    for name in set(tables) - {"session", "reset_token"}:
        using, check = policies[name]
        assert "current_setting('app.tenant_id'::text)" in using, name
        assert "true" not in using, name
        assert using == check, name


def test_no_policy_opens_a_table_but_to_the_cross_tenant_role(catalog: Connection) -> None:
    open_ones = catalog.execute(
        text("SELECT tablename, roles::text, qual FROM pg_policies WHERE policyname <> 'tenant_isolation'")
    ).all()
    assert {(name, roles) for name, roles, _ in open_ones} == {(name, "{sc_system}") for name in SYSTEM_TABLES}


def test_roles_cannot_pass_policies_by(catalog: Connection) -> None:
    rows = catalog.execute(
        text(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles "
            "WHERE rolname LIKE 'sc\\_%'"
        )
    )
    roles = {name: rights for name, *rights in rows}
    assert set(roles) == {"sc_owner", "sc_app", "sc_system", "sc_audit"}
    for name in ("sc_app", "sc_system", "sc_audit"):
        assert roles[name] == [False, False, False, False], name
    owned = catalog.execute(
        text(
            "SELECT relname FROM pg_class WHERE relowner::regrole::text IN ('sc_app', 'sc_system', 'sc_audit') "
            "AND relpersistence <> 't'"
        )
    ).all()
    assert owned == []


def test_rights_are_exactly_those_meant(catalog: Connection) -> None:
    rows = catalog.execute(
        text(
            "SELECT table_name, grantee, string_agg(privilege_type, ', ' ORDER BY CASE privilege_type "
            "WHEN 'SELECT' THEN 1 WHEN 'INSERT' THEN 2 WHEN 'UPDATE' THEN 3 ELSE 4 END) "
            "FROM information_schema.role_table_grants "
            "WHERE table_schema = 'public' AND grantee LIKE 'sc\\_%' AND grantee <> 'sc_owner' GROUP BY 1, 2"
        )
    )
    rights = {(table, role): granted for table, role, granted in rows}
    assert {table: granted for (table, role), granted in rights.items() if role == "sc_system"} == SYSTEM_TABLES
    app = {table: granted for (table, role), granted in rights.items() if role == "sc_app"}
    without_tenant = set(_tables(catalog)) - set(_with_tenant(catalog))
    assert {table for table in app if table in without_tenant} == {"feature_flag"}
    assert app["feature_flag"] == "SELECT"
    assert app["audit_log"] == app["audit_seal"] == "SELECT, INSERT"
    assert not {"session", "reset_token", "user", "device", "tenant"} & set(app)
    audit = {granted for (_, role), granted in rights.items() if role == "sc_audit"}
    assert audit == {"SELECT"}


def test_no_view_and_no_function_passes_a_policy_by(catalog: Connection) -> None:
    views = catalog.execute(
        text(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
            "AND c.relkind IN ('v','m') AND NOT coalesce(c.reloptions::text LIKE '%security_invoker=true%', false)"
        )
    ).all()
    definers = catalog.execute(
        text(
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname = 'public' AND prosecdef"
        )
    ).all()
    assert (views, definers) == ([], [])


def test_uniques_and_foreign_keys_carry_the_tenant(catalog: Connection) -> None:
    rows = catalog.execute(
        text(
            "SELECT x.relname, t.relname, array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.oid "
            "AND a.attnum = ANY(i.indkey)) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid "
            "JOIN pg_class t ON t.oid = i.indrelid WHERE i.indisunique AND t.relname = ANY(:tables)"
        ),
        {"tables": _with_tenant(catalog)},
    )
    loose = {name for name, table, columns in rows if "tenant_id" not in columns}
    assert loose == GLOBAL_UNIQUES | {"session_pkey", "reset_token_pkey"}
    keys = catalog.execute(
        text(
            "SELECT k.conname, f.relname, array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.oid "
            "AND a.attnum = ANY(k.conkey)) FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid "
            "JOIN pg_class f ON f.oid = k.confrelid WHERE k.contype = 'f' AND t.relname = ANY(:tables)"
        ),
        {"tables": _with_tenant(catalog)},
    )
    for name, target, columns in keys:
        assert "tenant_id" in columns or target in GLOBAL_TARGETS, name


def test_models_and_migrations_describe_the_same_schema(catalog: Connection) -> None:
    def ours(item: object, name: str | None, kind: str, reflected: bool, _: object) -> bool:
        return not (kind == "table" and reflected and name is not None and name.startswith(("event_y", "event_m")))

    context = MigrationContext.configure(catalog, opts={"include_object": ours, "compare_type": False})
    assert compare_metadata(context, Table.metadata) == []
    assert migrations.current(catalog) == migrations.head()


def test_partitions_cover_every_day_that_may_be_recorded(catalog: Connection) -> None:
    today = date.today()
    there = sorted(partitions.covered(catalog, "event"))
    assert there[0][0] == date(2010, 1, 1)
    assert there[-1][1] >= partitions.months_after(today, 4)
    assert all(end == start for (_, end), (start, _) in pairwise(there))
    assert partitions.ensure(catalog, today) == []


def test_maintenance_adds_the_months_that_are_missing(catalog: Connection) -> None:
    later = date(date.today().year + 5, 7, 1)
    made = partitions.ensure(catalog, later)
    assert f"event_m{later.year}10" in made
    forced = catalog.execute(
        text("SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname = ANY(:made)"), {"made": made}
    ).scalar()
    catalog.rollback()
    assert forced is True


def test_the_roles_sign_in_as_themselves(servers: dict[str, str]) -> None:
    for engine, role in ((app_engine(), "sc_app"), (system_engine(), "sc_system"), (owner_engine(), "sc_owner")):
        with engine.connect() as connection:
            assert connection.execute(text("SELECT current_user")).scalar() == role
