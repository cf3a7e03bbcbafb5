"""How fast the audit chain is verified, against reading the same rows without verifying them."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from sqlalchemy import text

from benchmarks.figure import Figure, median_of
from benchmarks.instance import migrated
from salescompass import identity
from salescompass.kit.database import tenant_session


def measure(*, quick: bool) -> list[Figure]:
    """Rows verified a second."""
    rows = 20_000 if quick else 200_000
    with tempfile.TemporaryDirectory() as folder, migrated(Path(folder)):
        tenant = identity.create_tenant(
            name="Bench", slug="bench", admin_email="admin@bench.example", admin_password="a long pass phrase 7"
        ).tenant_id
        with tenant_session(tenant) as session:
            session.connection().execute(
                text(
                    "INSERT INTO audit_log (id, actor_kind, actor_name, action, object_type, object_id, detail) "
                    "SELECT gen_random_uuid(), 'system', 'bench', 'bench.done', 'row', n::text, "
                    "jsonb_build_object('n', n) FROM generate_series(1, :rows) n"
                ),
                {"rows": rows},
            )
        while identity.seal(tenant):
            pass

        def read() -> float:
            begin = time.perf_counter()
            with tenant_session(tenant) as session:
                session.connection().execute(
                    text("SELECT * FROM audit_log l JOIN audit_seal s ON s.audit_id = l.id")
                ).all()
            return rows / (time.perf_counter() - begin)

        def verify() -> float:
            begin = time.perf_counter()
            report = identity.verify(tenant)
            assert report.ok, report
            return rows / (time.perf_counter() - begin)

        return [
            Figure(
                "S17", "audit rows verified", median_of(read), median_of(verify), "rows/s", 0.2,
                at_least=True, floor="at least 100,000 rows/s",
            )
        ]  # fmt: skip
