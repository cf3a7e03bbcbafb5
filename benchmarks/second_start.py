"""The second start with nothing changed, against starting the servers and a blank Reflex application."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks import blank_app
from benchmarks.figure import Figure, median_of
from benchmarks.instance import running
from salescompass.kit import embedded


def measure(*, quick: bool) -> list[Figure]:
    """Seconds to the ready line."""
    blank_app.build()
    times = 1 if quick else 3
    with tempfile.TemporaryDirectory() as folder:
        data, bare = Path(folder) / "ours", Path(folder) / "bare"
        with running(data):
            pass
        with embedded.servers(bare):
            pass

        def limit() -> float:
            begin = time.perf_counter()
            with embedded.servers(bare):
                up = time.perf_counter() - begin
            with blank_app.serving() as (_, seconds):
                return up + seconds

        def product() -> float:
            with running(data) as (_, seconds):
                return seconds

        return [
            Figure(
                "23",
                "second start to the ready line",
                median_of(limit, times=times),
                median_of(product, times=times),
                "s",
                3.0,
                floor="at most 15 s",
            )
        ]
