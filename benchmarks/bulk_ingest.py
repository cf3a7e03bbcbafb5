"""Bulk ingest over HTTP against COPY of the same rows into the same table, and the same batches sent again.

The instance runs as it would, but without workers: what follows from events is measured by itself (scores), and would
only compete for the same cores here.
"""

from __future__ import annotations

import http.client
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from psycopg import sql

from benchmarks.figure import Figure
from benchmarks.ledger import Sender, bulks, events, everybody, owner, receiving, tenant_with_key

BATCH, CONNECTIONS, TIMES = 1000, 4, 3


def measure(*, quick: bool) -> list[Figure]:
    """Events a second, and how much faster a batch is that is there already."""
    number = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as folder, receiving(Path(folder), "--workers", "0") as sender:
        other, _ = tenant_with_key("copied")
        send(sender, bulks(everybody(), BATCH))
        firsts, agains, copies, slowest = [], [], [], []
        for time_ in range(TIMES):
            batches = bulks(events(number, seed=time_), BATCH)
            since = _events_of(sender.tenant_id)
            first, answers = send(sender, batches)
            assert sum(answer["created"] for answer, _ in answers) == number, answers[0]
            again, replayed = send(sender, batches)
            assert sum(answer["duplicates"] for answer, _ in replayed) == number
            assert _events_of(sender.tenant_id) == since + number
            firsts.append(number / first)
            agains.append(number / again)
            slowest.append(sorted(seconds for _, seconds in answers)[int(len(answers) * 0.99)])
            copies.append(number / _copied(sender.tenant_id, other, time_))
        first, again = statistics.median(firsts), statistics.median(agains)
        p99 = statistics.median(slowest) * 1000
        return [
            Figure(
                "1", f"bulk ingest over HTTP, {number:,} events", statistics.median(copies), first, "events/s", 0.20,
                at_least=True, floor=f"at least 20,000 events/s; p99 {p99:.0f} ms a batch, at most 250",
            ),
            Figure("3", "the same batches again, no new row", first, again, "events/s", 3.0, at_least=True),
        ]  # fmt: skip


def send(sender: Sender, batches: Sequence[bytes]) -> tuple[float, list[tuple[dict[str, int], float]]]:
    """Post every batch: the seconds it took, and each answer with its own."""
    place = urlsplit(sender.address)
    headers = {"Authorization": f"Bearer {sender.key}", "Content-Type": "application/json"}

    def post_all(mine: Sequence[bytes]) -> list[tuple[bytes, int, float]]:
        connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=120)
        told = []
        for body in mine:
            began = time.perf_counter()
            connection.request("POST", "/api/v1/events/bulk", body, headers)
            answer = connection.getresponse()
            told.append((answer.read(), answer.status, time.perf_counter() - began))
        connection.close()
        return told

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        began = time.perf_counter()
        parts = list(pool.map(post_all, [batches[start::CONNECTIONS] for start in range(CONNECTIONS)]))
        took = time.perf_counter() - began
    answers = []
    for body, status, seconds in (one for part in parts for one in part):
        assert status == 200, body
        told = json.loads(body)
        told.pop("results")
        answers.append((told, seconds))
    return took, answers


def _events_of(tenant: UUID) -> int:
    with owner() as connection:
        return int(connection.execute("SELECT count(*) FROM event WHERE tenant_id = %s", [tenant]).fetchall()[0][0])


def _copied(tenant: UUID, other: UUID, time_: int) -> float:
    """The seconds of a COPY of one round's rows, as another tenant's, into the ledger with all its indices."""
    columns = (
        "occurred_at, id, received_at, type, direction, channel, account_id, person_id, verdict, verdict_reasons, "
        "actor, source, properties"
    )
    rows = sql.SQL(
        "COPY (SELECT {other}::uuid, {columns} FROM event WHERE tenant_id = {tenant} AND id IN "
        "(SELECT event_id FROM event_key WHERE tenant_id = {tenant} AND key LIKE {keys})) TO STDOUT"
    ).format(
        other=sql.Literal(str(other)),
        columns=sql.SQL(columns),
        tenant=sql.Literal(tenant),
        keys=sql.Literal(f"bench-{time_}-%"),
    )
    with owner() as connection, connection.cursor() as cursor:
        with cursor.copy(rows) as out:
            lines = [bytes(block) for block in out]
        began = time.perf_counter()
        with cursor.copy(f"COPY event (tenant_id, {columns}) FROM STDIN") as into:
            for line in lines:
                into.write(line)
        return time.perf_counter() - began
