"""The catalogue of what conditions can look at: each slice's table of fields, and the tenant's custom fields.

A new field is a line in the FIELDS of its slice; a slice that has such a table is a line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, any_, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE
from sqlmodel import Session, col
from sqlmodel import select as rows_of

from salescompass import actions, crm, events, scoring
from salescompass.conditions import Catalogue, Choice, Group, Tree
from salescompass.identity import Actor
from salescompass.kit.ids import parse_id
from salescompass.models import Account, Membership, Pipeline, Product, Stage, Tag, TenantPublic

FIELDS = (events.FIELDS, scoring.FIELDS, actions.FIELDS)
OPTIONS: dict[str, Any] = {
    "membership": Membership, "stage": Stage, "pipeline": Pipeline, "tag": Tag, "product": Product,
}  # fmt: skip
MOST_OPTIONS = 500


def catalogue(session: Session, actor: Actor | None = None) -> Catalogue:
    """What this tenant's conditions can look at, as far as `actor` sees, or whoever the session was opened for."""
    tenant = session.exec(rows_of(TenantPublic)).one()
    types = crm.object_types()
    for fields in (*FIELDS, crm.own_fields(session)):
        for key, more in fields.items():
            types[key] = types[key].with_fields(more)
    for key, kind in types.items():
        types[key] = replace(kind, seen=crm.Sight.of(session, key, actor).condition)
    return Catalogue(types, ZoneInfo(tenant.zone), tenant.currency)


def names(session: Session, tree: Tree) -> dict[str, str]:
    """The names of what a tree tells by id or key: members, accounts, stages, tags, products, types of events."""
    ids = sorted({one for value in _values(tree.root) if (one := parse_id(value))})
    found = {key: kind.label for key, kind in events.types(session).items()}
    return found | _names_of(session, ids)


def options(session: Session, refers_to: str) -> list[Choice]:
    """What a reference may point at, by name: members, stages, pipelines, tags or products; others are searched for.

    A stage is told with its pipeline.
    """
    table = OPTIONS.get(refers_to)
    if table is None:
        return []
    if table is not Stage:
        query = select(col(table.id), col(table.name)).order_by(func.lower(col(table.name)), col(table.id))
    else:
        query = select(col(Stage.id), col(Pipeline.name) + ": " + col(Stage.name)).join(
            Pipeline, and_(col(Pipeline.tenant_id) == col(Stage.tenant_id), col(Pipeline.id) == col(Stage.pipeline_id))
        )
        query = query.where(col(Pipeline.deleted_at).is_(None)).order_by(
            col(Pipeline.position), col(Pipeline.id), col(Stage.position), col(Stage.id)
        )
    if hasattr(table, "deleted_at"):
        query = query.where(col(table.deleted_at).is_(None))
    return [Choice(str(one), name) for one, name in session.connection().execute(query.limit(MOST_OPTIONS))]


def _names_of(session: Session, ids: list[UUID]) -> dict[str, str]:
    if not ids:
        return {}
    wanted = any_(literal(ids, ARRAY(UUID_TYPE())))
    tables = (Membership, Pipeline, Stage, Tag, Product)
    parts = [select(col(table.id), col(table.name)).where(col(table.id) == wanted) for table in tables]
    seen = crm.Sight.of(session, "account").condition()
    rows = union_all(*parts, select(col(Account.id), col(Account.name)).where(col(Account.id) == wanted, seen))
    return {str(one): name for one, name in session.connection().execute(rows)}


def _values(group: Group) -> Iterator[str]:
    for leaf in group.leaves():
        values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        yield from (value for value in values if isinstance(value, str))
    for related in group.relateds():
        yield from _values(related.group)
