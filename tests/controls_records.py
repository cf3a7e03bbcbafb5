"""How the verbs of records are called so that they give data; the rest is in `controls.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from salescompass.crm import StageFields
from tests.world import World

_STAGES = [StageFields("Open"), StageFields("Won", 100, kind="won"), StageFields("Lost", kind="lost")]


def _on_account(w: World) -> dict[str, Any]:
    return {"object_type": "account", "object_id": w.ids["account"]}


def _in_deal(w: World) -> dict[str, Any]:
    return {"opportunity_id": w.ids["deal"], "person_id": w.ids["person"], "role": "user"}


RECORD_VERBS: dict[str, Callable[[World], dict[str, Any]]] = {
    "crm.add_note": lambda w: {**_on_account(w), "body": "More"},
    "crm.convert_lead": lambda w: {"person_id": w.ids["lead"]},
    "crm.deal_people": lambda w: {"opportunity_id": w.ids["deal"]},
    "crm.deals_of_person": lambda w: {"person_id": w.ids["person"]},
    "crm.delete_note": lambda w: {"note_id": w.ids["note"]},
    "crm.delete_tag": lambda w: {"tag_id": w.ids["tag"]},
    "crm.edit_note": lambda w: {"note_id": w.ids["note"], "body": "Changed"},
    "crm.notes": _on_account,
    "crm.record_changes": lambda w: {},
    "crm.rename_tag": lambda w: {"tag_id": w.ids["tag"], "name": "Changed"},
    "crm.search_records": lambda w: {"words": w.mark},
    "crm.set_deal_role": _in_deal,
    "crm.tag_records": lambda w: {"kind": "accounts", "ids": [w.ids["account"]], "add": ["More"]},
    "crm.tags": lambda w: {},
    "crm.undo_batch": lambda w: {"batch_id": w.ids["batch"]},
    "identity.delete_team": lambda w: {"team_id": w.ids["team"]},
    "identity.role_scopes": lambda w: {},
    "identity.save_team": lambda w: {"team_id": w.ids["team"], "name": "Changed"},
    "identity.set_role_scope": lambda w: {"key": w.role, "levels": {"account": "own"}},
    "identity.teams": lambda w: {},
    "crm.count_records": lambda w: {"kind": "accounts"},
    "crm.create_record": lambda w: {"kind": "accounts", "fields": {"name": "More", "parent_id": w.ids["account"]}},
    "crm.delete_records": lambda w: {"kind": "accounts", "ids": [w.ids["account"]]},
    "crm.edit_records": lambda w: {"kind": "contacts", "ids": [w.ids["person"]], "fields": {"city": "Oslo"}},
    "crm.get_record": lambda w: {"kind": "accounts", "record_id": w.ids["account"]},
    "crm.get_records": lambda w: {"object_type": "account", "ids": [w.ids["account"]]},
    "crm.list_records": lambda w: {"kind": "opportunities"},
    "crm.move_stage": lambda w: {"opportunity_id": w.ids["deal"], "stage_id": w.ids["won"]},
    "crm.purge_trash": lambda w: {"now": w.at + timedelta(days=40)},
    "crm.record_ids": lambda w: {"kind": "contacts"},
    "crm.restore_records": lambda w: {"kind": "products", "ids": [w.ids["trashed"]]},
    "crm.trash": lambda w: {"kind": "products"},
    "crm.update_record": lambda w: {"kind": "leads", "record_id": w.ids["lead"], "fields": {"city": "Oslo"}},
    "crm.custom_fields": lambda w: {"object_type": "account"},
    "crm.delete_pipeline": lambda w: {"pipeline_id": w.ids["pipeline"]},
    "crm.pipelines": lambda w: {},
    "crm.retire_custom_field": lambda w: {"object_type": "account", "key": f"{w.mark}_field"},
    "crm.save_custom_field": lambda w: {"object_type": "account", "key": f"{w.mark}_field", "label": "Changed"},
    "crm.save_pipeline": lambda w: {"pipeline_id": w.ids["pipeline"], "name": "Changed", "stages": _STAGES},
    "crm.upsert_records": lambda w: {
        "kind": "accounts",
        "rows": [{"id": w.ids["account"], "industry": "More"}],
        "key": "id",
    },
}
