"""What a batch of rows looks at beside its own records: whose ids there are, pipelines, the tenant's currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from salescompass.crm.drafts import Given
from salescompass.crm.pipelines import stage_facts
from salescompass.crm.record_fields import RecordType
from salescompass.crm.rules import Surroundings
from salescompass.crm.seeing import Sight
from salescompass.identity import Actor
from salescompass.models import TenantPublic

_LIVE = {"account", "product"}


def surroundings(session: Session, actor: Actor, of: RecordType, given: Sequence[Given], now: datetime) -> Surroundings:
    """Everything these rows refer to."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    references = {name: one.refers_to for name, one in of.fields.items() if one.refers_to}
    for row in given:
        for name, table in references.items():
            if row.values.get(name):
                wanted[table].add(row.values[name])
    stages = stage_facts(session) if of.object_type == "opportunity" else ()
    known = {
        table: _known(session, actor, table, ids) for table, ids in wanted.items() if table not in ("stage", "pipeline")
    }
    live = [one for one in stages if one.live]
    known |= {"stage": frozenset(one.id for one in live), "pipeline": frozenset(one.pipeline_id for one in live)}
    return Surroundings(now, known, stages, session.exec(select(TenantPublic.currency)).one())


def _known(session: Session, actor: Actor, table: str, ids: set[UUID]) -> frozenset[UUID]:
    query = f"SELECT id FROM {table} WHERE id = ANY(:ids)"  # noqa: S608 - a table of ours
    if table in _LIVE:
        query += " AND deleted_at IS NULL"
    found = frozenset(session.connection().execute(text(query), {"ids": list(ids)}).scalars())
    return found - (Sight.of(session, table, actor).hidden(session, found) if table == "account" else frozenset())
