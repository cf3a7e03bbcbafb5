"""The wizard's steps on the engine: upload, look, map, check, run, cancel, take back; what is long runs as a job."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from salescompass import crm, identity, imports, notifications
from salescompass.imports import batches as rows_of_imports
from salescompass.imports.folders import folder
from salescompass.imports.service import give_up
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Invalid
from tests.imports.steps import finished, staged
from tests.imports.test_record_files import COMPANIES, DEALS, PRODUCTS, TEAMS

Rows = Callable[[str], list[tuple[object, ...]]]
Files = Callable[..., Path]
CONTACTS = ["Name,Email,City"] + [f"Person {n},p{n}@a.example,Town {n}" for n in range(2500)]
LIVE = (
    "account", "person", "product", "opportunity", "stage", "stage_history", "pipeline", "team", "team_member",
    "membership_role", "tag", "record_tag", "search_token", "custom_value",
)  # fmt: skip
RESTLESS = "ARRAY['updated_at', 'row_version', 'last_seen_at']"


def content(tenant: UUID) -> dict[str, list[str]]:
    """Everything the tenant has, but for when it was last changed."""
    with tenant_session(tenant) as session:
        return {
            table: sorted(
                session.connection().execute(text(f"SELECT (to_jsonb(t) - {RESTLESS})::text FROM {table} t")).scalars()  # noqa: S608
            )
            for table in (*LIVE, "membership")
        }


def test_a_file_is_looked_at_mapped_checked_run_and_taken_back(
    tenant: UUID, do: Callable[..., Any], rows_of: Rows
) -> None:
    before = content(tenant)
    batch_id = staged(do, "contacts", *CONTACTS, "Nobody,no address,X", name="../../etc/C:\\My contacts.csv")
    look = do(imports.inspect, batch_id=batch_id)
    assert (look.encoding, look.delimiter, look.program, look.saved_name) == ("utf-8", ",", None, None)
    assert [(one.header, one.field, one.confidence) for one in look.columns] == [
        ("Name", "name", 1.0), ("Email", "email", 1.0), ("City", "city", 1.0),
    ]  # fmt: skip
    assert look.columns[0].samples[0] == "Person 0"
    do(imports.choose, batch_id=batch_id, mapping=look.mapping)
    do(imports.check, batch_id=batch_id)
    checked = finished(tenant, do, batch_id)
    assert (checked.state, checked.counts, checked.file_name) == ("checked", None, "My contacts.csv")
    assert checked.preview
    assert (checked.preview.created, checked.preview.failed, checked.preview.done) == (2500, 1, 2501)
    (reason, told) = next(iter(checked.preview.reasons.items()))
    assert "no email address" in reason
    assert (told["n"], told["row"], told["cells"]) == (1, 2502, ["Nobody", "no address", "X"])
    assert content(tenant) == before

    do(imports.start, batch_id=batch_id)
    done = finished(tenant, do, batch_id)
    assert (done.state, done.has_errors_file) == ("done", True)
    assert done.counts
    assert (done.counts.created, done.counts.failed) == (2500, 1)
    (line,) = do(notifications.inbox).items
    assert (line.kind, line.title) == ("import", "Your import of My contacts.csv is done")
    assert line.body == "2,500 made, 0 changed, 1 failed."
    assert do(imports.errors_file, batch_id=batch_id).read_text(encoding="utf-8-sig").count("\n") == 2
    assert rows_of("SELECT count(*) FROM person") == [(2500,)]
    assert [path.name for path in folder(tenant).iterdir()] == [f"{batch_id}-errors.csv"]

    do(imports.undo, batch_id=batch_id)
    undone = finished(tenant, do, batch_id)
    assert (undone.state, undone.undone) == ("undone", {"undone": 2500, "kept": 0})
    assert content(tenant) == before
    assert [one.id for one in do(imports.imports)] == [batch_id]


def test_a_whole_company_is_taken_back_file_by_file(tenant: UUID, do: Callable[..., Any], rows_of: Rows) -> None:
    with tenant_session(tenant) as session:
        crm.pipelines(session)  # the usual one is made when it is first looked at
    states = [content(tenant)]
    batches = []
    more = ("account,sector", "Cancity,another", "Newcomer,retail")
    deals = (
        DEALS[0],
        DEALS[1].replace("Won", "Lost"),
        *DEALS[2:4],
        "D7,Anna Snelling,,Newest Ltd,Engaging,01-12-2016,,9",
    )
    leads = ("Prospect ID,Tags,Notes", "l-1,Busy;Select,", "l-2,Interested; Busy,")
    for kind, lines in (
        ("users", TEAMS), ("products", PRODUCTS), ("accounts", COMPANIES), ("opportunities", DEALS),
        ("accounts", more), ("opportunities", deals), ("leads", leads),
    ):  # fmt: skip
        batches.append(staged(do, kind, *lines))
        do(imports.start, batch_id=batches[-1])
        found = finished(tenant, do, batches[-1])
        assert found.state == "done", found.error
        states.append(content(tenant))
    for batch_id in reversed(batches):
        assert content(tenant) == states.pop()
        do(imports.undo, batch_id=batch_id)
        undone = finished(tenant, do, batch_id)
        assert (undone.state, undone.undone and undone.undone["kept"]) == ("undone", 0), undone
    assert content(tenant) == states.pop()


def test_the_wizard_and_the_command_make_the_same_records(
    tenant: UUID, make_tenant: Callable[[], UUID], do: Callable[..., Any], file_of: Files, tmp_path: Path
) -> None:
    other = make_tenant()
    numbered = [
        f"N{n},{('Moses Frase', 'Nobody')[n % 2]},GTX Basic,{('Cancity', 'New Ltd', '')[n % 3]},"
        f"{('Won', 'Lost', 'Engaging', 'Prospecting')[n % 4]},{1 + n % 28}-10-2016,{1 + n % 28}-03-2017,{n}"
        for n in range(1500)
    ]
    leads = ["Lead id,Lead source,City,Tags"] + [f"l-{n},Select,Town {n % 7},Busy; T{n % 5}" for n in range(1200)]
    for kind, lines in (
        ("users", TEAMS), ("products", PRODUCTS), ("accounts", COMPANIES), ("opportunities", (*DEALS, *numbered)),
        ("leads", leads),
    ):  # fmt: skip
        at_once = imports.import_file(other, kind, file_of(*lines))
        batch_id = staged(do, kind, *lines)
        do(imports.choose, batch_id=batch_id, mapping=do(imports.inspect, batch_id=batch_id).mapping)
        do(imports.start, batch_id=batch_id)
        counts = finished(tenant, do, batch_id).counts
        assert counts is not None
        for name in ("created", "updated", "skipped", "failed", "also_created", "also_updated", "unknown"):
            assert getattr(counts, name) == getattr(at_once, name), (kind, name)
    kinds = ("users", "products", "accounts", "opportunities", "leads")
    here, there = ([exported(one, kind, tmp_path / "out.csv") for kind in kinds] for one in (tenant, other))
    assert here == there
    assert [len(rows) for rows in here[1:]] == [2, 4, 1504, 1200]


def exported(tenant: UUID, kind: str, path: Path) -> list[str]:
    """The rows of an export in order, but for what no two tenants share."""
    with tenant_session(tenant) as session:
        imports.export_file(session, identity.system_actor(tenant), kind=kind, path=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    own = {"SalesCompass id", "Created"}
    return sorted(str([v for k, v in row.items() if k not in own]) for row in rows if row.get("Role") != "admin")


def test_what_somebody_has_gone_on_with_is_kept(tenant: UUID, do: Callable[..., Any], rows_of: Rows) -> None:
    first, second = staged(do, "accounts", *COMPANIES), staged(do, "contacts", "name,company", "Ada,Cancity")
    for batch_id in (first, second):
        do(imports.start, batch_id=batch_id)
        finished(tenant, do, batch_id)
    do(imports.undo, batch_id=first)
    undone = finished(tenant, do, first).undone
    assert undone
    assert undone["kept"] == 1
    assert rows_of("SELECT name FROM account") == [("Cancity",)]


@pytest.fixture
def stopper(tenant: UUID, do: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[UUID], None]]:
    """Cancels an import from another thread once its first rows are in."""
    first_rows = threading.Event()
    threads = []
    real = rows_of_imports.save_progress

    def save_progress(*arguments: Any) -> None:
        real(*arguments)
        first_rows.set()

    monkeypatch.setattr(rows_of_imports, "save_progress", save_progress)

    def stop(batch_id: UUID) -> None:
        def cancel() -> None:
            assert first_rows.wait(60)
            do(imports.cancel, batch_id=batch_id)

        threads.append(threading.Thread(target=cancel))
        threads[-1].start()

    yield stop
    for thread in threads:
        thread.join(60)


def test_an_import_that_is_cancelled_did_what_it_says(
    tenant: UUID, do: Callable[..., Any], rows_of: Rows, stopper: Callable[[UUID], None]
) -> None:
    before = content(tenant)
    lines = CONTACTS[:1] + [f"Person {n},p{n}@a.example,Town {n}" for n in range(30_000)]
    batch_id = staged(do, "contacts", *lines)
    do(imports.start, batch_id=batch_id)
    stopper(batch_id)
    cancelled = finished(tenant, do, batch_id)
    assert cancelled.state == "cancelled"
    assert cancelled.counts
    assert 1000 <= cancelled.counts.created == cancelled.counts.done < 30_000
    assert rows_of("SELECT count(*) FROM person") == [(cancelled.counts.created,)]
    last = cancelled.counts.created - 1
    assert rows_of(f"SELECT count(*) FROM person WHERE email_norm = 'p{last}@a.example'") == [(1,)]  # noqa: S608
    do(imports.undo, batch_id=batch_id)
    finished(tenant, do, batch_id)
    assert content(tenant) == before


def test_an_import_goes_on_where_a_worker_left_it(tenant: UUID, do: Callable[..., Any], rows_of: Rows) -> None:
    lines = [*CONTACTS, *(f"Person {n},broken,Town" for n in range(700))]
    batch_id = staged(do, "contacts", *lines)
    do(imports.start, batch_id=batch_id)
    from salescompass.imports.work import _go_on

    slices = 0
    while not _go_on(tenant, batch_id, 0.0):
        slices += 1
    found = do(imports.batch, batch_id=batch_id)
    assert slices == 4
    assert (found.state, found.counts.created, found.counts.failed) == ("done", 2500, 700)
    told = do(imports.errors_file, batch_id=batch_id).read_text(encoding="utf-8-sig").splitlines()
    assert len(told) == 701
    assert [int(line.split(",")[0]) for line in told[1:]] == list(range(2502, 3202))
    assert rows_of("SELECT count(*) FROM person") == [(2500,)]


def test_a_mapping_is_kept_and_proposed_for_the_next_file(do: Callable[..., Any]) -> None:
    header = "Kunde;Umsatz;Seit"
    first = staged(do, "accounts", header, "Zoë GmbH;1,5;01/02/2020")
    told = imports.read_map({"columns": {"Kunde": "name", "Umsatz": "revenue"}, "dates": "dmy"})
    do(imports.choose, batch_id=first, mapping=told)
    kept = do(imports.keep_map, batch_id=first, name="  Our ERP ")
    look = do(imports.inspect, batch_id=staged(do, "accounts", "Seit;Kunde;Umsatz", "x;y;2"))
    assert (look.saved_name, look.mapping) == ("Our ERP", told)
    assert do(imports.kept_maps, kind="accounts") == [kept] == do(imports.kept_maps)
    assert do(imports.rename_map, map_id=kept.id, name=" Our  firms ").name == "Our firms"
    with pytest.raises(Invalid):
        do(imports.rename_map, map_id=kept.id, name=" ")
    do(imports.forget_map, map_id=kept.id)
    assert do(imports.kept_maps, kind="accounts") == []


def test_dates_that_can_be_read_in_two_ways_are_asked_for(do: Callable[..., Any]) -> None:
    batch_id = staged(do, "opportunities", "Deal ID,Engage date", "A,01/03/2017", "B,02/03/2017")
    look = do(imports.inspect, batch_id=batch_id)
    assert [(one.field, one.asks) for one in look.columns] == [("external_id", False), ("opened_on", True)]
    with pytest.raises(Invalid, match="two ways"):
        do(imports.start, batch_id=batch_id)
    do(imports.choose, batch_id=batch_id, mapping=replace(look.mapping, dates="dmy"))
    assert do(imports.start, batch_id=batch_id).state == "running"


def test_an_import_that_breaks_off_leaves_the_reasons_it_counted_and_no_draft(
    tenant: UUID, do: Callable[..., Any]
) -> None:
    batch_id = staged(do, "contacts", *CONTACTS, *(f"Person {n},broken,Town" for n in range(700)))
    do(imports.start, batch_id=batch_id)
    from salescompass.imports.work import _go_on

    for _ in range(3):
        assert not _go_on(tenant, batch_id, 0.0)
    draft = next(folder(tenant).glob("*.part"))
    with draft.open("a", encoding="utf-8") as out:
        out.write("9999,of a batch that did not happen\n")
    give_up(tenant, batch_id, RuntimeError("the light went out"), clock.now())
    found = do(imports.batch, batch_id=batch_id)
    told = do(imports.errors_file, batch_id=batch_id).read_text(encoding="utf-8-sig").splitlines()
    assert (found.state, len(told) - 1) == ("failed", found.counts.failed)
    assert not any(line.startswith("9999") for line in told)
    assert not list(folder(tenant).glob("*.part"))


def test_an_import_that_has_ended_is_not_broken_off_by_a_late_job(tenant: UUID, do: Callable[..., Any]) -> None:
    batch_id = staged(do, "contacts", *CONTACTS[:3])
    do(imports.start, batch_id=batch_id)
    assert finished(tenant, do, batch_id).state == "done"
    give_up(tenant, batch_id, FileNotFoundError(2, "No such file or directory"), clock.now())
    found = do(imports.batch, batch_id=batch_id)
    assert (found.state, found.error) == ("done", "")
