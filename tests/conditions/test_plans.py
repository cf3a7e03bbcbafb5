"""Conditions on a record's own columns are index conditions: looked at as the application role, under its policies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from benchmarks.company import PEOPLE, fill
from benchmarks.own_columns import Asked, every
from salescompass import conditions, crm, identity
from salescompass.catalogue import catalogue
from salescompass.conditions import OF_KIND, Catalogue, Field, Kind, Own, Tree, matching
from salescompass.kit.database import owner_engine, tenant_session
from salescompass.vocabulary import RecordKind
from tests.conditions.conftest import NOW
from tests.conditions.conftest import Asked as Tell

# What an index can serve: equality, ranges, and what is left of them. The others look at every row, newest first.
SERVED = ("is", "in", "gt", "gte", "lt", "lte", "between", "before", "after", "in_last", "older_than", "starts_with")
LEFT = ("is_not", "not_in", "missing")
"""What is left when a comparison does not hold."""
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
# Whether leads or contacts are listed stands first in every index of theirs.
BY_THE_SORT = ("kind",)
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


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes of a plan."""
    yield plan
    for inner in plan.get("Plans", ()):
        yield from scans(inner)


def index_conditions(plan: dict[str, Any]) -> list[str]:
    return [one["Index Cond"] for one in scans(plan) if "Index Cond" in one]


def explained(session: Session, statement: str, given: Any) -> dict[str, Any]:
    cursor = session.connection().connection.cursor()
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", given)
    found = cursor.fetchone()[0]  # type: ignore[index]
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def plan_of(session: Session, tree: Tree, known: Catalogue) -> dict[str, Any]:
    table = known.type(tree.object).table
    # People are listed as leads or as contacts.
    also = (table.c.kind == "contact",) if "kind" in table.c else ()
    query = matching(tree, catalogue=known, now=NOW, also=also).limit(50)
    compiled = query.compile(dialect=postgresql.psycopg.dialect())
    return explained(session, str(compiled), compiled.params)


@pytest.fixture(scope="module")
def tenant(servers: dict[str, str]) -> UUID:
    """So many records of each kind that the planner does not just read them all, and knows it."""
    slug = f"plans-{uuid4().hex[:6]}"
    made = identity.create_tenant(
        name="Plans", slug=slug, admin_email=f"a@{slug}.example", admin_password="walnut harbour seven"
    ).tenant_id
    with tenant_session(made) as session:
        given = {"stage": uuid4(), "pipeline": uuid4(), "n": 12_000}
        for statement in FILL:
            session.connection().execute(text(statement), given)
    with owner_engine().begin() as connection:
        connection.execute(text("ANALYZE account, person, product, opportunity"))
    return made


@pytest.mark.parametrize("kind", ["account", "person", "opportunity", "product"])
def test_an_own_column_is_found_by_its_index(session: Session, known: Catalogue, ask: Tell, kind: str) -> None:
    # What holds for all of so few is read quicker without; what is asked is whether it could be read otherwise.
    session.connection().execute(text("SET LOCAL enable_seqscan = off"))
    tried = 0
    for field in known.type(kind).fields.values():
        if not isinstance(field.at, Own) or field.key in BY_THE_SORT:
            continue
        for operator in sorted(set(SERVED) & set(OF_KIND[field.kind])):
            plan = plan_of(session, ask(kind, (field.key, operator, value_of(field, operator))), known)
            found = index_conditions(plan)
            assert any(f"({field.at.column} " in one for one in found), (field.key, operator, found)
            tried += 1
    assert tried > 15


