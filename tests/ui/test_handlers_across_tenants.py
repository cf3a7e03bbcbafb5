"""Every handler, called with another tenant's ids: it shows nothing of that tenant and changes nothing there.

Each is also called by that tenant's own administrator with the same arguments, and must then show or change something:
a call that could not do anything would prove nothing. A handler without a control here fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from salescompass import crm, identity
from tests import world
from tests.ui import action_controls
from tests.ui.action_controls import ACTION_CONTROLS
from tests.ui.conftest import Answer
from tests.ui.record_controls import RECORD_CONTROLS, TOLD_CONTROLS
from tests.ui.rule_page_controls import RULE_PAGE_CONTROLS
from tests.ui.test_guard import HANDLERS, guard_of
from tests.world import PASSWORD, World

Call = Callable[..., Answer]
Payload = Callable[[World], dict[str, Any]]


def _nothing(_: World) -> dict[str, Any]:
    return {}


def _about(argument: str, thing: str) -> Payload:
    return lambda w: {argument: str(w.ids[thing])}


def _form(**fields: Any) -> Payload:
    return lambda w: {"form": fields}


LISTS = {
    "AccountsState": ("accounts", {"name": "New account"}),
    "ContactsState": ("contacts", {"name": "New contact"}),
    "DealsState": ("opportunities", {"name": "New deal", "amount_minor": "1250.50"}),
    "LeadsState": ("leads", {"name": "New lead"}),
}


_ONE = {"accounts": "account", "contacts": "person", "opportunities": "deal", "leads": "lead"}


def _name(w: World, kind: str) -> str:
    with w.session() as session:
        return crm.get_record(session, kind, w.ids[_ONE[kind]]).name


def _bulk(kind: str, **more: str) -> Payload:
    return lambda w: {"form": {"picked": str(w.ids[_ONE[kind]]), "everything": "", **more}}


def _of_list(kind: str, fresh: dict[str, str]) -> dict[str, Payload]:
    """The controls of a list of records, by the handlers' names."""
    return {
        "bulk_delete": _bulk(kind),
        "bulk_field": _bulk(kind, field="source" if kind == "opportunities" else "city", value="Oslo"),
        "bulk_tags": _bulk(kind, way="add", tags="more"),
        "cancel_bulk": _about("edit", "bulk_edit_running"),
        "create": _form(**fresh),
        "delete_view": _about("view", f"{kind}_view"),
        "edit_cell": lambda w: {
            "record": str(w.ids[_ONE[kind]]),
            "field": "name",
            "value": "Other",
            "was": _name(w, kind),
        },
        "export": _form(columns="shown", format="csv"),
        "find_accounts": lambda w: {"ticket": 1, "text": w.mark},
        "load": _nothing,
        "load_more": _nothing,
        "measure": lambda w: {"tree": '{"rules": []}'},
        "rename_view": lambda w: {"form": {"view": str(w.ids[f"{kind}_view"]), "name": "Other"}},
        "return_view": _about("view", f"{kind}_view_gone"),
        "save_view": _about("view", f"{kind}_view"),
        "save_view_as": _form(name="One more", team="all"),
        "share_view": lambda w: {"view": str(w.ids[f"{kind}_view"]), "team": ""},
        "undo_bulk": _about("edit", "bulk_edit"),
    }


