"""What must be the same after a restore: counts, heads of the audit chains, policies, rights, roles."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

_DIGESTS = {
    "policies": "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
    " WHERE schemaname = 'public' ORDER BY 1, 2",
    "row_security": "SELECT relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') ORDER BY 1",
    "rights": "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
    " WHERE table_schema = 'public' AND grantee LIKE 'sc\\_%' ORDER BY 1, 2, 3",
    "roles": "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'sc\\_%' ORDER BY 1",
}
_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    " AND NOT relispartition ORDER BY 1"
)
_HEADS = (
    "SELECT DISTINCT ON (tenant_id) tenant_id::text, seq, encode(hash, 'hex') FROM audit_seal"
    " ORDER BY tenant_id, seq DESC"
)


def gather(connection: "psycopg.Connection[Any]") -> dict[str, Any]:
    """The facts of the database this connection (as its owner) sees."""
    from psycopg import sql

    tables = [row[0] for row in connection.execute(_TABLES)]
    counts = {}
    for table in tables:
        counted = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        counts[table] = counted[0] if counted else 0
    found: dict[str, Any] = {"counts": counts, "heads": {}}
    if "audit_seal" in tables:
        found["heads"] = {row[0]: [row[1], row[2]] for row in connection.execute(_HEADS)}
    if "alembic_version" in tables:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        found["revision"] = revision[0] if revision else None
    for name, statement in _DIGESTS.items():
        rows = connection.execute(statement.encode()).fetchall()
        found[name] = hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """One line for each fact that is not the same."""
    wrong = []
    for table in sorted({*before["counts"], *after["counts"]}):
        old, new = before["counts"].get(table), after["counts"].get(table)
        if old != new:
            wrong.append(f"{table}: {old} rows were backed up, {new} were restored")
    wrong += [f"the audit chain of tenant {tenant} ends elsewhere" for tenant in _unequal(before, after, "heads")]
    wrong += [f"{name.replace('_', ' ')} are not the same" for name in _DIGESTS if before.get(name) != after.get(name)]
    return wrong


def _unequal(before: dict[str, Any], after: dict[str, Any], part: str) -> list[str]:
    old, new = before[part], after[part]
    return sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