@pytest.mark.parametrize("kind", ["account", "person", "opportunity", "product"])
def test_what_is_left_is_found_by_an_index_when_it_is_little(
    session: Session, known: Catalogue, ask: Tell, kind: str
) -> None:
    """Every record holds the comparison, and what does not is asked for: nothing, without looking at every row."""
    session.connection().execute(text("SET LOCAL enable_seqscan = off"))
    (first,) = session.connection().execute(text(f"SELECT * FROM {kind} LIMIT 1")).mappings()  # noqa: S608
    tried = 0
    for field in known.type(kind).fields.values():
        if not isinstance(field.at, Own) or field.at.currency or field.key in BY_THE_SORT:
            continue
        held = first[field.at.column]
        alike = (
            session.connection()
            .execute(
                text(f"SELECT count(DISTINCT {field.at.column}) FROM {kind}")  # noqa: S608
            )
            .scalar_one()
        )
        if held is None or alike != 1:
            continue
        value = held if isinstance(held, bool | int | str) else str(held)
        for operator in sorted(set(LEFT) & set(OF_KIND[field.kind])):
            told = None if operator == "missing" else [value] if operator == "not_in" else value
            plan = plan_of(session, ask(kind, (field.key, operator, told)), known)
            found = index_conditions(plan)
            rows = [one for one in scans(plan) if "Relation Name" in one]
            # A column that is never empty need not even be looked at to tell who lacks it.
            assert not rows or any(field.at.column in one for one in found), (field.key, operator, found)
            tried += 1
    assert tried >= (0 if kind == "account" else 2)


@pytest.mark.parametrize("people", [20_000, pytest.param(PEOPLE, marks=pytest.mark.slow)])
def test_no_list_has_the_tenant_as_its_only_index_condition(servers: dict[str, str], people: int) -> None:
    """Every sort and every filter of own columns of every list, as its page asks, with values there and not there.

    No index serves a piece of a text that most rows hold: there all of the tenant may be read, and benchmarks tell what
    it takes.
    """
    slug = f"many-{uuid4().hex[:6]}"
    tenant = identity.create_tenant(
        name="Many", slug=slug, admin_email=f"a@{slug}.example", admin_password="walnut harbour seven"
    ).tenant_id
    fill(tenant, people)
    tried = 0
    for kind in crm.RECORD_TYPES:
        with tenant_session(tenant) as session:
            known = catalogue(session)
            if people < PEOPLE:  # reading so few accounts and deals whole takes less time than any index
                session.connection().execute(text("SET LOCAL enable_seqscan = off"))
            for one in every(session, kind, known):
                for plan in page_plans(session, kind, known, one):
                    for node in scans(plan):
                        mine = node.get("Relation Name") == crm.RECORD_TYPES[kind].object_type
                        assert not mine or narrow(node) or one.way == "pieces", (kind, one, node)
                tried += 1
    assert tried > 1000


def page_plans(session: Session, kind: RecordKind, known: Catalogue, one: Asked) -> list[dict[str, Any]]:
    """How the statements of a first page would be done."""
    of, noted = crm.RECORD_TYPES[kind], list[tuple[str, Any]]()
    where = None
    if one.rule is not None:
        tree = conditions.parse({"rules": [one.rule]}, known, object=of.object_type)
        where = conditions.where(tree, catalogue=known, now=NOW)

    def note(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if f"FROM {of.object_type} " in statement.replace("\n", " ") and "ORDER BY" in statement:
            noted.append((statement, parameters))

    event.listen(session.connection(), "before_cursor_execute", note)
    crm.list_records(session, kind, sort=one.sort, where=where)
    event.remove(session.connection(), "before_cursor_execute", note)
    return [explained(session, *statement) for statement in noted]


def narrow(node: dict[str, Any]) -> bool:
    """Whether rows are found by more than the tenant, and the kind of people that is listed."""
    if node["Node Type"] == "Bitmap Heap Scan":
        return True  # its indices are nodes of their own
    more = re.sub(r"\((tenant_id = [^()]*(\([^()]*\))?[^()]*|kind = [^()]*)\)", "", node.get("Index Cond", ""))
    return bool(re.search(r"[a-z]+_?[a-z]* (=|<|>|IS)", more))
