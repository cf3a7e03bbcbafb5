"""Importing events from files: every row accounted for, and the same file again adds nothing."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from salescompass.events import FeedEntry, feed
from salescompass.imports import import_file
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import DateShift
from salescompass.kit.settings import settings

COLUMNS = [
    "occurred_at", "person_email", "person_name", "company_domain", "company_name", "activity", "project",
    "files_changed", "actor",
]  # fmt: skip
NEWEST = datetime(2024, 5, 17, 21, 30, tzinfo=UTC)


@pytest.fixture
def activity(tmp_path: Path) -> Path:
    """230 rows of community activity: own offsets, people with and without company, robots, rows told twice."""
    dice = random.Random(7)
    rows = []
    for number in range(220):
        who, firm = dice.randrange(40), dice.randrange(8)
        zone = timezone(timedelta(hours=dice.randrange(-8, 9)))
        rows.append(
            [
                (NEWEST - timedelta(hours=number * 7)).astimezone(zone).isoformat(),
                f"p{who}@mail.example",
                f"Person {who % 30}",
                f"firm{firm}.example" if who % 2 else "",
                f"Firm {firm}" if who % 2 else "",
                "commit",
                "Webhooks",
                str(number),
                "machine" if who == 4 else "human",
            ]
        )
    rows += rows[:10]
    file = tmp_path / "activity.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    return file


def ledger(tenant: UUID) -> list[FeedEntry]:
    with tenant_session(tenant) as session:
        return list(feed(session, limit=1000).items)


def count(tenant: UUID, what: str) -> int:
    with tenant_session(tenant) as session:
        return int(session.connection().execute(text(f"SELECT count(*) FROM {what}")).scalar_one())  # noqa: S608


def test_people_companies_and_events_come_from_a_file(tenant: UUID, activity: Path) -> None:
    report = import_file(tenant, "events", activity)
    assert (report.rows, report.created, report.skipped, report.failed) == (230, 230, 0, 0)
    assert report.also_created == {"accounts": count(tenant, "account"), "contacts": count(tenant, "person")}
    assert report.also_created["contacts"] == 40
    assert report.errors_file is None
    entries = ledger(tenant)
    newest = entries[0]
    assert newest.occurred_at == NEWEST
    assert (newest.type, newest.source, newest.properties["files_changed"]) == ("community_contribution", "import", 0)
    assert {entry.verdict for entry in entries if entry.person_name == "p4@mail.example"} <= {"bot"}
    assert {(entry.actor, entry.verdict) for entry in entries} == {("human", "human"), ("machine", "bot")}


@pytest.mark.parametrize("shifts", [(False, False), (True, True), (False, True), (True, False)])
def test_the_same_file_again_creates_nothing(tenant: UUID, activity: Path, shifts: tuple[bool, bool]) -> None:
    import_file(tenant, "events", activity, shift_dates=shifts[0])
    before = ledger(tenant)
    again = import_file(tenant, "events", activity, shift_dates=shifts[1])
    assert (again.created, again.skipped, again.failed) == (0, 230, 0)
    assert set(again.also_created.values()) <= {0}
    assert ledger(tenant) == before


def test_dates_move_by_whole_days_until_the_newest_is_today(
    tenant: UUID, make_tenant: Callable[[], UUID], activity: Path
) -> None:
    other = make_tenant()
    report = import_file(tenant, "events", activity, shift_dates=True)
    import_file(other, "events", activity)
    now = clock.now()
    moved, stayed = ledger(tenant), ledger(other)
    assert moved[0].occurred_at.date() == now.date()
    assert all(entry.occurred_at <= now for entry in moved)
    assert moved[0].occurred_at > now - timedelta(minutes=1) or moved[0].occurred_at in {
        entry.occurred_at + timedelta(days=report.shifted_days) for entry in stayed
    }
    earlier = {entry.occurred_at for entry in moved}
    for entry in stayed:
        at = entry.occurred_at + timedelta(days=report.shifted_days)
        assert at in earlier or at.date() == now.date()


@given(
    st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2025, 1, 1), timezones=st.just(UTC)),
    st.lists(st.integers(0, 10 * 86_400), min_size=1, max_size=30),
)
def test_a_shift_keeps_the_order_and_ends_now_at_the_latest(now: datetime, ages: list[int]) -> None:
    newest = datetime(2014, 6, 3, 23, 59, tzinfo=UTC)
    times = sorted(newest - timedelta(seconds=age) for age in [0, *ages])
    shift = DateShift.until(now, newest)
    moved = [shift.move(at) for at in times]
    assert moved == sorted(moved)
    assert moved[-1] <= now
    assert moved[-1].date() == now.date()
    for at, to in zip(times, moved, strict=True):
        assert to.date() == (at + timedelta(days=shift.days)).date()


@pytest.mark.parametrize(
    "wild", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "2206-01-01T00:00:00Z", "1999-01-01T00:00:00Z"]
)
def test_a_wild_date_moves_no_other_row(tenant: UUID, tmp_path: Path, wild: str) -> None:
    file = tmp_path / "wild.csv"
    lines = [f"{at},page_viewed,ada@acme.example" for at in ("2024-01-01T00:00:00Z", wild, "2024-01-03T00:00:00Z")]
    file.write_text("\n".join(["occurred_at,type,email", *lines]), encoding="utf-8")
    report = import_file(tenant, "events", file, shift_dates=True)
    assert (report.rows, report.created, report.failed) == (3, 2, 1)
    newest, oldest = ledger(tenant)
    assert newest.occurred_at.date() == clock.now().date()
    assert newest.occurred_at - oldest.occurred_at == timedelta(days=2)


def test_a_row_that_no_database_can_keep_fails_alone(tenant: UUID, tmp_path: Path) -> None:
    file = tmp_path / "nul.csv"
    row = "2024-01-01T00:00:00Z,page_viewed,ada@acme.example,"
    file.write_bytes(f"occurred_at,type,email,note\n{row}a\0b\n{row}fine\n".encode())
    report = import_file(tenant, "events", file)
    assert (report.rows, report.created, report.failed) == (2, 1, 1)
    assert ledger(tenant)[0].properties == {"note": "fine"}


def test_every_row_that_failed_is_told_with_its_reason(tenant: UUID, tmp_path: Path) -> None:
    file = tmp_path / "mixed rows.csv"
    file.write_text(
        "occurred_at;type;email;note\n"
        "2024-01-01T00:00:00Z;page_viewed;ada@acme.example;fine\n"
        "2024-01-01;page_viewed;ada@acme.example;no offset\n"
        "2024-01-01T00:00:00Z;=cmd();ada@acme.example;-1+1\n"
        "2024-01-01T00:00:00Z;page_viewed;nobody;x\n"
        "too;short\n"
        "2024-01-02T00:00:00Z;page_viewed;ada@acme.example;'=a formula that went out\n",
        encoding="cp1252",
    )
    report = import_file(tenant, "events", file)
    assert (report.rows, report.created, report.failed) == (6, 2, 4)
    assert report.errors_file
    errors_file = Path(report.errors_file)
    assert errors_file.is_relative_to(settings().data)
    assert errors_file.stat().st_mode & 0o777 == 0o600
    with errors_file.open(encoding="utf-8-sig", newline="") as lines:
        told = list(csv.DictReader(lines))
    assert [row["row"] for row in told] == ["3", "4", "5", "6"]
    assert [row["reason"].split(":")[0] for row in told] == [
        "occurred_at",
        "type",
        "email",
        "2 cells where the header has 4",
    ]
    assert (told[1]["type"], told[1]["note"]) == ("'=cmd()", "'-1+1")
    assert ledger(tenant)[0].properties == {"note": "=a formula that went out"}
    assert not list(errors_file.parent.glob("*.part"))


def test_an_import_is_in_the_audit_trail(tenant: UUID, activity: Path) -> None:
    import_file(tenant, "events", activity)
    with tenant_session(tenant) as session:
        found = session.connection().execute(text("SELECT detail FROM audit_log WHERE action = 'file.imported'"))
        (detail,) = found.scalars()
    assert (detail["file"], detail["created"]) == ("activity.csv", 230)


@pytest.mark.parametrize("header", ["a,b", "occurred_at,type", "type,email", "occurred_at,email"])
def test_a_file_that_cannot_be_events_is_refused(tenant: UUID, tmp_path: Path, header: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(header + "\n1,2\n", encoding="utf-8")
    with pytest.raises(Invalid, match="no column"):
        import_file(tenant, "events", file)


def test_only_known_kinds_are_imported(tenant: UUID, activity: Path) -> None:
    with pytest.raises(Invalid, match="choose from users, products"):
        import_file(tenant, "spaceships", activity)
    with pytest.raises(Invalid, match="cannot be read"):
        import_file(tenant, "events", activity.with_name("missing.csv"))
