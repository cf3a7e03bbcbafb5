"""What every command stands on: the data folder, the servers, a schema that fits this code."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from salescompass.cli.output import Refused, say

if TYPE_CHECKING:
    from salescompass.kit.embedded import Lock
    from salescompass.kit.settings import Settings


def _folder(value: str) -> Path:
    # An empty path would be the folder we are in.
    if not value.strip():
        raise typer.BadParameter("It is empty: name a folder, or leave --data out.")
    return Path(value)


Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The data folder; SALESCOMPASS_DATA or .data by default.",
        parser=_folder,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def use_data(data: Path | None) -> "Settings":
    """The settings, for the data folder that was asked for."""
    from salescompass.kit.settings import settings

    if data is not None:
        os.environ["SALESCOMPASS_DATA"] = str(data.absolute())
    settings.cache_clear()
    return settings()


def run_lock(data: Path) -> "Lock":
    """Held by `run` for as long as it is up; its text is the address it serves."""
    from salescompass.kit.embedded import Lock
    from salescompass.kit.embedded.ground import Ground

    Ground(data, say).prepare()
    return Lock(data / "run" / "run.lock")


def refuse_while_running(data: Path, what: str) -> "Lock":
    """Take the place of `run`, so that it cannot start meanwhile; refuses while it is up."""
    lock = run_lock(data)
    if not lock.try_exclusive():
        address = lock.noted() or "another process"
        raise Refused(f"{what} is refused while `run` is up ({address}): stop it first.", code="running")
    return lock


@contextmanager
def house(data: Path | None, *, schema: bool = True) -> Iterator["Settings"]:
    """Servers that answer and a database that fits this code, for the length of one command."""
    from salescompass.cli.schema import fit
    from salescompass.kit import child, database
    from salescompass.kit.embedded import servers
    from salescompass.kit.observability import configure_logging
    from salescompass.kit.settings import settings

    told = use_data(data)
    configure_logging(json=False)
    child.adopt_orphans()
    own = bool(told.database_url)
    if own:
        need_all_addresses(told)
    try:
        with servers(told.data, say) as addresses:
            os.environ.update(addresses)
            settings.cache_clear()
            try:
                if schema:
                    fit(own=own)
                yield settings()
            finally:
                database.dispose()
    finally:
        _reap()


def need_all_addresses(told: "Settings") -> None:
    """With a database of one's own all three addresses are needed."""
    for name, url in (
        ("DATABASE_SYSTEM_URL", told.database_system_url),
        ("DATABASE_OWNER_URL", told.database_owner_url),
    ):
        if not url:
            raise Refused(f"DATABASE_URL is set, so {name} must be set too (see docs/operations.md).", code="setting")


def _reap() -> None:
    """Collect what our servers left to us, so that no defunct process remains where nobody collects them."""
    deadline = time.monotonic() + 2
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.01)
