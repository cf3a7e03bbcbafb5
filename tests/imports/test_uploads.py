"""Uploads: bounded, kept apart, in order, by those who may."""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from salescompass import identity, imports
from salescompass.identity import Actor
from salescompass.imports import ColumnMap, batches
from salescompass.imports.folders import folder
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict, Denied, Invalid, NotFound, TooLarge, Unavailable
from tests.imports.steps import finished, staged
from tests.imports.test_record_files import COMPANIES, PRODUCTS


def test_steps_out_of_order_are_refused(tenant: UUID, do: Callable[..., Any]) -> None:
    batch_id = staged(do, "products", *PRODUCTS)
    with pytest.raises(Conflict, match="uploaded"):
        do(imports.undo, batch_id=batch_id)
    do(imports.start, batch_id=batch_id)
    for verb in (imports.start, imports.check):
        with pytest.raises(Conflict):
            do(verb, batch_id=batch_id)
    finished(tenant, do, batch_id)
    with pytest.raises(Conflict, match="begun"):
        do(imports.choose, batch_id=batch_id, mapping=ColumnMap())
    with pytest.raises(NotFound):
        do(imports.errors_file, batch_id=batch_id)
    dropped = staged(do, "products", *PRODUCTS)
    assert do(imports.cancel, batch_id=dropped).state == "cancelled"
    assert list(folder(tenant).iterdir()) == []


def test_an_upload_is_bounded_and_kept_apart(
    tenant: UUID, do: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salescompass.imports.folders.MOST_BYTES", 3_000_000)

    def endless() -> Iterator[bytes]:
        while True:
            yield b"name\n" * 100_000

    with pytest.raises(TooLarge, match="larger than"):
        do(imports.stage, kind="accounts", file_name="a.csv", pieces=endless())
    with pytest.raises(Invalid, match="web page"):
        do(imports.stage, kind="accounts", file_name="a.csv", pieces=[b"<svg onload=alert(1)>"])
    assert list(folder(tenant).iterdir()) == []
    batch_id = staged(do, "accounts", *COMPANIES, name="x" * 500 + ".svg\u202e.csv")
    assert len(do(imports.batch, batch_id=batch_id).file_name) == 200
    (path,) = folder(tenant).iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder(tenant).stat().st_mode & 0o777 == 0o700
    assert "." not in path.name


def test_files_need_the_right_and_members_the_right_to_manage_them(tenant: UUID) -> None:
    rep = Actor(tenant_id=tenant, name="Rep", kind="member", permissions=identity.BUILT_IN["rep"][1])
    manager = replace(rep, permissions=identity.BUILT_IN["manager"][1])
    with tenant_session(tenant) as session:
        with pytest.raises(Denied, match=r"imports\.manage"):
            imports.stage(session, rep, kind="accounts", file_name="a.csv", pieces=[b"name\nx"])
        with pytest.raises(Denied, match=r"users\.manage"):
            imports.stage(session, manager, kind="users", file_name="a.csv", pieces=[b"name\nx"])


def test_what_breaks_an_import_off_is_told_and_tried_no_more(tenant: UUID, do: Callable[..., Any]) -> None:
    batch_id = staged(do, "products", *PRODUCTS)
    do(imports.start, batch_id=batch_id)
    (path,) = folder(tenant).iterdir()
    path.unlink()
    found = finished(tenant, do, batch_id)
    assert (found.state, found.error) == ("failed", "The file is not here any more: upload it again")


def test_a_disk_that_is_full_is_told_and_nothing_is_left(tenant: UUID) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with tenant_session(tenant) as session:
        actor = identity.system_actor(tenant)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
            with pytest.raises(Unavailable, match="cannot be kept"):
                imports.stage(session, actor, kind="accounts", file_name="a.csv", pieces=[b"name\n" * 100_000])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
    assert list(folder(tenant).iterdir()) == []


def test_old_uploads_go_and_imports_cut_short_are_told(tenant: UUID, do: Callable[..., Any]) -> None:
    fresh, dropped = staged(do, "accounts", *COMPANIES), staged(do, "products", *PRODUCTS)
    with tenant_session(tenant) as session:
        cut = batches.add(
            session, identity.system_actor(tenant), kind="leads", file_name="a.csv", mapping=ColumnMap(), options={}
        )
        batches.move(session, cut, "running", of=("uploaded",), now=clock.now())
        session.connection().execute(
            text("UPDATE import_batch SET updated_at = now() - interval '8 days' WHERE id IN (:one, :other)"),
            {"one": dropped, "other": cut},
        )
    with tenant_session(tenant) as session:
        assert imports.forget_old(session, now=clock.now()) == 2
        assert imports.forget_old(session, now=clock.now()) == 0
    states = {one.id: one.state for one in do(imports.imports)}
    assert states == {fresh: "uploaded", dropped: "cancelled", cut: "failed"}
    assert len(list(folder(tenant).iterdir())) == 1
    assert "import the file again" in do(imports.batch, batch_id=cut).error
