"""import and demo: files, or a company made up from a seed, into a tenant."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from salescompass.cli.house import Data, Json, house
from salescompass.cli.output import FAILED, Refused, say, show
from salescompass.cli.tenants import Slug


def register(app: typer.Typer) -> None:
    """Add this family to the command."""
    app.command("import", epilog="Example: ./compass import accounts companies.csv --tenant acme --json")(import_file)
    app.command("export", epilog="Example: ./compass export accounts accounts.xlsx --tenant acme --json")(export_file)
    app.command(epilog="Example: ./compass rebuild --tenant acme --json")(rebuild)
    app.command(epilog="Example: ./compass demo --tenant acme --accounts 200 --events 20000 --seed 1 --json")(demo)


def import_file(
    kind: Annotated[str, typer.Argument(help="users, products, accounts, contacts, leads, opportunities or events.")],
    file: Annotated[Path, typer.Argument(help="A CSV file or an .xlsx workbook.")],
    tenant: Slug,
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="FILE", help="A JSON file that says what each column becomes [found in the header]."
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(help="The field by which a record is known, such as external_id [the surest there is]."),
    ] = None,
    mode: Annotated[str | None, typer.Option(help="insert, update or upsert [upsert].")] = None,
    shift_dates: Annotated[
        str | None,
        typer.Option(metavar="now", help="`now` moves all dates by whole days, so that the newest row is of today."),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring a file into a tenant. The same file twice adds nothing; every row is accounted for."""
    if shift_dates not in (None, "now"):
        raise Refused("--shift-dates takes only the word now.", code="usage", field="shift_dates")
    if mode not in (None, "insert", "update", "upsert"):
        raise Refused("--mode takes insert, update or upsert.", code="usage", field="mode")
    _must_be_file(file, "file")
    told = _map_of(map_file)
    with house(data):
        from salescompass import identity, imports

        mapping = imports.read_map(told)
        mapping = replace(mapping, key=key or mapping.key, mode=mode or mapping.mode)
        tenant_id = identity.tenant_by_slug(tenant).tenant_id
        report = imports.import_file(tenant_id, kind, file, mapping=mapping, shift_dates=shift_dates == "now")
    show(asdict(report), _told(asdict(report)), as_json=as_json)


def export_file(
    kind: Annotated[str, typer.Argument(help="users, products, accounts, contacts, leads, opportunities or events.")],
    file: Annotated[Path, typer.Argument(help="The file to write: .csv, or .xlsx for a workbook.")],
    tenant: Slug,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write what a tenant has to a file. It is understood again by import, which then finds nothing to change."""
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise Refused(f"{file} is no place for a file.", code="usage", field="file")
    with house(data):
        from salescompass import identity, imports
        from salescompass.kit.database import tenant_session

        tenant_id = identity.tenant_by_slug(tenant).tenant_id
        with tenant_session(tenant_id) as session:
            actor = identity.system_actor(tenant_id, "Export")
            report = imports.export_file(session, actor, kind=kind, path=file.absolute())
    show(asdict(report), f"{report.rows:,} {kind} written to {file}.", as_json=as_json)


def _told(result: dict[str, Any]) -> str:
    lines = ", ".join(f"{result[name]} {name}" for name in ("created", "updated", "skipped", "failed"))
    if result["also_created"]:
        lines += f"\nAlso created: {', '.join(f'{n} {what}' for what, n in result['also_created'].items())}"
    if result["ignored_columns"]:
        lines += f"\nColumns that became nothing: {', '.join(result['ignored_columns'])}"
    for what, names in result["unknown"].items():
        lines += f"\nUnknown {what}: {', '.join(f'{name} ({n})' for name, n in names.items())}"
    if result["errors_file"]:
        lines += f"\nThe failed rows, with reasons: {result['errors_file']}"
    return lines


def _must_be_file(file: Path, field: str) -> None:
    if not file.is_file():
        what = "is a folder" if file.is_dir() else "is no regular file" if file.exists() else "does not exist"
        raise Refused(f"There is no file to read: {file} {what}.", code="usage", field=field)


def _map_of(file: Path | None) -> Any:
    if file is None:
        return {"columns": None}
    _must_be_file(file, "map")
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(f"{file} is no JSON: {error}", code="usage", field="map") from None


def rebuild(tenant: Slug, data: Data = None, as_json: Json = False) -> None:
    """Make a tenant's daily counts and scores anew from its events, and check them. Recording waits meanwhile."""
    with house(data):
        from salescompass import identity, scoring
        from salescompass.kit.database import tenant_session

        with tenant_session(identity.tenant_by_slug(tenant).tenant_id) as session:
            done = scoring.rebuild(session)
            right = scoring.verify(session).ok
    result = {"people": done.people, "accounts": done.accounts, "crossings": len(done.crossings), "right": right}
    lines = f"{done.people} people and {done.accounts} accounts scored anew, {len(done.crossings)} changed their band."
    show(result, lines, as_json=as_json)
    if not right:
        raise typer.Exit(FAILED)


def demo(
    tenant: Slug,
    accounts: Annotated[int, typer.Option(help="How many companies.")] = 200,
    events: Annotated[int, typer.Option(help="How many events, over the twelve months before --until.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Another seed, another company; the same one, the same data.")] = 1,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Everything happened before this day (UTC), or this RFC 3339 time [now]."),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Fill a tenant with a believable company to look at or to measure with. The same again adds nothing."""
    ends = _moment(until) if until else None
    with house(data):
        from salescompass import demo, identity

        report = demo.bring_in(
            identity.tenant_by_slug(tenant), accounts=accounts, events=events, seed=seed, until=ends, progress=say
        )
    again = "" if report.created else " All of it was there already."
    line = (
        f"{report.created:,} events written, {report.skipped:,} were there: {report.accounts:,} accounts, "
        f"{report.contacts:,} contacts, the year until {report.until}; {report.seconds:.1f} s.{again}"
    )
    show(asdict(report), line, as_json=as_json)


def _moment(told: str) -> datetime:
    from salescompass.kit.clock import parse_day, parse_rfc3339

    try:
        if len(told) == len("2026-01-31"):
            return datetime.combine(parse_day(told), time(), UTC)
        return parse_rfc3339(told)
    except ValueError:
        raise Refused("--until takes a date like 2026-01-31.", code="usage", field="until") from None
