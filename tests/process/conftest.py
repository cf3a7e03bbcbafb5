"""Commands as users start them: processes of their own, on real servers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from salescompass.kit.settings import CHECKOUT


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of somebody who has set nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_", "SALES"))}
    return {**kept, "PYTHONPATH": str(CHECKOUT), **more}


def processes_of(data: Path) -> list[str]:
    """The command lines of living processes that belong to a data folder, by their arguments or environment."""
    mark = os.fsencode(data)
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            line = (entry / "cmdline").read_bytes()
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if mark in line or mark in environment:
            found.append(f"{entry.name} {line.replace(bytes(1), b' ').decode(errors='replace')}")
    return found


def wait_until(true: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait for something that is to become true."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain: {what}")
        time.sleep(0.05)


def command(*arguments: str, **environment: str) -> Done:
    """Run `compass ARGUMENTS`, without the installing part."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "salescompass.cli", *arguments],
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def compass(servers: dict[str, str], data_folder: Path) -> Callable[..., Done]:
    """Commands on the servers of this run, which they find running and leave running."""

    def run(*arguments: str, **environment: str) -> Done:
        return command(*arguments, "--data", str(data_folder), **environment)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder of one's own, of which no process may be left."""
    data = tmp_path / "data"
    yield data
    left = processes_of(data)
    for line in left:
        os.kill(int(line.split()[0]), 9)
    shutil.rmtree(data, ignore_errors=True)
    assert not left, left