CONTROLS: dict[str, Payload] = {
    **ACTION_CONTROLS,
    **RECORD_CONTROLS,
    **RULE_PAGE_CONTROLS,
    **TOLD_CONTROLS,
    **{f"{state}.{name}": one for state, of in LISTS.items() for name, one in _of_list(*of).items()},
    "AuditState.load": _nothing,
    "AuditState.load_more": _nothing,
    "AuditState.verify": _nothing,
    "BoardState.delete_view": _about("view", "opportunities_view"),
    "BoardState.listen": _nothing,
    "BoardState.load": _nothing,
    "BoardState.save_view_as": _form(name="One more", team="all"),
    "BoardState.share_view": lambda w: {"view": str(w.ids["opportunities_view"]), "team": ""},
    "BoardState.take_back": _about("batch", "batch"),
    "ExportsState.load": _nothing,
    "ExportsState.stop": _about("export", "export_open"),
    "FeedState.find": lambda w: {"text": w.mark},
    "FeedState.follow": _nothing,
    "FeedState.listen": _nothing,
    "FeedState.load": _nothing,
    "FeedState.load_more": _nothing,
    "FeedState.show_new": _nothing,
    "FieldsState.bring_back": lambda w: {"of": "account", "key": f"{w.mark}_old_field"},
    "FieldsState.load": _nothing,
    "FieldsState.move": lambda w: {"of": "account", "key": f"{w.mark}_field", "up": False},
    "FieldsState.retire": lambda w: {"of": "account", "key": f"{w.mark}_field"},
    "FieldsState.save": _form(of="account", key="", label="One more", kind="text", options=""),
    "CompanyState.load": _nothing,
    "CompanyState.put_back": lambda w: {"name": "Changed Ltd", "zone": "Europe/Paris", "currency": "EUR"},
    "CompanyState.save": _form(name="Changed", zone="Europe/Paris", currency="EUR"),
    "FlagsState.choose": lambda w: {"key": "live_updates", "choice": "off"},
    "FlagsState.load": _nothing,
    "HealthState.load": _nothing,
    "HealthState.retry_all": _nothing,
    "HealthState.retry_one": _about("letter", "letter"),
    "ImportsState.cancel": _about("batch", "upload"),
    "ImportsState.forget": _about("mapping", "kept_map"),
    "ImportsState.listen": _nothing,
    "ImportsState.load": _nothing,
    "ImportsState.rename": lambda w: {"form": {"mapping": str(w.ids["kept_map"]), "name": "Other"}},
    "ImportsState.save_map": lambda w: {
        "form": {
            "batch": str(w.ids["upload"]),
            "fields": ["name", "industry"],
            "key": "",
            "mode": "upsert",
            "dates": "",
            "shift": [],
            "keep": "",
            "encoding": "",
            "delimiter": "",
            "sheet": "",
        }
    },
    "ImportsState.start": _about("batch", "upload"),
    "ImportsState.undo": _about("batch", "done_upload"),
    "KeysState.create": _form(name="fresh", scopes=["events:read"], lasts="90"),
    "KeysState.load": _nothing,
    "KeysState.revoke": _about("key", "key"),
    "PipelinesState.delete": _about("pipeline", "pipeline"),
    "PipelinesState.load": _nothing,
    "PipelinesState.make_usual": _about("pipeline", "pipeline"),
    "PipelinesState.move": lambda w: {"pipeline": str(w.ids["pipeline"]), "stage": str(w.ids["shut"]), "up": True},
    "PipelinesState.remove_stage": lambda w: {"form": {"stage": str(w.ids["shut"]), "into": str(w.stages[1])}},
    "PipelinesState.save": lambda w: {"form": {"pipeline": str(w.ids["pipeline"]), "name": "Other"}},
    "PipelinesState.save_stage": lambda w: {
        "form": {
            "pipeline": str(w.ids["pipeline"]),
            "stage": "",
            "stage_name": "More",
            "kind": "open",
            "probability": "20",
            "rot_days": "",
        }
    },
    "ProductsState.bring_back": _about("product", "unsold"),
    "ProductsState.load": _nothing,
    "ProductsState.retire": _about("product", "product"),
    "ProductsState.save": lambda w: {
        "form": {"product": str(w.ids["product"]), "version": "1", "name": "Other", "price": "12.50", "currency": "EUR"}
    },
    "ProfileState.change_password": _form(current=PASSWORD, new="another walnut harbour"),
    "ProfileState.end_others": _nothing,
    "ProfileState.end_session": _about("session", "session"),
    "ProfileState.load": _nothing,
    "ProfileState.save": _form(name="Somebody Else", zone="Europe/Paris"),
    "ProfileState.use_shortcuts": lambda w: {"on": False},
    "ScoringState.discard": _nothing,
    "ScoringState.drop_rule": lambda w: {"key": f"proposal_viewed:{w.mark}"},
    "ScoringState.find": lambda w: {"text": w.mark},
    "ScoringState.load": _nothing,
    "ScoringState.publish": _form(note="because"),
    "ScoringState.roll_back": lambda w: {"version": 2},
    "ScoringState.save_numbers": _form(
        k="50",
        cool="15",
        warm="40",
        hot="70",
        note="",
        half_life_0="7",
        cap_0="25",
        half_life_1="21",
        cap_1="60",
        half_life_2="45",
        cap_2="90",
    ),
    "ScoringState.save_rule": _form(was="", type="form_submitted", points="3", group="active", how="once"),
    "ScoringState.start": _nothing,
    "ScoringState.try_earlier": lambda w: {"key": f"proposal_viewed:{w.mark}"},
    "TrashState.load": _nothing,
    "TrashState.load_more": _nothing,
    "TrashState.restore": lambda w: {"form": {"chosen": [f"product:{w.ids['trashed']}"]}},
    "TrashState.take_back": _about("batch", "batch"),
    "ShellState.find": lambda w: {"ticket": 1, "text": w.mark},
    "ShellState.listen": _nothing,
    "ShellState.load": _nothing,
    "TeamsState.delete": _about("team", "team"),
    "TeamsState.load": _nothing,
    "TeamsState.save": lambda w: {
        "form": {"team": str(w.ids["team"]), "name": "Other", "members": [str(w.ids["member"])], "lead": ""}
    },
    "TodayState.listen": _nothing,
    "TodayState.load": _nothing,
    "TypesState.load": _nothing,
    "TypesState.reopen": lambda w: {"key": f"{w.mark}_signal"},
    "TypesState.retire": lambda w: {"key": f"{w.mark}_signal"},
    "TypesState.save": _form(
        new="new", key="one_more", label="One more", direction="in", channel="web", points="2", group="active"
    ),
    "UsersState.disable": _about("member", "colleague"),
    "UsersState.enable": _about("member", "disabled"),
    "UsersState.invite": _form(email="guest@visitors.example", name="Guest", role=["rep"]),
    "UsersState.load": _nothing,
    "UsersState.remove_role": lambda w: {"key": w.role},
    "UsersState.resend": _about("member", "invited"),
    "UsersState.save_reach": lambda w: {
        "form": {"key": w.role, "account": "own", "person": "own", "opportunity": "own"}
    },
    "UsersState.save_role": lambda w: {"form": {"key": w.role, "name": "Renamed", "permissions": ["feed.read"]}},
    "UsersState.save_roles": lambda w: {"form": {"member": str(w.ids["colleague"]), "role": ["manager"]}},
    "UsersState.withdraw": _about("member", "invited"),
}
# They read and write nothing; what they say comes from the browser that called them.
WITHOUT_DATA = {
    *action_controls.WITHOUT_DATA,
    *(f"{state}.{name}" for state in LISTS for name in ("choose_state", "close_bulk", "search")),
    "TrashState.choose", "BoardState.choose_pipeline", "BoardState.search", "BoardState.lose",
    "AuditState.choose_action", "AuditState.choose_person",
    "FeedState.choose", "FeedState.choose_dates", "FeedState.pause", "ImportsState.read_as", "KeysState.put_away",
    # They look again at what their page has loaded before; here nothing was.
    *(f"{state}.follow" for state in LISTS),
    "DealState.earlier_changes", "DealState.earlier_story", "ExportsState.watch", "FeedState.measure",
    "ImportsState.watch", "RecordState.earlier_changes", "RecordState.jump", "RecordState.measure",
    "InboxState.load_more", "ScoringState.listen", "ScoringState.show_effect",
}  # fmt: skip
# They show numbers and switches, in which no name stands: the two tenants' differ.
TELLS_NUMBERS = {
    "AuditState.verify", "BoardState.measure", "NoticesState.load", "FlagsState.load", "RulesState.measure",
    "RulesState.try_out", "TodayState.listen",
    "AssignmentState.measure", *(f"{state}.measure" for state in LISTS),
}  # fmt: skip
GUARDED = sorted(name for name in HANDLERS if guard_of(name).permission)


