"""run and worker: the product, and a part of it on another machine."""

import os
import sys
from typing import Annotated

import typer

from salescompass.cli.house import Data, house, use_data
from salescompass.cli.output import failure_of, say


def register(app: typer.Typer) -> None:
    """Add this family to the command."""
    app.command(epilog="Example: ./compass run --host 0.0.0.0 --port 8080 --data /srv/salescompass")(run)
    app.command(epilog="Example: DATABASE_URL=... REDIS_URL=... ./compass worker")(worker)


def run(
    host: Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on [8000].", min=1, max=65535)] = None,
    data: Data = None,
    web: Annotated[int | None, typer.Option(help="Number of web processes [2].", min=1, max=64)] = None,
    workers: Annotated[int | None, typer.Option(help="Number of RQ workers [2].", min=0, max=64)] = None,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Make no demo tenant on the first start.")] = False,
) -> None:
    """Start everything and keep it running until Ctrl-C or SIGTERM."""
    from salescompass.cli import checks
    from salescompass.cli.guard import guarded

    for name, value in (("HOST", host), ("PORT", port), ("WEB", web), ("WORKERS", workers)):
        if value is not None:
            os.environ[f"SALESCOMPASS_{name}"] = str(value)
    told = use_data(data)
    checks.port(told.host, told.port)
    checks.disk(told.data)
    raise typer.Exit(guarded(lambda: _supervised(no_demo=no_demo)))


def _supervised(*, no_demo: bool) -> int:
    """The supervisor's life; every error ends as one line and an exit code."""
    from salescompass.cli import checks
    from salescompass.cli.house import need_all_addresses
    from salescompass.cli.start import supervise
    from salescompass.kit.observability import configure_logging
    from salescompass.kit.settings import settings

    try:
        configure_logging(json=False)
        told = settings()
        if told.database_url:
            need_all_addresses(told)
        checks.own_servers(told)
        return supervise(told, with_demo=not no_demo)
    except Exception as error:
        failure = failure_of(error)
        say(failure.message)
        return failure.exit_code


def worker(data: Data = None) -> None:
    """Run one RQ worker here; the supervisor of `run` starts its own."""
    with house(data):
        import subprocess

        from salescompass.kit import child
        from salescompass.kit.settings import CHECKOUT

        process = child.spawn([sys.executable, "-m", "workers"], cwd=CHECKOUT)
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            try:
                code = process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
    raise typer.Exit(code if code >= 0 else 1)
