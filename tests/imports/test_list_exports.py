"""Lists written to files: what the list shows, at once or by a worker, for whoever asked and nobody else."""

from __future__ import annotations

import csv
import io
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from salescompass import crm, identity, imports, notifications
from salescompass.identity import Actor
from salescompass.imports import AskedList, ExportView, export_work, import_file, list_exports
from salescompass.imports.folders import folder
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from salescompass.vocabulary import Topic
from workers import drains

Do = Callable[..., Any]
PEOPLE = 60
ADAS = '{"combinator": "and", "rules": [{"field": "name", "operator": "starts_with", "value": "Ada"}]}'


@pytest.fixture
def people(tenant: UUID, admin: Actor) -> UUID:
    """People, every third one called Ada, the even ones with an owner."""
    with tenant_session(tenant) as session:
        rows = [
            {
                "name": f"{'Ada' if n % 3 == 0 else 'Bob'} {n:03}", "email": f"p{n}@x.example", "title": "=SUM(1)",
                "owner_id": admin.member_id if n % 2 == 0 else None,
            }
            for n in range(PEOPLE)
        ]  # fmt: skip
        assert {one.status for one in crm.upsert_records(session, admin, "contacts", rows)} == {"created"}
    return tenant


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def fetched(do: Do, view: ExportView) -> Path:
    path, name = do(imports.exported_file, export_id=view.id)
    assert name == view.file_name
    found: Path = path
    return found


