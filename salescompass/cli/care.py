"""migrate, doctor, backup, restore, maintenance, flag: looking after an installation."""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from salescompass.cli.house import Data, Json, house, refuse_while_running, use_data
from salescompass.cli.output import FAILED, Refused, show

Passphrase = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help="A file with the pass phrase of the secret key; or SALESCOMPASS_BACKUP_PASSPHRASE.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add this family to the command."""
    app.command(epilog="Example: ./compass migrate --data /srv/salescompass")(migrate)
    app.command(epilog="Example: ./compass doctor --json")(doctor)
    app.command(epilog="Example: ./compass backup /backups/monday.compass --passphrase-file phrase.txt")(backup)
    app.command(epilog="Example: ./compass restore /backups/monday.compass --passphrase-file phrase.txt")(restore)
    app.command(epilog="Example: ./compass maintenance")(maintenance)
    app.command(epilog="Example: ./compass flag new-feed --percent 20")(flag)


def migrate(data: Data = None, as_json: Json = False) -> None:
    """Bring the database to what this version needs."""
    told = use_data(data)
    with house(data, schema=False), ExitStack() as held:
        from salescompass.cli.schema import contracting_revisions
        from salescompass.kit import migrations

        if contracting_revisions():
            held.callback(refuse_while_running(told.data, "This migration takes something away and").release)
        reached = migrations.upgrade()
    show({"revision": reached}, f"The database is at {reached}.", as_json=as_json)


def doctor(data: Data = None, as_json: Json = False) -> None:
    """Look at versions, connections, migrations, queues, audit chains and disk, and say how to mend what is wrong."""
    from salescompass.cli.doctor import examine, lines_of

    told = use_data(data)
    found = examine(data, told)
    healthy = all(one.state != "wrong" for one in found)
    show({"healthy": healthy, "checks": [vars(one) for one in found]}, lines_of(found), as_json=as_json)
    if not healthy:
        raise typer.Exit(FAILED)


def _passphrase_given() -> str | None:
    name = "SALESCOMPASS_BACKUP_PASSPHRASE"
    given = os.environ.get(name) or None
    if given and not given.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in given):
        raise Refused(f"{name} is not text in UTF-8.", code="usage", field=name)
    return given


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return _passphrase_given()
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.", code="usage", field="passphrase_file") from None
    except UnicodeDecodeError:
        raise Refused(f"{file} is not text in UTF-8.", code="usage", field="passphrase_file") from None
    if not text:
        raise Refused(f"{file} is empty.", code="usage", field="passphrase_file")
    return text


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    passphrase_file: Passphrase = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write database and facts to verify it by to one file; may be done while `run` is up."""
    from salescompass.cli.backup import check_target, write_backup

    passphrase = _passphrase(passphrase_file)
    check_target(file.absolute())
    with house(data):
        manifest = write_backup(file.absolute(), passphrase=passphrase)
    counts = manifest["facts"]["counts"]
    key = "sealed with the pass phrase" if passphrase else "left out (name a pass phrase to have it sealed in)"
    result = {
        "file": str(file.absolute()),
        "bytes": file.stat().st_size,
        "rows": sum(counts.values()),
        "secret_key": key,
    }
    show(result, f"{file}: {result['rows']} rows in {len(counts)} tables. Secret key: {key}.", as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="With a database of your own: overwrite what it holds.")
    ] = False,
    passphrase_file: Passphrase = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring back a backup and verify it: counts, audit chains, policies, rights and roles."""
    from salescompass.cli import restore as restoring

    if not file.is_file():
        raise Refused(f"There is no file {file}.", code="usage", field="file")
    passphrase = _passphrase(passphrase_file)
    told = use_data(data)
    embedded = not told.database_url
    lock = refuse_while_running(told.data, "restore")
    try:
        with house(data):
            from salescompass.kit import migrations

            result = restoring.restore(
                file.absolute(),
                told.data,
                embedded=embedded,
                replace=replace,
                passphrase=passphrase,
            )
            migrations.upgrade()
    finally:
        lock.release()
    show(
        result,
        f"Restored and verified: {result['rows']} rows, {result['chains']} audit chains. "
        f"Secret key: {result['secret_key']}.",
        as_json=as_json,
    )


def maintenance(data: Data = None, as_json: Json = False) -> None:
    """Make the partitions of the coming months and count what lost its partner; `run` does it daily."""
    with house(data):
        from salescompass.cli.upkeep import keep_up

        result = keep_up()
    lines = f"{len(result['partitions'])} partitions made, {result['orphans']} orphans."
    show(result, lines, as_json=as_json)
    if result["orphans"]:
        raise typer.Exit(FAILED)


def flag(
    key: Annotated[str, typer.Argument(help="The flag's name.")],
    on: Annotated[bool | None, typer.Option("--on/--off", help="Switch it for everybody.")] = None,
    percent: Annotated[int | None, typer.Option(help="On for this share of members.", min=0, max=100)] = None,
    kill: Annotated[bool | None, typer.Option("--kill/--revive", help="Off everywhere, whatever else is set.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show or switch a feature flag for the whole installation; tenants' own choices are on their Admin page."""
    with house(data):
        from salescompass import identity

        state = identity.set_global_flag(key, enabled=on, percent=percent, killed=kill)
    result = {"key": key, "enabled": state.enabled, "percent": state.percent, "killed": state.killed}
    line = "killed" if state.killed else f"on for {state.percent} %" if state.enabled else "off"
    show(result, f"{key}: {line}.", as_json=as_json)
