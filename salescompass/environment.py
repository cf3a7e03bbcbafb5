"""Keeps .venv as the requirements say, then hands over to `python -m salescompass.cli`.

Started by ./compass as a script, before anything is installed: only the standard library may be used here.
"""

import fcntl
import hashlib
import os
import platform
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "install.log"
_NEEDS_TESTS = ("test", "bench")


class CannotSetUp(Exception):
    """One sentence that says why the environment cannot be made."""


def main(arguments: list[str]) -> NoReturn:
    """Set up what the command needs, then become the command."""
    try:
        _check_machine()
        set_up("dev" if arguments[:1] and arguments[0] in _NEEDS_TESTS else "run")
    except CannotSetUp as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"SalesCompass could not be set up: {error.strerror} ({error.filename or VENV}).", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    hand_over(arguments)


def hand_over(arguments: list[str]) -> NoReturn:
    """Become `python -m salescompass.cli`, on the environment's Python."""
    environment = dict(os.environ)
    before = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = f"{CHECKOUT}{os.pathsep}{before}" if before else str(CHECKOUT)
    environment.pop("PYTHONHOME", None)
    sys.stdout.flush()
    os.execve(PYTHON, [str(PYTHON), "-P", "-m", "salescompass.cli", *arguments], environment)  # noqa: S606


def _check_machine() -> None:
    if sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"):
        raise CannotSetUp(
            f"SalesCompass runs on Linux on x86-64 and aarch64; this is {sys.platform} on {platform.machine()}."
        )


def set_up(kind: str) -> None:
    """Make .venv and install, unless both were done for these very requirements."""
    if _is_done(kind):
        _check_usable()
        return
    _check_writable()
    with _alone():
        if _is_done(kind):
            return
        _make_venv()
        _install(kind)
        for done in ("run", "dev") if kind == "dev" else ("run",):
            _stamp(done).write_text(_wanted(done), encoding="utf-8")


def _files(kind: str) -> list[Path]:
    names = ["constraints.txt", "requirements.txt"] + (["requirements-dev.txt"] if kind == "dev" else [])
    return [CHECKOUT / name for name in names]


def _wanted(kind: str) -> str:
    digest = hashlib.sha256()
    for path in _files(kind):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def _is_done(kind: str) -> bool:
    try:
        return _stamp(kind).read_text(encoding="utf-8") == _wanted(kind)
    except OSError:
        return False


def _check_usable() -> None:
    if not os.access(PYTHON, os.X_OK):
        owner = _owner(VENV)
        raise CannotSetUp(
            f"{VENV} was made by {owner} with a Python that you cannot run: use SalesCompass as {owner},"
            " or clone it into a folder of your own."
        )


def _check_writable() -> None:
    place = VENV if VENV.exists() else CHECKOUT
    if not os.access(place, os.W_OK | os.X_OK):
        owner = _owner(place)
        raise CannotSetUp(
            f"{place} belongs to {owner} and must be set up by {owner} first: run ./compass as {owner},"
            " or clone SalesCompass into a folder of your own."
        )


def _owner(path: Path) -> str:
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


@contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time: a kernel lock on the checkout's folder, gone with whoever holds it."""
    descriptor = os.open(CHECKOUT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another ./compass to finish installing ...")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_venv() -> None:
    works = PYTHON.exists() and _runs([str(PYTHON), "-c", "import pip"])
    if works:
        return
    _say("Making .venv ...")
    maker = sys.executable
    if Path(sys.prefix) == VENV:
        # We are running on the environment that is to be made anew.
        maker = getattr(sys, "_base_executable", "") or shutil.which("python3") or sys.executable
    made = subprocess.run([maker, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        lines = (made.stderr or made.stdout).strip().splitlines() or ["it said nothing"]
        raise CannotSetUp(f"Python could not make .venv: {lines[-1]}")


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _install(kind: str) -> None:
    _say("Installing Python packages (a few minutes the first time) ...")
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--progress-bar=off", "--prefer-binary"]
    command += ["-r", str(_files(kind)[-1])]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    environment.pop("PYTHONPATH", None)
    lines: list[str] = []
    with (
        LOG.open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
        ) as pip,
    ):
        assert pip.stdout is not None
        _follow(pip.stdout, log.write, lines)
    if pip.returncode != 0:
        reasons = [line for line in lines if line.startswith("ERROR:")] or lines[-1:] or ["ERROR: pip said nothing"]
        raise CannotSetUp(f"pip could not install the packages: {reasons[-1][6:].strip()} (all of it: {LOG})")


def _follow(output: Iterator[str], write: Callable[[str], object], lines: list[str]) -> None:
    """Keep what pip says in the log, and show every few seconds how far it is."""
    began = said = time.monotonic()
    collected = 0
    expected = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").count("==")
    for line in output:
        write(line)
        lines.append(line.rstrip())
        collected += line.startswith("Collecting ")
        now = time.monotonic()
        if line.startswith("Installing collected"):
            _say(f"  {collected} packages fetched, now installing ({now - began:.0f} s) ...")
        elif now - said > 5:
            said = now
            _say(f"  {collected} of about {expected} packages ({now - began:.0f} s) ...")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
