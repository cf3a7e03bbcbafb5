"""How the verbs of records are called so that they give data; the rest is in `controls.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from salescompass import crm
from salescompass.catalogue import catalogue
from salescompass.conditions import Group, Leaf, Tree
from salescompass.crm import BulkAct, StageFields
from salescompass.identity import Answer
from salescompass.vocabulary import DealRole, DealType
from tests.world import World

_STAGES = [StageFields("Open"), StageFields("Won", 100, kind="won"), StageFields("Lost", kind="lost")]


def _on_account(w: World) -> dict[str, Any]:
    return {"object_type": "account", "object_id": w.ids["account"]}


def _in_deal(w: World) -> dict[str, Any]:
    return {"opportunity_id": w.ids["deal"], "person_id": w.ids["person"], "role": "user"}


def _deals(w: World) -> dict[str, Any]:
    with w.session() as session:
        stage = crm.pipelines(session)[0].stages[0].id
    person, at = w.ids["person"], w.at - timedelta(days=3)
    deal = crm.DealRecord(
        uuid4(), "More", w.ids["account"], 100, "EUR", DealType.NEW, None, None, at.date(), ((stage, at),),
        ((person, DealRole.USER),),
    )  # fmt: skip
    return {"deals": [deal]}


def _board(w: World) -> dict[str, Any]:
    with w.session() as session:
        return {"pipeline": crm.pipelines(session)[0]}


def _marked(w: World) -> dict[str, Any]:
    """Conditions that only this tenant's records hold, and what they look at."""
    with w.session() as session:
        tree = Tree("account", Group((Leaf("name", "contains", w.mark),)))
        return {"tree": tree, "catalogue": catalogue(session), "now": w.at}


