"""Files of people at the screens: sent to an import, and fetched from one. Who calls is known by the session's cookie.

A file comes as the body itself, so that nothing of it is held in memory and no connection to the database waits for it.
"""

from __future__ import annotations

import csv
import tempfile
from functools import partial
from io import StringIO
from pathlib import Path, PurePath
from typing import IO, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, Response

from salescompass import crm, identity, imports
from salescompass.api.auth import from_where, same_origin
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import TooLarge, Unauthenticated
from salescompass.kit.rate_limit import Limit, enforce
from salescompass.kit.settings import settings

UPLOADS = Limit("uploads", times=30, seconds=60)
"""Of one member: files wait on this machine's disk until they are imported."""
_PIECE = 1_048_576
_SAVED = {"x-content-type-options": "nosniff", "cache-control": "no-store"}


async def signed_in(request: Request) -> Actor:
    """The member of the request's session. Raises Unauthenticated."""
    token = request.cookies.get(identity.session_cookie())
    actor = await run_in_threadpool(identity.authenticate, token) if token else None
    if actor is None:
        raise Unauthenticated("Please sign in")
    request.state.actor = actor
    return actor


SignedIn = Annotated[Actor, Depends(signed_in)]
router = APIRouter(prefix="/files", include_in_schema=False, dependencies=[Depends(from_where)])


@router.post("/imports", status_code=201, dependencies=[Depends(same_origin)])
async def upload(
    request: Request,
    actor: SignedIn,
    kind: Annotated[str, Query(max_length=40)],
    name: Annotated[str, Query(max_length=1000)],
) -> dict[str, Any]:
    """Take a file for an import. Nothing is read before it is known that its sender may send one."""
    actor.must("imports.manage")
    await run_in_threadpool(enforce, UPLOADS, str(actor.member_id), "These are many files at once: wait a minute")
    with tempfile.TemporaryFile(dir=settings().data) as waiting:
        await _receive(request, waiting)
        batch_id = await run_in_threadpool(_stage, actor, kind, name, waiting)
    return {"ok": True, "batch": str(batch_id), "next": f"/admin/imports?batch={batch_id}"}


@router.get("/imports/{batch_id}/errors")
def failed_rows(batch_id: UUID, actor: SignedIn) -> FileResponse:
    """The rows of an import that failed, each with its reason, to save and mend."""
    actor.must("imports.manage")
    with tenant_session(actor.tenant_id, reader=actor) as session:
        path = imports.errors_file(session, actor, batch_id=batch_id)
        called = PurePath(imports.batch(session, actor, batch_id=batch_id).file_name).stem
    return _saved(path, f"{called}-errors.csv")


@router.get("/exports/{export_id}")
def exported(export_id: UUID, actor: SignedIn) -> FileResponse:
    """A list that this member had written to a file, to save."""
    with tenant_session(actor.tenant_id, reader=actor) as session:
        path, called = imports.exported_file(session, actor, export_id=export_id)
    return _saved(path, called)


@router.get("/bulk-edits/{edit_id}/results")
def bulk_results(edit_id: UUID, actor: SignedIn) -> Response:
    """What became of each record of a bulk edit of this member's, the failed ones first."""
    actor.must("records.write")
    with tenant_session(actor.tenant_id, reader=actor) as session:
        found = crm.bulk_results(session, actor, bulk_edit_id=edit_id)
    out = StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(("Id", "Name", "Result", "Reason"))
    rows.writerows((one.record_id, imports.as_text(one.name), one.outcome or "not done", one.reason) for one in found)
    headers = {**_SAVED, "content-disposition": 'attachment; filename="bulk-edit.csv"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _saved(path: Path, called: str) -> FileResponse:
    """A file for the browser to save, never to show or to guess at."""
    kind = "text/csv" if path.suffix == ".csv" else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(path, filename=called, media_type=kind, headers=_SAVED)


async def _receive(request: Request, waiting: IO[bytes]) -> None:
    """Write the body to a file that has no name. Raises TooLarge as soon as it is."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > imports.MOST_BYTES:
        raise _too_large()
    size, held = 0, bytearray()
    async for piece in request.stream():
        size += len(piece)
        if size > imports.MOST_BYTES:
            raise _too_large()
        held += piece
        if len(held) >= _PIECE:
            await run_in_threadpool(waiting.write, bytes(held))
            held.clear()
    waiting.write(held)
    waiting.seek(0)


def _stage(actor: Actor, kind: str, name: str, waiting: IO[bytes]) -> UUID:
    pieces = iter(partial(waiting.read, _PIECE), b"")
    with tenant_session(actor.tenant_id, reader=actor) as session:
        return imports.stage(session, actor, kind=kind, file_name=name, pieces=pieces)


def _too_large() -> TooLarge:
    return TooLarge(f"The file is larger than {imports.MOST_BYTES // _PIECE} MB: import it on the server", field="file")
