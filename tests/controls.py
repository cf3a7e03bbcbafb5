"""How each thing that reaches data is called so that it gives data: arguments are made from a tenant's own ids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any
from uuid import uuid4

from salescompass import events, identity, scoring
from salescompass.crm import AccountRecord, AccountRef, PersonRecord, SubjectRef
from salescompass.events import EventBatch
from salescompass.vocabulary import PersonKind, Source, SubjectKind, Verdict
from tests.action_controls import ACTION_ROUTES, ACTION_VERBS
from tests.assignment_controls import ASSIGNMENT_VERBS
from tests.controls_action_lists import ACTION_LIST_VERBS
from tests.controls_records import RECORD_ROUTES, RECORD_VERBS
from tests.file_controls import FILE_VERBS
from tests.job_controls import JOBS_OF_ALL_TENANTS as JOBS_OF_ALL_TENANTS
from tests.rule_controls import RULE_VERBS
from tests.together_controls import TOGETHER_VERBS
from tests.world import PASSWORD, World

Arguments = Callable[[World], dict[str, Any]]


def _nothing(_: World) -> dict[str, Any]:
    return {}


def _address() -> str:
    return f"guest-{uuid4().hex[:8]}@visitors.example"


def _batch(w: World) -> dict[str, Any]:
    return {"batch": EventBatch((w.ids["event"],), (w.at,))}


def _body(w: World) -> Any:
    return {"type": "page_viewed", "contact": {"id": str(w.ids["person"])}}


def _event(w: World) -> Any:
    return events.read_event(_body(w), now=w.at)


def _cells(w: World) -> dict[str, Any]:
    return {"cells": [events.Cell(SubjectKind.PERSON, w.ids["person"], w.at.astimezone(UTC).date())]}


def _entry(w: World) -> dict[str, Any]:
    with w.session() as session:
        return {"event": events.event(session, w.ids["event"], w.at)}


def _later(days: int) -> Arguments:
    return lambda w: {"now": w.at + timedelta(days=days)}


def _person(w: World) -> dict[str, Any]:
    return {"kind": SubjectKind.PERSON, "subject_id": w.ids["person"]}


def _people(w: World) -> dict[str, Any]:
    return {"kind": SubjectKind.PERSON, "ids": [w.ids["person"]]}


def _event_at(name: str, **more: Any) -> Arguments:
    return lambda w: {"event_id": w.ids[name], "occurred_at": w.at, **more}


_NARROW = [events.NarrowRule("page_viewed:pricing", "page_viewed", (events.Condition("url", "is", "/a"),))]


def _past(w: World) -> dict[str, Any]:
    at = w.at - timedelta(days=1)
    one = events.Happening(
        uuid4(),
        at,
        at,
        "page_viewed",
        w.ids["account"],
        w.ids["person"],
        Verdict.HUMAN,
        (),
        None,
        {},
        str(uuid4()),
        None,
    )
    return {"happenings": [one], "source": Source.IMPORT}


def _records(w: World) -> dict[str, Any]:
    account = AccountRecord(uuid4(), "More", f"more-{uuid4().hex[:8]}.example", None, w.at)
    person = PersonRecord(uuid4(), PersonKind.LEAD, account.id, "More", _address(), w.at)
    return {"accounts": [account], "people": [person]}


VERBS: dict[str, Arguments] = {
    "identity.acting_member": lambda w: {"member_id": w.ids["member"]},
    "identity.audit_actions": _nothing,
    "identity.audit_entries": _nothing,
    "identity.bring_members": lambda w: {"rows": [identity.MemberRow(name="Guest")], "now": w.at},
    "identity.change_password": lambda w: {"current": PASSWORD, "new": "another walnut harbour"},
    "identity.change_company": lambda w: {"currency": "EUR"},
    "identity.company": _nothing,
    "identity.create_key": lambda w: {"name": "second", "scopes": ["events:read"]},
    "identity.create_user": lambda w: {"email": _address(), "role": "rep", "name": "More"},
    "identity.delete_role": lambda w: {"key": w.role},
    "identity.disable_member": lambda w: {"member_id": w.ids["colleague"]},
    "identity.enable_member": lambda w: {"member_id": w.ids["disabled"]},
    "identity.flags": _nothing,
    "identity.give_address": lambda w: {"member_id": w.ids["newcomer"], "email": _address()},
    "identity.invite": lambda w: {"email": _address(), "name": "Guest", "role_keys": ["rep"]},
    "identity.keys": _nothing,
    "identity.member": lambda w: {"member_id": w.ids["member"]},
    "identity.members": _nothing,
    "identity.my_sessions": _nothing,
    "identity.my_tenants": _nothing,
    "identity.profile": _nothing,
    "identity.resend_invitation": lambda w: {"member_id": w.ids["invited"]},
    "identity.keys_in_force": lambda w: {"key_ids": [w.ids["key"]]},
    "identity.revoke_key": lambda w: {"key_id": w.ids["key"]},
    "identity.revoke_other_sessions": _nothing,
    "identity.revoke_session": lambda w: {"session_id": w.ids["session"]},
    "identity.roles": _nothing,
    "identity.withdraw_invitation": lambda w: {"member_id": w.ids["invited"]},
    "identity.save_role": lambda w: {"key": w.role, "name": "canary changed", "permissions": ["feed.read"]},
    "identity.set_flag": lambda w: {"key": "usage_counters", "enabled": False},
    "identity.set_roles": lambda w: {"member_id": w.ids["colleague"], "role_keys": ["manager"]},
    "identity.update_profile": lambda w: {"zone": "Europe/Oslo"},
    "events.check_buckets": _nothing,
    "events.count_days": _batch,
    "events.counted_as": lambda w: {"rules": events.Rules(), "types": ["proposal_viewed"], **_people(w)},
    "events.judge_bursts": lambda w: {"batch": EventBatch(w.clicks, (w.at,) * len(w.clicks))},
    "events.merge": lambda w: {
        "survivor_id": w.ids["one"],
        "survivor_at": w.at,
        "merged_id": w.ids["other"],
        "merged_at": w.at,
    },
    "events.recount_all": _nothing,
    "events.recount_cells": _cells,
    "events.recount_types": lambda w: {"types": ["proposal_viewed"]},
    "events.release": _event_at("folded"),
    "events.retire_type": lambda w: {"key": f"{w.mark}_signal"},
    "events.rules_in_force": _nothing,
    "events.save_type": lambda w: {"fields": events.TypeFields("one_more", "One more", "in", "web")},
    "events.set_rules": lambda w: {"rules": _NARROW},
    "events.set_verdict": _event_at("event", verdict="bot"),
    "events.type_use": lambda w: {"since": w.at - timedelta(days=1)},
    "events.types": _nothing,
    "events.take_back": lambda w: {"keys": [f"{w.mark}-1"]},
    "events.unmerge": _event_at("merged"),
    "events.event": lambda w: {"event_id": w.ids["event"], "occurred_at": w.at},
    "events.concerns": lambda w: {"lens": events.Lens(account_id=w.ids["account"]), "ids": [w.ids["event"]]},
    "events.day_counts": lambda w: {
        "lens": events.Lens(),
        "zone": "UTC",
        "low": w.at - timedelta(days=9),
        "high": w.at + timedelta(days=1),
    },
    "events.entries": lambda w: {"lens": events.Lens(account_id=w.ids["account"])},
    "events.lane_counts": lambda w: {"lens": events.Lens(person_id=w.ids["person"])},
    "events.newer_entries": lambda w: {"lens": events.Lens(lane="signals"), "cursor": w.cursor},
    "events.events_at": lambda w: {"places": [(w.ids["event"], w.at)]},
    "events.event_by_id": lambda w: {"event_id": w.ids["event"]},
    "events.feed": _nothing,
    "events.fold_repeats": lambda w: {"now": w.at},
    "events.newer_count": lambda w: {"cursor": w.cursor},
    "events.record": lambda w: {"event": _event(w), "source": Source.API},
    "events.record_history": _past,
    "events.record_bodies": lambda w: {"bodies": [_body(w)], "source": Source.API, "now": w.at},
    "events.record_many": lambda w: {"items": [_event(w)], "source": Source.API},
    **RECORD_VERBS,
    **ACTION_LIST_VERBS,
    **FILE_VERBS,
    **ASSIGNMENT_VERBS,
    **ACTION_VERBS,
    **RULE_VERBS,
    "crm.ensure_records": _records,
    "crm.account": lambda w: {"account_id": w.ids["account"]},
    "crm.accounts": _nothing,
    "crm.find": lambda w: {"beginning": w.mark},
    "crm.people": _nothing,
    "crm.person": lambda w: {"person_id": w.ids["person"]},
    "crm.resolve_subjects": lambda w: {"refs": [SubjectRef(account=AccountRef.of(id=w.ids["account"]))]},
    **TOGETHER_VERBS,
    "reactions.bands_crossed": lambda w: {"crossing_ids": [w.ids["crossing"]]},
    "reactions.events_changed": _cells,
    "events.glance": _batch,
    "reactions.events_recorded": _batch,
    "reactions.scores_dropped": _later(0),
    "scoring.account_lives": lambda w: {"ids": [w.ids["account"]]},
    "scoring.apply": _batch,
    "scoring.counted_events": _people,
    "scoring.crossings": _nothing,
    "scoring.discard_draft": _nothing,
    "scoring.draft": _nothing,
    "scoring.drops": lambda w: {"day": w.at.astimezone(UTC).date() - timedelta(days=1)},
    "scoring.effect": _entry,
    "scoring.go_on_publishing": lambda w: {"progress": {}},
    "scoring.impacts": lambda w: {"entries": [_entry(w)["event"]]},
    "scoring.live_config": _nothing,
    "scoring.preview": lambda w: {"accounts": [w.ids["account"]]},
    "scoring.publish": _nothing,
    "scoring.rebuild": _nothing,
    "scoring.rescore": lambda w: {"subjects": [(SubjectKind.PERSON, w.ids["person"])]},
    "scoring.roll_back": lambda w: {"version": 2},
    "scoring.save_draft": lambda w: {"content": scoring.to_json(scoring.DEFAULT), "note": "as before"},
    "scoring.scores": _people,
    "scoring.start_draft": _nothing,
    "scoring.sweep": _later(60),
    "scoring.thin_snapshots": _later(1000),
    "scoring.trend": lambda w: {**_person(w), **_later(1)(w)},
    "scoring.velocities": _people,
    "scoring.verify": _nothing,
    "scoring.versions": _nothing,
    "scoring.why": _person,
    "scoring.worth_now": lambda w: {"entry": _entry(w)["event"]},
    "scoring.write_snapshots": _later(3),
    "dead_letters.backlog": _nothing,
    "dead_letters.dead_letters": _nothing,
    "dead_letters.retry_dead_letters": lambda w: {"ids": [w.ids["letter"]]},
}

# Arguments of a request: made from the first tenant's ids, sent by the second.
Request = Callable[[World, World], dict[str, Any]]


def _key(w: World) -> dict[str, Any]:
    return {"Authorization": f"Bearer {w.key}"}


def _cookie(w: World) -> dict[str, Any]:
    return {"Cookie": f"{identity.session_cookie()}={w.phone}", "Origin": "http://127.0.0.1:8000"}


def _by_id(parameter: str, name: str) -> Request:
    return lambda of, by: {"path": {parameter: of.ids[name]}, "headers": _key(by)}


ROUTES: dict[str, Request] = {
    "POST /api/v1/events": lambda of, by: {"json": _body(of), "headers": _key(by)},
    "POST /api/v1/events/bulk": lambda of, by: {"json": {"events": [_body(of)]}, "headers": _key(by)},
    "GET /api/v1/events": lambda of, by: {"headers": _key(by)},
    "GET /api/v1/events/{event_id}": _by_id("event_id", "event"),
    "GET /api/v1/accounts/{account_id}/score": _by_id("account_id", "account"),
    "GET /api/v1/contacts/{contact_id}/score": _by_id("contact_id", "person"),
    **RECORD_ROUTES,
    **ACTION_ROUTES,
    "GET /files/imports/{batch_id}/errors": lambda of, by: {
        "path": {"batch_id": of.ids["done_upload"]},
        "headers": _cookie(by),
    },
    "GET /files/bulk-edits/{edit_id}/results": lambda of, by: {
        "path": {"edit_id": of.ids["bulk_edit"]},
        "headers": _cookie(by),
    },
    "GET /files/exports/{export_id}": lambda of, by: {
        "path": {"export_id": of.ids["export"]},
        "headers": _cookie(by),
    },
    "POST /files/imports": lambda of, by: {
        "params": {"kind": "accounts", "name": "more.csv"},
        "content": b"name\nMore",
        "headers": _cookie(by),
    },
    "POST /auth/switch-tenant": lambda of, by: {"json": {"tenant_id": str(of.tenant_id)}, "headers": _cookie(by)},
}
OPEN_ROUTES: dict[str, str] = {
    "GET /api/openapi.json": "describes, holds no data",
    "GET /api/docs": "describes, holds no data",
    "GET /problems/{name}": "describes, holds no data",
    "GET /calendar/{token}.ics": "the address is the secret of whoever made it, for programs that cannot sign in",
    "GET /health/live": "says that the process lives",
    "GET /health/ready": "says whether the servers answer",
    "GET /api/v1/events/bulk": "says that bulks are only sent",
    "GET /metrics": "counts of the installation, on loopback or with a token",
    "POST /auth/sign-in": "takes an address and a password, opens that person's own session",
    "POST /auth/sign-out": "ends the session of the cookie it is sent with",
    "POST /auth/refresh": "renews the session of the cookie it is sent with",
    "POST /auth/invitation": "takes the token of a letter, opens that person's own session",
    "POST /auth/reset-request": "answers the same for every address",
    "POST /auth/reset": "takes the token of a letter",
}
