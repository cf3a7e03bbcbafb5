"""The SQL that keeps tenants apart: policies and grants, as migrations apply them.

A policy reads one setting, in a sub-select so that the planner evaluates it once, and without a default: a session
that chose no tenant gets an error, never rows.
"""

from __future__ import annotations

from collections.abc import Iterable

APP, SYSTEM, AUDIT = "sc_app", "sc_system", "sc_audit"
MINE = "tenant_id = (SELECT current_setting('app.tenant_id')::uuid)"


def forced(table: str, *, condition: str = MINE) -> list[str]:
    """Row-level security on a table or partition, also for its owner, for reading and writing."""
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY tenant_isolation ON "{table}" USING ({condition}) WITH CHECK ({condition})',
    ]


def granted(table: str, role: str, rights: str = "SELECT, INSERT, UPDATE, DELETE") -> list[str]:
    """Rights of a role on a table."""
    return [f'GRANT {rights} ON "{table}" TO {role}']


def across_tenants(table: str, rights: str) -> list[str]:
    """The cross-tenant role sees the rows of all tenants of this table, with these rights."""
    return [
        f'CREATE POLICY across_tenants ON "{table}" TO {SYSTEM} USING (true) WITH CHECK (true)',
        *granted(table, SYSTEM, rights),
    ]


def tenant_table(table: str, *, rights: str = "SELECT, INSERT, UPDATE, DELETE") -> list[str]:
    """A table of the tenants: forced policy, and rights for the application role."""
    return [*forced(table), *granted(table, APP, rights), *granted(table, AUDIT, "SELECT")]


def system_table(table: str, *, rights: str = "SELECT, INSERT, UPDATE, DELETE") -> list[str]:
    """A table only the cross-tenant role reads: nothing for the application role."""
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        *across_tenants(table, rights),
    ]


def flat(groups: Iterable[list[str]]) -> list[str]:
    """All statements in order."""
    return [statement for group in groups for statement in group]
