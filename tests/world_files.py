"""What a tenant of the world has of files: uploads, a kept mapping, members that came from one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import text
from sqlmodel import Session

from salescompass import identity, imports
from salescompass.imports.errors_file import errors_path


def add_files(session: Session, world: Any, actor: identity.Actor) -> None:
    """One upload to go on with, one that is done and had failed rows, a mapping, two lists, a member from a file."""
    lines = f"account,sector\n{world.mark} of {world.slug},retail\n".encode()
    for name in ("upload", "done_upload"):
        world.ids[name] = imports.stage(session, actor, kind="accounts", file_name=f"{world.mark}.csv", pieces=[lines])
    for name in ("working_upload", "waiting_upload"):
        world.ids[name] = imports.stage(session, actor, kind="accounts", file_name=f"{world.mark}.csv", pieces=[lines])
        since = "now() - interval '1 minute'" if name == "working_upload" else "now()"
        session.connection().execute(
            text(f"UPDATE import_batch SET state = 'running', started_at = {since} WHERE id = :id"),  # noqa: S608
            {"id": world.ids[name]},
        )
    kept = imports.keep_map(session, actor, batch_id=world.ids["upload"], name=f"{world.mark} mapping")
    world.ids["kept_map"] = kept.id
    session.connection().execute(
        text("UPDATE import_batch SET state = 'done' WHERE id = :id"), {"id": world.ids["done_upload"]}
    )
    errors_path(world.tenant_id, world.ids["done_upload"]).write_text(world.mark)
    asked = imports.AskedList("accounts")
    for name in ("export", "export_open"):
        world.ids[name] = imports.ask_for_list(session, actor, asked=asked).id
    session.connection().execute(
        text("UPDATE list_export SET state = 'waiting', error = :mark WHERE id = :id"),
        {"id": world.ids["export_open"], "mark": world.mark},
    )
    world.ids["brought"] = uuid4()
    rows = [identity.MemberRow(name=f"{world.mark} Newcomer from a file")]
    made = identity.bring_members(session, actor, rows=rows, now=world.at, batch_id=world.ids["brought"])
    newcomer = made.outcomes[0].id
    assert newcomer
    world.ids["newcomer"] = newcomer
