"""test and bench: what a change must pass, and the figures of the product."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Self

import typer

from salescompass.cli.house import Data
from salescompass.kit.settings import CHECKOUT

_PROCESSES = ("tests/machinery", "tests/process")
# What starts, kills and awaits whole programs mostly waits, and what drives a browser has an event loop of its own.
_PARTS = {
    "rest": ("-m", "not browser", *(f"--ignore={folder}" for folder in _PROCESSES)),
    "processes": ("-m", "not browser", *_PROCESSES),
    "browser": ("-m", "browser"),
}
_PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Add this family to the command."""
    app.command(
        "test",
        context_settings=_PASSED_ON,
        epilog="Example: ./compass test tests/test_tenancy.py -k routes --slow",
    )(run_tests)
    app.command(epilog="Example: ./compass bench --quick --gate")(bench)


def run_tests(
    context: typer.Context,
    slow: Annotated[bool, typer.Option("--slow", help="Also the long ones.")] = False,
    data: Data = None,
) -> None:
    """Run the tests; everything that is no option here goes to pytest."""
    from salescompass.cli.chromium import ensure_chromium

    arguments = [*context.args, *(["--slow"] if slow else [])]
    environment = _clean_environment()
    if not _leaves_browser_out(arguments):
        environment["SALESCOMPASS_CHROMIUM"] = ensure_chromium()
    if data is not None:
        environment["TMPDIR"] = str(data.absolute())
        data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sc-test-") as folder:
        # Whatever a test leaves behind is gone with this folder.
        command = [sys.executable, "-m", "pytest"]
        if set(arguments) <= {"--slow"}:
            code = _side_by_side([*command, *arguments], environment, Path(folder))
        else:
            base = [] if any(part.startswith("--basetemp") for part in arguments) else [f"--basetemp={folder}/t"]
            code = _run([*command, *base, *arguments], environment, CHECKOUT)
    raise typer.Exit(code)


def _side_by_side(command: list[str], environment: dict[str, str], folder: Path) -> int:
    """All tests in three parts, each with servers of its own; told one after the other, the first as it goes."""
    with ExitStack() as stack:
        others = [stack.enter_context(_Part(command, part, environment, folder)) for part in ("processes", "browser")]
        code = _run([*command, f"--basetemp={folder}/t", *_PARTS["rest"]], environment, CHECKOUT)
        for other in others:
            code = other.told() or code
    return code


class _Part:
    """A part of the tests that runs while others do; what it says is kept until it has ended."""

    def __init__(self, command: list[str], name: str, environment: dict[str, str], folder: Path) -> None:
        self._name, self._said = name, folder / f"{name}.out"
        with self._said.open("wb") as output:
            self._process = subprocess.Popen(
                [*command, f"--basetemp={folder}/{name[0]}", *_PARTS[name]],
                env=environment,
                cwd=CHECKOUT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def told(self) -> int:
        """Wait for its end and print what it said; its code."""
        print(f"The {self._name} ...", flush=True)
        code = self._process.wait()
        sys.stdout.write(self._said.read_text(encoding="utf-8", errors="replace"))
        sys.stdout.flush()
        return code


def _leaves_browser_out(arguments: Sequence[str]) -> bool:
    """Whether what was asked for needs no browser, as far as can be told without collecting."""
    if any("not browser" in part for part in arguments):
        return True
    paths = [part.partition("::")[0] for part in arguments if part.startswith("tests/") or part.endswith(".py")]
    return bool(paths) and not any("browser" in path for path in paths)


def _clean_environment() -> dict[str, str]:
    """The environment without this machine's installation: tests have servers and settings of their own."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "REDIS_URL", "SALESCOMPASS_"))
        or name in ("SALESCOMPASS_POSTGRES", "SALESCOMPASS_CHROMIUM")
    }


def _run(command: Sequence[str], environment: dict[str, str], folder: Path) -> int:
    """Run a program in the foreground; Ctrl-C reaches it, and we wait for its end."""
    with subprocess.Popen(command, env=environment, cwd=folder) as process:
        while True:
            try:
                code = process.wait()
                return code if code >= 0 else 128 - code
            except KeyboardInterrupt:
                continue


def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Only these; all of them otherwise.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the size.")] = False,
    gate: Annotated[bool, typer.Option("--gate", help="End with 1 when a ratio misses its gate.")] = False,
    data: Data = None,
) -> None:
    """Measure the product beside the limit of this machine, in the same run, and print the ratios."""
    environment = _clean_environment()
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        environment["TMPDIR"] = str(data.absolute())
    options = [*(names or []), *(["--quick"] if quick else []), *(["--gate"] if gate else [])]
    raise typer.Exit(_run([sys.executable, "-m", "benchmarks", *options], environment, CHECKOUT))
