"""How fast contacts come from a CSV file, validated and upserted, against COPY of the same rows into the same table."""

from __future__ import annotations

import csv
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from benchmarks.figure import Figure
from benchmarks.instance import migrated
from salescompass import identity, imports
from salescompass.crm import name_norm
from salescompass.kit.database import owner_engine
from salescompass.kit.ids import new_id

HEADER = ("External ID", "First name", "Last name", "Email", "Phone", "Job title", "Country", "City", "Lead source")
COLUMNS = (
    "tenant_id",
    "id", "kind", "name", "name_norm", "first_name", "last_name", "email", "email_norm", "external_id", "phone",
    "title", "title_norm", "country", "country_norm", "city", "city_norm", "source_original", "source_original_norm",
    "source_latest", "source_latest_norm",
)  # fmt: skip


def measure(*, quick: bool) -> list[Figure]:
    """Rows a second."""
    n = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as folder, migrated(Path(folder) / "data"):
        file = Path(folder) / "contacts.csv"
        rows = [_row(number) for number in range(n)]
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([HEADER, *rows])
        copied = n / _copy(_tenant(), rows)
        tenant = _tenant()
        begin = time.perf_counter()
        report = imports.import_file(tenant, "contacts", file)
        seconds = time.perf_counter() - begin
        if report.created != n:
            raise RuntimeError(f"{report.created} of {n} contacts came")
        return [
            Figure(
                "28", f"{n:,} contacts from a CSV file against COPY", copied, n / seconds, "rows/s", 0.15,
                at_least=True, floor="at least 15,000 rows/s",
            )
        ]  # fmt: skip


def _row(number: int) -> tuple[str, ...]:
    return (
        f"c-{number}", f"First{number % 997}", f"Last{number % 4999}", f"p{number}@firm{number % 5000}.example",
        f"+49 30 {number:07d}", "Engineer" if number % 3 else "Buyer", "Germany", f"Town {number % 300}", "Fair",
    )  # fmt: skip


def _tenant() -> UUID:
    slug = f"b{uuid4().hex[:8]}"
    return identity.create_tenant(
        name="Bench", slug=slug, admin_email=f"admin@{slug}.example", admin_password="a long pass phrase 7"
    ).tenant_id


def _copy(tenant: UUID, rows: list[tuple[str, ...]]) -> float:
    """Seconds that COPY takes for the rows as they are stored, their indices included."""
    stored = []
    for external, first, last, email, phone, title, country, city, source in rows:
        name = f"{first} {last}"
        stored.append(
            (
                new_id(), "contact", name, name_norm(name), first, last, email, email, external, phone,
                title, name_norm(title), country, name_norm(country), city, name_norm(city),
                source, name_norm(source), source, name_norm(source),
            )
        )  # fmt: skip
    begin = time.perf_counter()
    # As the owner: under a policy COPY is not to be had.
    with owner_engine().connect() as connection:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY person ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in stored:
                copy.write_row((tenant, *row))
        driver.commit()
    return time.perf_counter() - begin
