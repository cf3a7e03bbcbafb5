"""Servers and instances for benchmarks, each in a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from salescompass.kit import database, embedded, migrations
from salescompass.kit.settings import settings

ROOT = Path(__file__).parents[1]


@contextmanager
def attached(data: Path) -> Iterator[None]:
    """The servers of a folder, running already or not, with their addresses in the environment."""
    before = dict(os.environ)
    os.environ["SALESCOMPASS_DATA"] = str(data)
    settings.cache_clear()
    with embedded.servers(data) as addresses:
        os.environ.update(addresses)
        settings.cache_clear()
        try:
            yield
        finally:
            database.dispose()
            os.environ.clear()
            os.environ.update(before)
            settings.cache_clear()


@contextmanager
def migrated(data: Path) -> Iterator[None]:
    """Embedded servers with the schema, their addresses in the environment."""
    with attached(data):
        migrations.upgrade()
        yield


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(data: Path, *options: str, **variables: str) -> Iterator[tuple[str, float]]:
    """`compass run` in a folder: its address, and how many seconds it took to its ready line."""
    begin = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "salescompass.cli",
        "run",
        "--data",
        str(data),
        "--port",
        str(free_port()),
        *options,
    ]
    environment = os.environ | variables
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith("SalesCompass is ready: "):
                yield line.split(": ", 1)[1].strip(), time.perf_counter() - begin
                break
        else:
            raise RuntimeError("the instance did not become ready")
    finally:
        process.terminate()
        process.wait(timeout=60)
