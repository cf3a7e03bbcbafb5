"""The restore: into a database beside the old one, verified there, and only then in its place."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from salescompass.cli import backup, facts
from salescompass.cli.output import Failed, Refused, say
from salescompass.kit.embedded import Postgres
from salescompass.kit.embedded.ground import Ground
from salescompass.kit.embedded.postgres import DATABASE, OWNER

_FRESH, _OLD = "salescompass_restored", "salescompass_before_restore"


def restore(source: Path, data: Path, *, embedded: bool, replace: bool, passphrase: str | None) -> dict[str, Any]:
    """Bring back what `source` holds; returns what was restored. Nothing is changed unless it verifies."""
    with backup.unpacked(source) as (manifest, dump, sealed):
        key = _unsealed(sealed, passphrase)
        if embedded:
            _restore_beside(manifest, dump, Postgres(Ground(data, say)))
        else:
            _restore_in_place(manifest, dump, replace=replace)
    _set_heads_aside(data)
    kept = _keep_key(key, data)
    return {
        "restored": True,
        "made_at": manifest["made_at"],
        "rows": sum(manifest["facts"]["counts"].values()),
        "chains": len(manifest["facts"]["heads"]),
        "secret_key": kept,
    }


def _unsealed(sealed: str | None, passphrase: str | None) -> str | None:
    from salescompass.kit.sealed import WrongPassphrase, unseal

    if sealed is None or passphrase is None:
        return None
    try:
        return unseal(sealed, passphrase)
    except WrongPassphrase:
        raise Refused("The pass phrase does not open this backup's secret key.", code="passphrase") from None


def _verify(manifest: dict[str, Any], found: dict[str, Any]) -> None:
    wrong = facts.differences(manifest["facts"], found)
    if wrong:
        raise Failed(f"The restore does not match the backup, so nothing was changed: {'; '.join(wrong[:5])}.")


def _restore_beside(manifest: dict[str, Any], dump: Path, server: Postgres) -> None:
    import psycopg
    from psycopg import sql

    fresh, old, current = sql.Identifier(_FRESH), sql.Identifier(_OLD), sql.Identifier(DATABASE)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as admin:
        admin.execute(drop.format(fresh))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(fresh, sql.Identifier(OWNER)))
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(fresh))
        try:
            _verify(manifest, backup.load(dump, server.url(OWNER, _FRESH)))
        except BaseException:
            admin.execute(drop.format(fresh))
            raise
        admin.execute(drop.format(old))
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        _forget_connections()
        # Both names change at once, so that a kill leaves the old database or the new, never none.
        with admin.transaction():
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [DATABASE])
            admin.execute(rename.format(current, old))
            admin.execute(rename.format(fresh, current))
    say(f"What was there before is kept as the database {_OLD} until the next restore.")


def _restore_in_place(manifest: dict[str, Any], dump: Path, *, replace: bool) -> None:
    import psycopg

    url = backup.owner_url()
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT EXISTS (SELECT 1 FROM tenant)").fetchone()
        if row and row[0] and not replace:
            raise Refused(
                "The database holds tenants: restore into an empty one, or add --replace to lose them.",
                code="not_empty",
            )
        _forget_connections()
        with connection.transaction():
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    _verify(manifest, backup.load(dump, url))


def _forget_connections() -> None:
    from salescompass.kit import database

    database.owner_engine().dispose()
    database.dispose()


def _set_heads_aside(data: Path) -> None:
    """The heads noted outside the database are ahead of an older database: they start anew with it."""
    heads = data / "audit-heads.log"
    if heads.exists():
        heads.rename(data / f"audit-heads-until-{datetime.now(UTC):%Y%m%d-%H%M%S}.log")


def _keep_key(key: str | None, data: Path) -> str:
    """Put the backup's secret key in place; tells what became of it."""
    if key is None:
        return "left out; links and sessions of the backup remain good, for nothing is signed with it"
    path = data / "secret-key"
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(key + "\n", encoding="utf-8")
    draft.replace(path)
    return "restored"
