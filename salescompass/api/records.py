"""Records in and out: `/api/v1/accounts`, `contacts`, `leads` and `opportunities`."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator
from sqlalchemy import ColumnElement, and_
from sqlmodel import Session

from salescompass import crm
from salescompass.api.bodies import storable
from salescompass.api.callers import Needs
from salescompass.api.filters import Filter, condition
from salescompass.api.record_shapes import LISTS, OUT, body_of, one_given, pages_given
from salescompass.api.writes import (
    Body,
    IdempotencyKey,
    IfMatch,
    Writer,
    answer,
    answered_once,
    fields_of,
    version_of,
)
from salescompass.identity import Actor, Answer
from salescompass.kit.database import tenant_session
from salescompass.vocabulary import RecordKind

router = APIRouter(prefix="/api/v1", tags=["records"])

Limit = Annotated[int, Query(ge=1, le=1000)]
Cursor = Annotated[str | None, Query(max_length=500)]
Key = Annotated[Annotated[str, AfterValidator(storable)] | None, Query(max_length=255)]
Reader = Annotated[Actor, Depends(Needs("crm:read"))]


def _listed(
    actor: Actor, kind: RecordKind, limit: int, cursor: str | None, filtered: str | None, **wanted: Any
) -> Response:
    """A page of records that have these values, and that the filter keeps."""
    of = crm.RECORD_TYPES[kind]
    conditions: list[ColumnElement[bool]] = []
    for name, value in wanted.items():
        if value is not None:
            conditions.append(of.table.c[name] == value)
    with tenant_session(actor.tenant_id, reader=actor) as session:
        if filtered:
            conditions.append(condition(session, actor, kind, filtered))
        where = and_(*conditions) if conditions else None
        page = crm.list_records(session, kind, where=where, cursor=cursor, limit=limit, named=False)
        return Response(pages_given(session, kind, [page])[0], media_type="application/json")


@router.get("/accounts", response_model=LISTS[RecordKind.ACCOUNTS])
def list_accounts(
    actor: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    filtered: Filter = None,
    domain: Key = None,
    external_id: Key = None,
    owner_id: UUID | None = None,
) -> Response:
    """Accounts, the last made first; `next_cursor` leads to the next page and is null on the last."""
    wanted = None if domain is None else crm.domain_norm(domain) or ""
    return _listed(
        actor,
        RecordKind.ACCOUNTS,
        limit,
        cursor,
        filtered,
        domain_norm=wanted,
        external_id=external_id,
        owner_id=owner_id,
    )


@router.get("/contacts", response_model=LISTS[RecordKind.CONTACTS])
def list_contacts(
    actor: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    filtered: Filter = None,
    account_id: UUID | None = None,
    email: Key = None,
    external_id: Key = None,
    owner_id: UUID | None = None,
) -> Response:
    """Contacts, the last made first; `next_cursor` leads to the next page and is null on the last."""
    wanted = None if email is None else crm.email_norm(email) or ""
    return _listed(
        actor, RecordKind.CONTACTS, limit, cursor, filtered, account_id=account_id, email_norm=wanted,
        external_id=external_id, owner_id=owner_id,
    )  # fmt: skip


@router.get("/leads", response_model=LISTS[RecordKind.LEADS])
def list_leads(
    actor: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    filtered: Filter = None,
    email: Key = None,
    external_id: Key = None,
    owner_id: UUID | None = None,
) -> Response:
    """Leads, the last made first; `next_cursor` leads to the next page and is null on the last."""
    wanted = None if email is None else crm.email_norm(email) or ""
    return _listed(
        actor, RecordKind.LEADS, limit, cursor, filtered, email_norm=wanted, external_id=external_id, owner_id=owner_id
    )


@router.get("/opportunities", response_model=LISTS[RecordKind.OPPORTUNITIES])
def list_opportunities(
    actor: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    filtered: Filter = None,
    account_id: UUID | None = None,
    stage_id: UUID | None = None,
    state: Key = None,
    external_id: Key = None,
    owner_id: UUID | None = None,
) -> Response:
    """Opportunities, the last made first; `next_cursor` leads to the next page and is null on the last."""
    return _listed(
        actor, RecordKind.OPPORTUNITIES, limit, cursor, filtered, account_id=account_id, stage_id=stage_id, state=state,
        external_id=external_id, owner_id=owner_id,
    )  # fmt: skip


def _add_reading(kind: RecordKind, one: str) -> None:
    """One record of a kind is read."""

    def get_one(actor: Reader, response: Response, record_id: UUID) -> dict[str, Any]:
        with tenant_session(actor.tenant_id, reader=actor) as session:
            view = crm.get_record(session, kind, record_id)
            response.headers["ETag"] = f'"{view.row_version}"'
            return one_given(session, kind, view)

    _name_id(get_one, one)
    router.add_api_route(
        f"/{kind.value}/{{{one}_id}}", get_one, methods=["GET"], response_model=OUT[kind], name=f"get_{one}",
        description=f"One of the {kind.value}.",
    )  # fmt: skip


def _add_making(kind: RecordKind, one: str) -> None:
    """Records of a kind are made."""

    def post_one(actor: Writer, request: Request, body: Body, idempotency_key: IdempotencyKey = None) -> Response:
        def act(session: Session) -> Answer:
            view = crm.create_record(session, actor, kind, fields_of(body))
            place = f"/api/v1/{kind.value}/{view.id}"
            return answer(201, one_given(session, kind, view), ETag=f'"{view.row_version}"', Location=place)

        return answered_once(actor, request, idempotency_key, body, act)

    router.add_api_route(
        f"/{kind.value}", post_one, methods=["POST"], response_model=OUT[kind], status_code=201, name=f"post_{one}",
        openapi_extra=body_of(kind), description=f"Make one of the {kind.value}.",
    )  # fmt: skip


def _add_changing(kind: RecordKind, one: str) -> None:
    """One record of a kind is changed."""

    def patch_one(
        actor: Writer,
        request: Request,
        record_id: UUID,
        body: Body,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> Response:
        def act(session: Session) -> Answer:
            version = version_of(if_match)
            view = crm.update_record(session, actor, kind, record_id, fields_of(body), version=version)
            return answer(200, one_given(session, kind, view), ETag=f'"{view.row_version}"')

        return answered_once(actor, request, idempotency_key, body, act)

    _name_id(patch_one, one)
    router.add_api_route(
        f"/{kind.value}/{{{one}_id}}", patch_one, methods=["PATCH"], response_model=OUT[kind], name=f"patch_{one}",
        openapi_extra=body_of(kind), description="Change the fields that the body names; null empties one.",
    )  # fmt: skip


def _name_id(handler: Any, one: str) -> None:
    """The path names the kind; annotations would be read as texts otherwise."""
    handler.__annotations__["record_id"] = Annotated[UUID, Path(alias=f"{one}_id")]


for _kind, _one in (
    (RecordKind.ACCOUNTS, "account"),
    (RecordKind.CONTACTS, "contact"),
    (RecordKind.LEADS, "lead"),
    (RecordKind.OPPORTUNITIES, "opportunity"),
):
    _add_reading(_kind, _one)
    _add_making(_kind, _one)
    _add_changing(_kind, _one)
