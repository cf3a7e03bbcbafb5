"""The two readings agree: on random trees over random records, with facts told by the loader and told without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlmodel import Session

from salescompass.catalogue import catalogue
from salescompass.conditions import Catalogue, Tree, evaluate, facts, parse, where
from salescompass.kit.database import owner_engine, tenant_session
from tests.conditions.telling import tell
from tests.conditions.trees import Trees
from tests.conditions.worlds import NOW, World

KINDS = ("account", "person", "opportunity", "product")
Place = tuple[UUID, World, Catalogue]


@pytest.fixture(scope="module")
def place(servers: dict[str, str]) -> Callable[[int], Place]:
    """A tenant with a world of its own, for each seed."""
    from salescompass import identity

    @cache
    def make(seed: int) -> Place:
        tenant = identity.create_tenant(
            name="Made up",
            slug=f"made-up-{seed}",
            admin_email=f"a@made-up-{seed}.example",
            admin_password="pass phrase 7",
        ).tenant_id
        world = World(seed)
        with tenant_session(tenant) as session:
            world.keep(session)
            known = catalogue(session)
        with owner_engine().begin() as connection:  # or a few trees in a hundred are read in seconds
            connection.execute(text("ANALYZE"))
        return tenant, world, known

    return make


def by_sql(session: Session, tree: Tree, known: Catalogue, me: UUID) -> set[UUID]:
    table = known.type(tree.object).table
    asked = where(tree, catalogue=known, now=NOW, me=me)
    alive = table.c.deleted_at.is_(None)
    return set(session.connection().execute(select(table.c.id).where(alive, asked)).scalars())


def check(place: Place, body: dict[str, Any]) -> tuple[int, int]:
    """Compare the readings on one tree. Returns how many records hold it, of how many."""
    tenant, world, known = place
    tree, me = parse(body, known), world.members[0]
    rows = world.records(tree.object)
    with tenant_session(tenant) as session:
        compiled = by_sql(session, tree, known, me)
        loaded = facts(session, tree, [row["id"] for row in rows], catalogue=known, now=NOW)
    told = {row["id"]: tell(world, tree.object, row) for row in rows}
    by_telling = {one for one, fact in told.items() if evaluate(tree, fact, catalogue=known, now=NOW, me=me).holds}
    by_loading = {one for one, fact in loaded.items() if evaluate(tree, fact, catalogue=known, now=NOW, me=me).holds}
    assert compiled == by_telling
    assert compiled == by_loading
    return len(compiled), len(rows)


def bodies(place: Place) -> st.SearchStrategy[dict[str, Any]]:
    trees = Trees(place[1], place[2])
    return st.sampled_from(KINDS).flatmap(trees.trees)


def agree(place: Place, examples: int) -> Counter[str]:
    seen: Counter[str] = Counter()

    @settings(max_examples=examples, phases=[Phase.generate])
    @given(bodies(place))
    def run(body: dict[str, Any]) -> None:
        held, of = check(place, body)
        seen["some" if 0 < held < of else "all" if held else "none"] += 1

    run()
    return seen


def test_both_readings_agree(place: Callable[[int], Place]) -> None:
    seen = agree(place(1), 250)
    # Trees that everybody or nobody holds would prove little.
    assert seen["some"] > sum(seen.values()) / 5, seen


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 40))
def test_both_readings_agree_on_ten_thousand_trees(place: Callable[[int], Place], seed: int) -> None:
    seen = agree(place(seed), 500)
    assert seen["some"] > sum(seen.values()) / 5, seen
