"""What is taken as a tree, and what is refused, with a pointer to the place."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import BigInteger, Column, Date, DateTime, MetaData, Table, Text, Uuid

from salescompass.conditions import (
    Beside,
    Catalogue,
    Choice,
    EventCount,
    Field,
    Group,
    Kind,
    Leaf,
    Match,
    ObjectType,
    Own,
    Related,
    Relation,
    Tree,
    explain,
    parse,
)
from salescompass.kit.errors import Invalid

_META = MetaData()
_SHOP = Table(
    "shop", _META, Column("id", Uuid), Column("name", Text), Column("size", BigInteger), Column("opened", Date),
    Column("seen", DateTime(timezone=True)), Column("owner", Uuid), Column("town", Uuid),
)  # fmt: skip
_TOWN = Table("town", _META, Column("id", Uuid), Column("name", Text), Column("state", Text))


def _nothing(_: Any) -> Any:
    raise AssertionError("reading and explaining select nothing")


def _fields(*fields: Field) -> dict[str, Field]:
    return {field.key: field for field in fields}


_SIZES = (Choice("big", "Big"), Choice("small", "Small"))
_NAME = Field("name", "Name", Kind.TEXT, Own("name"), norm=str.casefold, part_norm=str.casefold)
CATALOGUE = Catalogue(
    {
        "shop": ObjectType(
            "shop", "Shop", "Shops", _SHOP,
            _fields(
                _NAME,
                Field("size", "Size", Kind.NUMBER, Own("size"), whole=True),
                Field("worth", "Worth", Kind.MONEY, Own("size")),
                Field("opened", "Opened", Kind.DAY, Own("opened")),
                Field("seen", "Seen", Kind.MOMENT, Own("seen")),
                Field("age", "Days since", Kind.AGE, Own("seen")),
                Field("owner", "Owner", Kind.REFERENCE, Own("owner"), refers_to="membership"),
                Field("tags", "Tags", Kind.TAGS, Beside(_nothing, absent=frozenset())),
                Field("events", "Events", Kind.EVENTS, Beside(_nothing, absent=0)),
            ),
            {"town": Relation("town", "Town", "town", "town", "id")},
        ),
        "town": ObjectType(
            "town", "Town", "Towns", _TOWN,
            _fields(
                _NAME,
                Field("state", "State", Kind.CHOICE, Own("state"), choices=_SIZES),
            ),
            {"shops": Relation("shops", "Shops", "shop", "id", "town", many=True)},
        ),
    },
    ZoneInfo("Europe/Paris"),
)  # fmt: skip


def rule(field: str, operator: str = "is", value: Any = None, **more: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value, **more}


def group(*rules: dict[str, Any], combinator: str = "and", negated: bool = False, **more: Any) -> dict[str, Any]:
    return {"combinator": combinator, "not": negated, "rules": list(rules), **more}


def deep(levels: int) -> dict[str, Any]:
    found = group(rule("name", value="a"))
    for _ in range(levels - 1):
        found = group(found)
    return found


EXAMPLE = group(
    rule("name", "in", ["Alpha", "Beta"]),
    group(rule("size", "gt", 10), rule("opened", "in_last", 30), combinator="or", negated=True),
    rule("events", "at_least", {"count": 2, "types": ["click"], "who": "human", "days": 30}),
    rule("town.state", "is_not", "small"),
    rule("town.shops", "=", group(rule("worth", "gte", 100_000)), match={"mode": "atLeast", "threshold": 3}),
    version=1,
    object="shop",
)


def test_a_tree_goes_out_as_it_came_in() -> None:
    tree = parse(EXAMPLE, CATALOGUE)
    assert tree.to_json() == EXAMPLE
    assert parse(tree.to_json(), CATALOGUE) == tree
    assert tree.root.nodes[2] == Leaf("events", "at_least", 2, EventCount(("click",), "human", 30))
    assert tree.root.nodes[4] == Related("town.shops", Match.AT_LEAST, Group((Leaf("worth", "gte", 100_000),)), 3)


def test_the_editors_own_marks_are_not_minded() -> None:
    marked = group(rule("name", value="Alpha", id="r1", valueSource="value", inputType="text"), id="g1", path=[])
    assert parse(marked, CATALOGUE, object="shop") == Tree("shop", Group((Leaf("name", "is", "Alpha"),)))


def test_a_tree_is_read_aloud() -> None:
    names = {"click": "Link clicked"}
    assert explain(parse(EXAMPLE, CATALOGUE), catalogue=CATALOGUE, names=names) == (
        "Name is one of Alpha, Beta and not (Size is more than 10 or Opened is in the last 30 days) "
        "and at least 2 human events Link clicked in the last 30 days and Town state is not Small "
        "and at least 3 of Town Shops are such that Worth is at least EUR 1,000.00"
    )
    none = group(
        rule("events", "at_most", {"count": 0, "days": 1}),
        rule("tags", "missing"),
        rule("size", "between", [1, 2]),
        rule("owner", value="me"),
        rule("age", "gte", 1),
        combinator="or",
        negated=True,
    )
    assert explain(parse(none, CATALOGUE, object="shop"), catalogue=CATALOGUE, names={"me": "Ada"}) == (
        "not (no human events in the last 1 day or Tags is not known or Size is from 1 to 2 "
        "or Owner is Ada or Days since is at least 1 day)"
    )
    assert explain(Tree("shop"), catalogue=CATALOGUE) == "everything"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        ({"combinator": "and"}, ""),
        (group(version=2), "/version"),
        (group(object="town"), "/object"),
        (group(combinator="xor"), "/combinator"),
        ({**group(), "not": "yes"}, "/not"),
        (group(rule("name", value="a"), group()), "/rules/1"),
        (group("name"), "/rules/0"),  # type: ignore[arg-type]
        (group(rule("")), "/rules/0/field"),
        (group(rule("colour", value="red")), "/rules/0/field"),
        (group(rule("town.mayor", value="red")), "/rules/0/field"),
        (group(rule("mayor.name", value="red")), "/rules/0/field"),
        (group(rule("town.shops.name", value="a")), "/rules/0/field"),
        (group(rule("name", "gt", "a")), "/rules/0/operator"),
        (group(rule("name", ["is"], "a")), "/rules/0/operator"),
        (group(rule("name", value="a", valueSource="field")), "/rules/0/valueSource"),
        (group(rule("name", value="")), "/rules/0/value"),
        (group(rule("name", value="  ")), "/rules/0/value"),
        (group(rule("name", value=7)), "/rules/0/value"),
        (group(rule("name", value="a" * 201)), "/rules/0/value"),
        (group(rule("name", value="a\x00b")), "/rules/0/value"),
        (group(rule("name", value="a\ud800")), "/rules/0/value"),
        (group(rule("name", "in", "a")), "/rules/0/value"),
        (group(rule("name", "in", [])), "/rules/0/value"),
        (group(rule("name", "in", ["a"] * 501)), "/rules/0/value"),
        (group(rule("name", "in", ["a", 1])), "/rules/0/value/1"),
        (group(rule("size", value=True)), "/rules/0/value"),
        (group(rule("size", value="7")), "/rules/0/value"),
        (group(rule("size", value=1.5)), "/rules/0/value"),
        (group(rule("size", value=float("nan"))), "/rules/0/value"),
        (group(rule("size", value=2**60)), "/rules/0/value"),
        (group(rule("worth", value=0.5)), "/rules/0/value"),
        (group(rule("size", "between", [1])), "/rules/0/value"),
        (group(rule("opened", value="2026-11-31")), "/rules/0/value"),
        (group(rule("opened", value="20261120")), "/rules/0/value"),
        (group(rule("opened", value="2026-W12-3")), "/rules/0/value"),
        (group(rule("opened", value="0001-01-01")), "/rules/0/value"),
        (group(rule("opened", "in_last", -1)), "/rules/0/value"),
        (group(rule("age", value=1.5)), "/rules/0/value"),
        (group(rule("owner", value="ada")), "/rules/0/value"),
        (group(rule("tags", "has_any", ["me"])), "/rules/0/value/0"),
        (group(rule("town.state", value="huge")), "/rules/0/value"),
        (group(rule("events", "at_least", 2)), "/rules/0/value"),
        (group(rule("events", "at_least", {"count": -1})), "/rules/0/value/count"),
        (group(rule("events", "at_least", {"types": "click"})), "/rules/0/value/types"),
        (group(rule("events", "at_least", {"types": [""]})), "/rules/0/value/types/0"),
        (group(rule("events", "at_least", {"who": "god"})), "/rules/0/value/who"),
        (group(rule("events", "at_least", {"days": "7"})), "/rules/0/value/days"),
        (group(rule("town.shops", match={"mode": "most"}, value=group())), "/rules/0/match/mode"),
        (group(rule("town", match={"mode": "some"}, value=group())), "/rules/0/field"),
        (group(rule("town.shops", match={"mode": "atLeast", "threshold": -1})), "/rules/0/match/threshold"),
        (group(rule("town.shops", match={"mode": "some"}, value=7)), "/rules/0/value"),
        (
            group(rule("town.shops", match={"mode": "some"}, value=group(rule("size", value="x")))),
            "/rules/0/value/rules/0/value",
        ),
        (group(*[rule("name", value="a")] * 101), "/rules/100"),
        (deep(9), "/rules/0" * 8),
    ],
)
def test_what_is_wrong_is_pointed_at(body: Any, pointer: str) -> None:
    with pytest.raises(Invalid) as told:
        parse(body, CATALOGUE, object="shop")
    assert told.value.pointer == pointer
    assert told.value.errors[0].pointer == pointer
    assert told.value.message[0].isupper()


def test_bounds_are_met_exactly() -> None:
    assert parse(deep(8), CATALOGUE, object="shop").to_json()["rules"]
    assert len(parse(group(*[rule("name", value="a" * 200)] * 100), CATALOGUE, object="shop").root.nodes) == 100
    assert parse(group(rule("name", "in", ["a"] * 500)), CATALOGUE, object="shop")
    assert parse(group(), CATALOGUE, object="shop").empty
    with pytest.raises(Invalid):
        parse(group(), CATALOGUE)
