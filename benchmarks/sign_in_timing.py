"""Whether the time of a refusal tells who has an account: the slower of the two kinds against the quicker."""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.instance import migrated
from salescompass import identity
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Unauthenticated


def measure(*, quick: bool) -> list[Figure]:
    """Median times of a refusal, in turns, so that whatever else runs here slows down both."""
    attempts = 40 if quick else 200
    with tempfile.TemporaryDirectory() as folder, migrated(Path(folder)):
        tenant = identity.create_tenant(
            name="Bench", slug="bench", admin_email="admin@bench.example", admin_password="a long pass phrase 7"
        ).tenant_id
        with tenant_session(tenant) as session:
            for number in range(attempts):
                identity.create_user(session, email=f"known{number}@bench.example", role="rep", password="a phrase 7x")
        known, unknown = [], []
        for number in range(attempts):
            known.append(_refusal(f"known{number}@bench.example", number))
            unknown.append(_refusal(f"unknown{number}@bench.example", number))
    quicker, slower = sorted((statistics.median(known), statistics.median(unknown)))
    return [Figure("S13", "refusal, known or unknown address", quicker * 1e3, slower * 1e3, "ms", 1.1)]


def _refusal(email: str, number: int) -> float:
    began = time.perf_counter()
    with contextlib.suppress(Unauthenticated):
        identity.sign_in(email=email, password="not this one", ip=f"198.18.0.{number}", user_agent="bench")
    return time.perf_counter() - began