def worked(tenant: UUID) -> None:
    drains.drain(str(tenant), Topic.EXPORTS)


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are long from eleven rows on."""
    monkeypatch.setattr(list_exports, "AT_ONCE", 10)
    monkeypatch.setattr(export_work, "_BEAT", 0.0)


def test_a_file_holds_what_the_list_shows(people: UUID, do: Do) -> None:
    asked = AskedList("contacts", "csv", ADAS, "p", "-name", ("title", "owner_id", "updated_at"))
    rows = read(fetched(do, do(imports.ask_for_list, asked=asked)))
    assert [row["Name"] for row in rows] == [f"Ada {n:03}" for n in range(57, -1, -3)]
    assert list(rows[0]) == [
        "SalesCompass id", "External id", "Email", "Name", "Job title", "Owner", "Last changed here",
    ]  # fmt: skip
    assert {row["Job title"] for row in rows} == {"'=SUM(1)"}
    mine = '{"rules": [{"field": "owner_id", "operator": "is", "value": "me"}]}'
    view = do(imports.ask_for_list, asked=AskedList("contacts", "xlsx", mine))
    sheet = list(load_workbook(fetched(do, view)).active.values)
    assert len(sheet) == 1 + PEOPLE / 2
    assert "Company domain" in sheet[0]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("columns", [(), ("title", "account_id", "owner_id", "created_at", "updated_at", "tags")])
def test_what_was_exported_comes_back_unchanged(people: UUID, do: Do, format: Any, columns: tuple[str, ...]) -> None:
    view = do(imports.ask_for_list, asked=AskedList("contacts", format, columns=columns))
    report = import_file(people, "contacts", fetched(do, view))
    assert (report.rows, report.skipped, report.failed) == (PEOPLE, PEOPLE, 0)
    assert report.unknown == {}


def test_accounts_are_written_in_the_order_of_their_scores_and_with_them(
    tenant: UUID, do: Do, file_of: Callable[..., Path]
) -> None:
    rows = [{"name": f"Firm {n}", "domain": f"firm{n}.example"} for n in range(3)]
    do(crm.upsert_records, kind="accounts", rows=rows)
    at = clock.now().isoformat()
    heard = file_of("occurred_at,type,person_email", f"{at},proposal_viewed,ada@firm1.example")
    assert import_file(tenant, "events", heard).created == 1
    drains.drain(str(tenant), Topic.EVENTS_RECORDED)
    columns = ("score", "trend", "signal", "people", "owner_id")
    path = fetched(do, do(imports.ask_for_list, asked=AskedList("accounts", sort="-score", columns=columns)))
    first, *others = read(path)
    assert first["Name"] == "Firm 1"
    assert float(first["Score"]) > 0
    assert first["Latest signal"] == "proposal_viewed"
    assert {row["Score"] for row in others} == {"0.0"}
    cold = '{"rules": [{"field": "band", "operator": "is", "value": "cold"}]}'
    assert len(read(fetched(do, do(imports.ask_for_list, asked=AskedList("accounts", where=cold))))) >= 2
    report = import_file(tenant, "accounts", path)
    assert (report.skipped, sorted(report.ignored_columns)) == (3, [
        "Band of the score", "Latest signal", "Moment of the latest signal", "People known", "Score",
        "Score gained in 7 days",
    ])  # fmt: skip


def test_records_that_are_called_alike_come_back_as_themselves(tenant: UUID, do: Do, rows_of: Any) -> None:
    twins = [{"name": "Renewal", "amount_minor": n} for n in (100, 200)]
    assert [one.status for one in do(crm.upsert_records, kind="opportunities", rows=twins)] == ["created"] * 2
    path = fetched(do, do(imports.ask_for_list, asked=AskedList("opportunities", columns=("amount_minor",))))
    assert import_file(tenant, "opportunities", path).skipped == 2
    path.write_text(path.read_text(encoding="utf-8-sig").replace("2.00", "3.00"))
    report = import_file(tenant, "opportunities", path)
    assert (report.updated, report.skipped) == (1, 1)
    assert sorted(rows_of("SELECT amount_minor FROM opportunity")) == [(100,), (300,)]


def test_a_long_list_is_written_by_a_worker_who_tells(people: UUID, do: Do, long: None) -> None:
    view = do(imports.ask_for_list, asked=AskedList("contacts"))
    assert (view.state, view.total, view.rows) == ("waiting", PEOPLE, 0)
    with pytest.raises(NotFound):
        do(imports.exported_file, export_id=view.id)
    worked(people)
    done = do(imports.my_export, export_id=view.id)
    assert (done.state, done.rows) == ("done", PEOPLE)
    assert len(read(fetched(do, done))) == PEOPLE
    (line,) = do(notifications.inbox).items
    assert (line.title, line.link) == ("Your export of 60 contacts is ready", f"/exports?export={view.id}")
    assert done.size == fetched(do, done).stat().st_size
    worked(people)
    assert len(do(notifications.inbox).items) == 1


def test_only_who_asked_fetches_it_and_only_while_they_may(people: UUID, admin: Actor, do: Do) -> None:
    view = do(imports.ask_for_list, asked=AskedList("contacts"))
    other = replace(admin, member_id=UUID(int=1))
    without = replace(admin, permissions=admin.permissions - {"records.export"})
    with tenant_session(people) as session:
        for verb in (imports.exported_file, imports.my_export, imports.stop_export):
            with pytest.raises(NotFound):
                verb(session, other, export_id=view.id)
        assert imports.my_exports(session, other) == []
        with pytest.raises(Denied):
            imports.exported_file(session, without, export_id=view.id)
        with pytest.raises(Denied):
            imports.ask_for_list(session, without, asked=AskedList("contacts"))
    assert do(imports.exported_file, export_id=view.id)


def test_who_sees_less_than_before_does_not_fetch_what_they_saw_then(people: UUID) -> None:
    system = identity.system_actor(people)
    with tenant_session(people) as session:
        made = identity.create_user(session, email=f"m@{people}.example", password=None, role="manager", name="M")
        manager = identity.acting_member(session, made.id)
    with tenant_session(people, reader=manager) as session:
        view = imports.ask_for_list(session, manager, asked=AskedList("contacts"))
        assert view.rows == PEOPLE
        assert imports.exported_file(session, manager, export_id=view.id)
    with tenant_session(people) as session:
        identity.set_role_scope(session, system, key="manager", levels={"person": "own"})
    with (
        tenant_session(people, reader=manager) as session,
        pytest.raises(Conflict, match="What you may see has changed"),
    ):
        imports.exported_file(session, manager, export_id=view.id)
    with tenant_session(people, reader=manager) as session:
        assert imports.ask_for_list(session, manager, asked=AskedList("contacts")).rows == PEOPLE / 2


def test_a_stopped_export_leaves_nothing(people: UUID, do: Do, long: None, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = do(imports.ask_for_list, asked=AskedList("contacts"))
    assert do(imports.stop_export, export_id=waiting.id).state == "stopped"
    worked(people)
    view = do(imports.ask_for_list, asked=AskedList("contacts"))
    monkeypatch.setattr("salescompass.imports.exporting._TOLD_EVERY", 1)
    begun = list_exports.export_file

    def stopped_meanwhile(*given: Any, **more: Any) -> Any:
        do(imports.stop_export, export_id=view.id)
        return begun(*given, **more)

    monkeypatch.setattr(list_exports, "export_file", stopped_meanwhile)
    worked(people)
    assert [one.state for one in do(imports.my_exports)] == ["stopped", "stopped"]
    assert list(folder(people, "exports").iterdir()) == []
    with pytest.raises(Conflict):
        do(imports.stop_export, export_id=view.id)


def test_a_second_worker_leaves_an_export_alone_that_is_being_written(people: UUID, do: Do, long: None) -> None:
    view = do(imports.ask_for_list, asked=AskedList("contacts"))
    beat = "UPDATE list_export SET state = 'running', holder = 'other', beat_at = {}"
    with tenant_session(people) as session:
        session.connection().execute(text(beat.format("now()")))
    worked(people)
    assert do(imports.my_export, export_id=view.id).state == "running"
    with tenant_session(people) as session:
        again = text("SELECT due_at > now() FROM outbox WHERE topic = 'exports'")
        assert session.connection().execute(again).scalars().all() == [True]
        session.connection().execute(text(beat.format("now() - interval '3 minutes'")))
        session.connection().execute(text("UPDATE outbox SET due_at = now() WHERE topic = 'exports'"))
    worked(people)
    assert do(imports.my_export, export_id=view.id).state == "done"


def test_a_disk_that_takes_nothing_is_told_and_tried_no_more(
    people: UUID, do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = folder(people, "exports").parent
    folder(people, "exports").rmdir()
    room.rename(room.with_name("exports-away"))
    room.write_text("a file where the folder should be")
    try:
        with pytest.raises(Unavailable, match=r"^The file cannot be written on the server: ") as refused:
            do(imports.ask_for_list, asked=AskedList("contacts"))
        assert str(room) not in refused.value.message
        assert do(imports.my_exports) == []
        monkeypatch.setattr(list_exports, "AT_ONCE", 10)
        view = do(imports.ask_for_list, asked=AskedList("contacts"))
        worked(people)
        told = do(imports.my_export, export_id=view.id)
        assert (told.state, told.error.startswith("The file cannot be written")) == ("failed", True)
        assert [line.title for line in do(notifications.inbox).items] == [
            "Your export of contacts could not be written"
        ]
        with tenant_session(people) as session:
            left = session.connection().execute(text("SELECT count(*) FROM outbox WHERE topic = 'exports'"))
            assert left.scalar() == 0
    finally:
        room.unlink()
        room.with_name("exports-away").rename(room)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_disk_that_is_full_is_told_and_nothing_is_left(people: UUID, do: Do, format: Any) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        with pytest.raises(Unavailable, match=r"^The file cannot be written on the server: "):
            do(imports.ask_for_list, asked=AskedList("contacts", format))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(folder(people, "exports").iterdir()) == []


def test_exports_expire_with_their_files(people: UUID, do: Do) -> None:
    view = do(imports.ask_for_list, asked=AskedList("contacts"))
    path = fetched(do, view)
    (folder(people, "exports") / "left-behind").write_text("of a worker that was killed")
    assert path.stat().st_mode & 0o777 == 0o600
    later = clock.now() + timedelta(days=4)
    with tenant_session(people) as session:
        imports.forget_old(session, now=later)
    assert do(imports.my_exports) == []
    assert list(folder(people, "exports").iterdir()) == []


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (AskedList("users"), "no such list"),
        (AskedList("contacts", where="{"), "no filter"),
        (AskedList("contacts", where='{"rules": [null]}'), "A rule has"),
        (AskedList("contacts", columns=("password",)), "no column password"),
        (AskedList("contacts", sort="secret"), "Sort by"),
    ],
)
def test_what_makes_no_sense_is_refused(people: UUID, do: Do, long: None, asked: AskedList, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        do(imports.ask_for_list, asked=asked)
