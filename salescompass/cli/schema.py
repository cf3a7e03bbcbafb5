"""Whether the database fits this code, and what the pending revisions mean."""

from salescompass.cli.output import Refused, say


def fit(*, own: bool) -> None:
    """Make the schema in a new embedded database; anything else that does not fit is for `migrate`."""
    from salescompass.kit import migrations

    at = current()
    if at == migrations.head():
        return
    if at is None and not own:
        say("Making the tables ...")
        migrations.upgrade()
        return
    if at is not None and not _known(at):
        raise Refused(
            f"The database is at {at}, which is newer than this version: use the version it came from.",
            code="newer_database",
        )
    raise Refused(
        f"The database is at {at or 'nothing'}, this version needs {migrations.head()}: run ./compass migrate first.",
        code="migrate",
    )


def current() -> str | None:
    """The database's revision, None for an empty one."""
    from salescompass.kit import migrations
    from salescompass.kit.database import owner_engine

    with owner_engine().connect() as connection:
        return migrations.current(connection)


def contracting_revisions() -> list[str]:
    """Pending revisions that say `contracting = True`: older code could not work beside them."""
    from alembic.script import ScriptDirectory

    from salescompass.kit import migrations
    from salescompass.kit.settings import CHECKOUT

    at = current()
    if at == migrations.head() or (at is not None and not _known(at)):
        return []
    scripts = ScriptDirectory(str(CHECKOUT / "alembic")).iterate_revisions("head", at or "base")
    return [script.revision for script in scripts if getattr(script.module, "contracting", False)]


def _known(revision: str) -> bool:
    from alembic.script import ScriptDirectory

    from salescompass.kit.settings import CHECKOUT

    scripts = ScriptDirectory(str(CHECKOUT / "alembic"))
    return revision in {script.revision for script in scripts.walk_revisions()}