def short(name: str) -> str:
    """`UsersState.invite` for the full name of a handler."""
    return HANDLERS[name].fn.__qualname__


def act(call: Call, name: str, who: World, about: World) -> str:
    """What a member's browser gets from a handler that is about a tenant's things."""
    pages = {"RecordState": f"/accounts/{about.ids['account']}", "DealState": f"/opportunities/{about.ids['deal']}"}
    pages["RecordNotes"] = pages["RecordState"]
    pages["ActionState"] = pages["ActionNotes"] = f"/actions/{about.ids['action']}"
    pages["RecordState.convert"] = f"/contacts/{about.ids['lead']}"
    page = pages.get(short(name)) or pages.get(short(name).partition(".")[0], "/x")
    named = {
        "member": about.ids["colleague"],
        "role": about.role,
        "key": about.ids["key"],
        "batch": about.ids["upload"],
        "event": about.ids["event"],
    }
    address = f"{page}?{urlencode(named)}"
    payload = CONTROLS[short(name)](about)
    return call(name, payload, token=who.token, path=address, background=guard_of(name).background).shown.lower()


def test_every_handler_has_a_control() -> None:
    assert {short(name) for name in GUARDED} == set(CONTROLS) | WITHOUT_DATA


@pytest.mark.parametrize("name", [n for n in GUARDED if short(n) not in WITHOUT_DATA], ids=short)
def test_a_handler_shows_and_changes_nothing_of_another_tenant(name: str, call: Call, servers: dict[str, str]) -> None:
    mine, other = world.build("canary"), world.build("mallory", bare=True)
    with mine.session() as session:
        identity.set_flag(session, mine.actor, key="live_updates", enabled=True)
    identity.seal(mine.tenant_id)
    before = world.snapshot(mine.tenant_id)

    theirs = act(call, name, other, mine)
    assert "canary" not in theirs
    assert world.snapshot(mine.tenant_id) == before

    own = act(call, name, mine, mine)
    did = (
        "canary" in own or world.snapshot(mine.tenant_id) != before or (short(name) in TELLS_NUMBERS and own != theirs)
    )
    assert did, f"the control did nothing: {own[:500]}"
