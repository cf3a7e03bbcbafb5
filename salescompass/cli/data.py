"""import: files into the ledger."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from salescompass.cli.house import Data, Json, house
from salescompass.cli.output import Refused, show
from salescompass.cli.tenants import Slug


def register(app: typer.Typer) -> None:
    """Add this family to the command."""
    app.command(
        "import", epilog="Example: ./compass import events activity.csv --tenant acme --shift-dates now --json"
    )(import_file)


def import_file(
    kind: Annotated[str, typer.Argument(help="What the rows are: events.")],
    file: Annotated[Path, typer.Argument(help="A CSV file.")],
    tenant: Slug,
    shift_dates: Annotated[
        str | None,
        typer.Option(metavar="now", help="`now` moves all dates by whole days, so that the newest row is of today."),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring a CSV file into a tenant. The same file twice adds nothing; every row is accounted for."""
    if shift_dates not in (None, "now"):
        raise Refused("--shift-dates takes only the word now.", code="usage", field="shift_dates")
    if not file.is_file():
        raise Refused(f"There is no file {file}.", code="usage", field="file")
    with house(data):
        from salescompass import identity, imports

        tenant_id = identity.tenant_by_slug(tenant).tenant_id
        report = imports.import_file(tenant_id, kind, file, shift_dates=shift_dates == "now")
    result = asdict(report)
    counts = ("created", "updated", "skipped", "failed")
    lines = ", ".join(f"{result[name]} {name}" for name in counts)
    if result.get("errors_file"):
        lines += f"\nThe failed rows, with reasons: {result['errors_file']}"
    show(result, lines, as_json=as_json)
