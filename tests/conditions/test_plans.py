"""Conditions on a record's own columns are index conditions: looked at as the application role, under its policies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from salescompass import identity
from salescompass.conditions import OF_KIND, Catalogue, Field, Kind, Own, Tree, matching
from salescompass.kit.database import owner_engine, tenant_session
from tests.conditions.conftest import NOW, Asked

# What an index can serve: equality and ranges. The others look at every row of the kind, newest first.
SERVED = ("is", "in", "gt", "gte", "lt", "lte", "between", "before", "after", "in_last", "older_than", "starts_with")
ID = "01a1f95b-361a-7a47-a9ab-c788a716d30c"
VALUES: dict[Kind, Any] = {
    Kind.TEXT: "acme.example", Kind.NUMBER: 5, Kind.MONEY: 500, Kind.DAY: "2026-11-01", Kind.MOMENT: "2026-11-01",
    Kind.AGE: 5, Kind.BOOLEAN: True, Kind.REFERENCE: ID,
}  # fmt: skip


SPREAD = "now() - n * interval '1 day'"
COLUMNS, VALUED = (
    "id, name, name_norm, created_at, updated_at",
    f"gen_random_uuid(), 'N' || n, 'n' || n, {SPREAD}, {SPREAD}",
)
MANY = "FROM generate_series(1, :n) n"
FILL = (
    f"INSERT INTO account ({COLUMNS}) SELECT {VALUED} {MANY}",
    f"INSERT INTO person ({COLUMNS}, kind, status) SELECT {VALUED}, 'contact', 'left' {MANY}",
    f"INSERT INTO product ({COLUMNS}, active) SELECT {VALUED}, false {MANY}",
    "INSERT INTO pipeline (id, name, name_norm) VALUES (:pipeline, 'Sales', 'sales')",
    "INSERT INTO stage (id, pipeline_id, name, name_norm) VALUES (:stage, :pipeline, 'S', 's')",
    f"INSERT INTO opportunity ({COLUMNS}, pipeline_id, stage_id, state, stage_entered_at) "
    f"SELECT {VALUED}, CAST(:pipeline AS uuid), CAST(:stage AS uuid), 'open', {SPREAD} {MANY}",
)
# Whether leads or contacts are listed stands first in every index of theirs; so few leads are converted that their list
# is read in the order of its sort.
BY_THE_SORT = ("kind", "converted_at")
# Values that few records have: what all have is read quicker without its index, whatever the index could do.
FEW: dict[str, Any] = {"before": "1990-01-01", "after": "2100-01-01", "older_than": 36_000, "in_last": 3}


def value_of(field: Field, operator: str) -> Any:
    """A value that fits, and few have."""
    one = field.choices[-1].value if field.choices else VALUES[field.kind]
    if operator in FEW:
        return FEW[operator]
    if field.kind in (Kind.NUMBER, Kind.AGE, Kind.MONEY) and operator in ("gt", "gte"):
        return 36_000
    if operator in ("lt", "lte"):
        return 0 if field.kind is Kind.AGE else -5
    return [one, one] if operator in ("in", "between") else one


def index_conditions(plan: dict[str, Any]) -> Iterator[str]:
    if "Index Cond" in plan:
        yield plan["Index Cond"]
    for inner in plan.get("Plans", ()):
        yield from index_conditions(inner)


def plan_of(session: Session, tree: Tree, known: Catalogue) -> dict[str, Any]:
    table = known.type(tree.object).table
    # People are listed as leads or as contacts.
    also = (table.c.kind == "contact",) if "kind" in table.c else ()
    query = matching(tree, catalogue=known, now=NOW, also=also).limit(50)
    compiled = query.compile(dialect=postgresql.psycopg.dialect())  # type: ignore[no-untyped-call]
    cursor = session.connection().connection.cursor()
    cursor.execute(f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params)
    found = cursor.fetchone()[0]  # type: ignore[index]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


@pytest.fixture(scope="module")
def tenant(servers: dict[str, str]) -> UUID:
    """So many records of each kind that the planner does not just read them all, and knows it."""
    slug = f"plans-{uuid4().hex[:6]}"
    made = identity.create_tenant(
        name="Plans", slug=slug, admin_email=f"a@{slug}.example", admin_password="walnut harbour seven"
    ).tenant_id
    with tenant_session(made) as session:
        given = {"stage": uuid4(), "pipeline": uuid4(), "n": 3000}
        for statement in FILL:
            session.connection().execute(text(statement), given)
    with owner_engine().begin() as connection:
        connection.execute(text("ANALYZE account, person, product, opportunity"))
    return made


@pytest.mark.parametrize("kind", ["account", "person", "opportunity", "product"])
def test_an_own_column_is_found_by_its_index(session: Session, known: Catalogue, ask: Asked, kind: str) -> None:
    # What holds for all of so few is read quicker without; what is asked is whether it could be read otherwise.
    session.connection().execute(text("SET LOCAL enable_seqscan = off"))
    tried = 0
    for field in known.type(kind).fields.values():
        if not isinstance(field.at, Own) or field.key in BY_THE_SORT:
            continue
        for operator in set(SERVED) & set(OF_KIND[field.kind]):
            plan = plan_of(session, ask(kind, (field.key, operator, value_of(field, operator))), known)
            found = list(index_conditions(plan))
            assert any(f"({field.at.column} " in one for one in found), (field.key, operator, found)
            tried += 1
    assert tried > 15