RECORD_VERBS: dict[str, Callable[[World], dict[str, Any]]] = {
    "conditions.count": _marked,
    "conditions.facts": lambda w: {**_marked(w), "ids": [w.ids["account"]]},
    "crm.own_fields": lambda w: {},
    "crm.convert_lead": lambda w: {"person_id": w.ids["lead"]},
    "crm.deal_board": _board,
    "crm.holds_deals": lambda w: {"ids": [w.ids["deal"]]},
    "crm.deal_people": lambda w: {"opportunity_id": w.ids["deal"]},
    "crm.deals_of": lambda w: {"account_id": w.ids["account"]},
    "crm.delete_tag": lambda w: {"tag_id": w.ids["tag"]},
    "crm.ensure_deals": _deals,
    "crm.moments": lambda w: {"objects": {"account": [w.ids["account"]], "opportunity": [w.ids["deal"]]}},
    "crm.record_changes": lambda w: {},
    "crm.rename_tag": lambda w: {"tag_id": w.ids["tag"], "name": "Changed"},
    "crm.delete_view": lambda w: {"view_id": w.ids["view"]},
    "crm.save_view": lambda w: {"kind": "accounts", "name": "Changed", "state": {}, "view_id": w.ids["view"]},
    "crm.saved_views": lambda w: {"kind": "accounts"},
    "crm.search_records": lambda w: {"words": w.mark},
    "crm.set_deal_role": _in_deal,
    "events.people_active": lambda w: {"day": datetime.now(UTC).date()},
    "events.events_on": lambda w: {"day": datetime.now(UTC).date()},
    "events.touches": lambda w: {"person_ids": [w.ids["person"]], "since": w.at - timedelta(days=90)},
    "crm.similar_deals": lambda w: {"opportunity_id": w.ids["deal"]},
    "crm.stage_stays": lambda w: {"opportunity_id": w.ids["deal"], "now": w.at},
    "crm.write_deal_snapshots": lambda w: {"now": w.at + timedelta(days=1)},
    "reactions.records_changed": lambda w: {"account_ids": [w.ids["account"]]},
    "crm.tag_records": lambda w: {"kind": "accounts", "ids": [w.ids["account"]], "add": ["More"]},
    "crm.tags": lambda w: {},
    "crm.begin_bulk_edit": lambda w: {
        "kind": "accounts",
        "act": BulkAct(fields={"city": "Oslo"}),
        "words": "Oslo",
        "ids": [w.ids["account"]],
    },
    "crm.bulk_edit": lambda w: {"bulk_edit_id": w.ids["bulk_edit"]},
    "crm.bulk_results": lambda w: {"bulk_edit_id": w.ids["bulk_edit"]},
    "crm.cancel_bulk_edit": lambda w: {"bulk_edit_id": w.ids["bulk_edit_running"]},
    "crm.forget_bulk_edits": lambda w: {"now": w.at + timedelta(days=40)},
    "crm.go_on_with_bulk_edit": lambda w: {"bulk_edit_id": w.ids["bulk_edit_running"]},
    "crm.undo_bulk_edit": lambda w: {"bulk_edit_id": w.ids["bulk_edit"]},
    "crm.undo_batch": lambda w: {"batch_id": w.ids["batch"]},
    "crm.undo_own_act": lambda w: {"batch_id": w.ids["batch"]},
    "identity.remember_answer": lambda w: {
        "answer": Answer(201, "more", {}),
        "api_key_id": w.ids["key"],
        "key": "more",
        "request_hash": "x",
        "now": w.at,
    },
    "identity.remembered_answer": lambda w: {
        "api_key_id": w.ids["key"],
        "key": w.mark,
        "request_hash": "x",
        "now": w.at,
    },
    "identity.forget_answers": lambda w: {"now": w.at + timedelta(days=2)},
    "identity.delete_team": lambda w: {"team_id": w.ids["team"]},
    "identity.role_scopes": lambda w: {},
    "identity.save_team": lambda w: {"team_id": w.ids["team"], "name": "Changed"},
    "identity.set_role_scope": lambda w: {"key": w.role, "levels": {"account": "own"}},
    "identity.teams": lambda w: {},
    "identity.availabilities": lambda w: {},
    "identity.set_hours": lambda w: {"work_from": time(9), "work_to": time(17), "work_days": "12345"},
    "identity.set_out_of_office": lambda w: {"member_id": w.ids["colleague"], "out_from": w.at.date()},
    "identity.set_capacity": lambda w: {"member_id": w.ids["colleague"], "weight": 3, "max_open": 12},
    "identity.teams_of": lambda w: {},
    "crm.count_records": lambda w: {"kind": "accounts"},
    "crm.create_record": lambda w: {"kind": "accounts", "fields": {"name": "More", "parent_id": w.ids["account"]}},
    "crm.delete_records": lambda w: {"kind": "accounts", "ids": [w.ids["account"]]},
    "crm.edit_records": lambda w: {"kind": "contacts", "ids": [w.ids["person"]], "fields": {"city": "Oslo"}},
    "crm.get_record": lambda w: {"kind": "accounts", "record_id": w.ids["account"]},
    "crm.get_records": lambda w: {"object_type": "account", "ids": [w.ids["account"]]},
    "crm.list_pages": lambda w: {"kind": "opportunities", "asked": [(None, 50)]},
    "crm.list_records": lambda w: {"kind": "opportunities"},
    "crm.move_stage": lambda w: {"opportunity_id": w.ids["deal"], "stage_id": w.ids["won"]},
    "crm.purge_trash": lambda w: {"now": w.at + timedelta(days=40)},
    "crm.record_ids": lambda w: {"kind": "contacts"},
    "crm.restore_records": lambda w: {"kind": "products", "ids": [w.ids["trashed"]]},
    "crm.trashed": lambda w: {"since": w.at - timedelta(days=1)},
    "crm.trash": lambda w: {"kind": "products"},
    "crm.update_record": lambda w: {"kind": "leads", "record_id": w.ids["lead"], "fields": {"city": "Oslo"}},
    "crm.custom_fields": lambda w: {"object_type": "account"},
    "crm.delete_pipeline": lambda w: {"pipeline_id": w.ids["pipeline"]},
    "crm.pipelines": lambda w: {},
    "crm.retire_custom_field": lambda w: {"object_type": "account", "key": f"{w.mark}_field"},
    "crm.save_custom_field": lambda w: {"object_type": "account", "key": f"{w.mark}_field", "label": "Changed"},
    "crm.save_pipeline": lambda w: {"pipeline_id": w.ids["pipeline"], "name": "Changed", "stages": _STAGES},
    "crm.order_custom_fields": lambda w: {"object_type": "account", "keys": [f"{w.mark}_field"]},
    "crm.order_stages": lambda w: {"pipeline_id": w.ids["pipeline"], "stage_ids": [w.ids["shut"], *w.stages]},
    "crm.remove_stage": lambda w: {"stage_id": w.ids["shut"], "into": w.stages[1]},
    "crm.save_stage": lambda w: {"pipeline_id": w.ids["pipeline"], "stage": StageFields("More")},
    "crm.set_usual_pipeline": lambda w: {"pipeline_id": w.ids["pipeline"]},
    "crm.stage_use": lambda w: {},
    "crm.upsert_records": lambda w: {
        "kind": "accounts",
        "rows": [{"id": w.ids["account"], "industry": "More"}],
        "key": "id",
    },
}


def _headers(w: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {w.key}"}


def _routes(kind: str, one: str, name: str, body: Callable[[World], dict[str, Any]]) -> dict[str, Any]:
    def by_id(of: World, by: World) -> dict[str, Any]:
        return {"path": {f"{one}_id": of.ids[name]}, "headers": _headers(by)}

    place = f"/api/v1/{kind}"
    return {
        f"GET {place}": lambda of, by: {"headers": _headers(by)},
        f"GET {place}/{{{one}_id}}": by_id,
        f"POST {place}": lambda of, by: {"json": body(of), "headers": _headers(by)},
        f"PATCH {place}/{{{one}_id}}": lambda of, by: {"json": {"name": f"{of.mark} changed"}, **by_id(of, by)},
    }


# A new record names one of the tenant's own: another tenant's is refused.
RECORD_ROUTES: dict[str, Callable[[World, World], dict[str, Any]]] = {
    **_routes("accounts", "account", "account", lambda w: {"name": "More", "parent_id": str(w.ids["account"])}),
    **_routes("contacts", "contact", "person", lambda w: {"name": "More", "account_id": str(w.ids["account"])}),
    **_routes("leads", "lead", "lead", lambda w: {"name": "More", "account_id": str(w.ids["account"])}),
    **_routes("opportunities", "opportunity", "deal", lambda w: {"name": "More", "account_id": str(w.ids["account"])}),
}
