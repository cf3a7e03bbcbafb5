"""One event a request from 64 clients at once, against an application that only reads the body and answers."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import posting
from benchmarks.bulk_ingest import send as send_bulks
from benchmarks.figure import Figure
from benchmarks.instance import free_port
from benchmarks.ledger import bulks, events, everybody, receiving

CLIENTS, TIMES, PROCESSES = 64, 3, 2
_RAW = (
    "import sys; from granian.server import Server; from granian.constants import Interfaces; "
    "Server(target='benchmarks.single_events:raw', address='127.0.0.1', port=int(sys.argv[1]), "
    f"interface=Interfaces.ASGI, workers={PROCESSES}, log_access=False).serve()"
)


async def raw(scope: dict[str, object], receive: object, send: object) -> None:
    """The limit: the same server, and nothing done with what was posted."""
    if scope["type"] != "http":
        return
    more = True
    while more:
        message = await receive()  # type: ignore[operator]
        more = message.get("more_body", False)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 201, "headers": headers})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b"{}"})  # type: ignore[operator]


def measure(*, quick: bool) -> list[Figure]:
    """Events a second."""
    number = 2_000 if quick else 20_000
    options = ("--workers", "0", "--web", str(PROCESSES))
    with tempfile.TemporaryDirectory() as folder, receiving(Path(folder), *options) as sender, _raw() as bare:
        send_bulks(sender, bulks(everybody(), 1000))
        limits, products, slowest = [], [], []
        for time_ in range(TIMES + 1):
            bodies = [json.dumps(event).encode() for event in events(number, seed=1000 + time_)]
            key = {"Authorization": f"Bearer {sender.key}"}
            requests = {
                place: [posting.request(place, "/api/v1/events", body, **key) for body in bodies]
                for place in (bare, sender.address)
            }
            limit = posting.send(bare, requests[bare], clients=CLIENTS)
            ours = posting.send(sender.address, requests[sender.address], clients=CLIENTS)
            assert limit.refused == ours.refused == 0, (limit.refused, ours.refused)
            if time_:  # the first round only warms up
                limits.append(limit.a_second)
                products.append(ours.a_second)
                slowest.append(ours.percentile(0.99))
        p99 = statistics.median(slowest) * 1000
        return [
            Figure(
                "2", f"single events from {CLIENTS} clients", statistics.median(limits), statistics.median(products),
                "events/s", 0.12, at_least=True, floor=f"at least 2,000 events/s; p99 {p99:.0f} ms, at most 50",
            )
        ]  # fmt: skip


@contextmanager
def _raw() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", _RAW, str(port)], cwd=Path(__file__).parents[1])
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(urllib.request.Request(address, b"{}", method="POST"), timeout=2):
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
