"""What an editor offers can be asked: each field with each of its operators makes a tree."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.catalogue import options
from salescompass.conditions import OF_KIND, Catalogue, Match, editor_fields, parse
from tests.conditions.test_plans import ID, VALUES


def value_of(offered: dict[str, Any], operator: dict[str, Any]) -> Any:
    """Some value that fits what is offered."""
    if operator["takes"] == "count":
        return {"count": 1, "types": [], "who": "any", "days": 7}
    if operator["takes"] == "days":
        return 7
    known = {kind.value: value for kind, value in VALUES.items()}
    one = offered["values"][0]["name"] if offered["values"] else known.get(offered["kind"], ID)
    return [one, one] if operator["takes"] in ("list", "pair") else one


@pytest.mark.parametrize("kind", ["account", "person", "opportunity", "product"])
def test_everything_offered_can_be_asked(known: Catalogue, kind: str) -> None:
    for offered in editor_fields(known, kind):
        if offered["kind"] == "related":
            assert {mode["name"] for mode in offered["matchModes"]} == set(Match)
            inner = [field for field in offered["subproperties"] if field["name"] == "name"]
            rules = [{"field": inner[0]["name"], "operator": "is", "value": "a"}]
            match = {"mode": "some"}
            rule = {"field": offered["name"], "operator": "=", "match": match, "value": {"rules": rules}}
            assert parse({"rules": [rule]}, known, object=kind)
            continue
        assert [operator["name"] for operator in offered["operators"]] == list(OF_KIND[offered["kind"]])
        for operator in offered["operators"]:
            rule = {"field": offered["name"], "operator": operator["name"], "value": value_of(offered, operator)}
            assert parse({"rules": [rule]}, known, object=kind), rule


def test_fields_of_one_related_record_are_offered_by_their_way(known: Catalogue) -> None:
    names = {offered["name"]: offered["label"] for offered in editor_fields(known, "person")}
    assert names["account.industry"] == "Account industry"
    assert names["score"] == "Score"
    assert not any(name.startswith("account.parent.") for name in names)
    farther = {offered["name"] for offered in editor_fields(known, "person", steps=2)}
    assert "account.parent.industry" in farther


def test_what_a_reference_may_point_at_is_told_by_name(session: Session) -> None:
    boss = identity.system_actor(session.info["tenant_id"], "Boss")
    stages = [crm.StageFields("Open"), crm.StageFields("Won", 100, kind="won"), crm.StageFields("Lost", kind="lost")]
    crm.save_pipeline(session, boss, pipeline_id=None, name="Renewals", stages=stages)
    found = [choice.label for choice in options(session, "stage")]
    assert [label for label in found if label.startswith("Renewals")] == [
        "Renewals: Open",
        "Renewals: Won",
        "Renewals: Lost",
    ]
    assert "Renewals" in [choice.label for choice in options(session, "pipeline")]
    assert len(options(session, "membership")) == 1
    assert options(session, "account") == []
