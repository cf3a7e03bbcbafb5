"""How what is done on the page of one record is called so that it shows or changes something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.ui.assignment_handlers import ASSIGNMENT_CONTROLS
from tests.world import World

Payload = Callable[[World], dict[str, Any]]


def _nothing(_: World) -> dict[str, Any]:
    return {}


def _about(argument: str, thing: str) -> Payload:
    return lambda w: {argument: str(w.ids[thing])}


def _form(**fields: Any) -> Payload:
    return lambda w: {"form": fields}


def _of_record(state: str, named: str) -> dict[str, Payload]:
    """What is done on the page of any record; `named` ends the name of the one that the page is about."""
    return {
        f"{state}.add_tag": _form(tag="fresh"),
        f"{state}.find_names": lambda w: {"key": "account_id", "text": w.mark},
        f"{state}.put_tag": lambda w: {"tag": "fresh", "on": True},
        f"{state}.return_fact": lambda w: {"key": "name", "value": "Other", "now": f"{w.mark} {named}"},
        f"{state}.save_fact": lambda w: {"form": {"key": "name", "value": "Other", "was": f"{w.mark} {named}"}},
        f"{state}.throw_away": lambda w: {"back": False},
    }


def _of_notes(state: str) -> dict[str, Payload]:
    """What is done with the notes beside something."""
    return {
        f"{state}.drop_note": lambda w: {"note": str(w.ids["note"]), "back": False},
        f"{state}.find_named": lambda w: {"text": w.mark, "visibility": "all"},
        f"{state}.listen_notes": _nothing,
        f"{state}.load_notes": _nothing,
        f"{state}.save_note": _form(note="", body="Call on Monday", version="0", visibility="all", picked=[]),
        f"{state}.show_history": _about("note", "note"),
    }


RECORD_CONTROLS: dict[str, Payload] = {
    **ASSIGNMENT_CONTROLS,
    "BoardState.load_more": _about("stage", "won"),
    "BoardState.measure": lambda w: {"tree": '{"rules": []}'},
    "BoardState.move": lambda w: {"deal": str(w.ids["deal"]), "stage": str(w.ids["won"])},
    "BoardState.rename_view": lambda w: {"form": {"view": str(w.ids["opportunities_view"]), "name": "Other"}},
    "BoardState.return_view": _about("view", "opportunities_view_gone"),
    "BoardState.save_view": _about("view", "opportunities_view"),
    "BoardState.find_accounts": lambda w: {"ticket": 1, "text": w.mark},
    "UsersState.give_address": lambda w: {"form": {"member": str(w.ids["newcomer"]), "email": "new@visitors.example"}},
    "ActionNotes.follow": lambda w: {"on": False},
    "RecordNotes.follow": lambda w: {"on": False},
    "DealState.find_people": lambda w: {"text": w.mark},
    "DealState.give_part": lambda w: {"form": {"person": str(w.ids["person"]), "role": "user"}},
    "DealState.load": _nothing,
    "DealState.lose": _form(reason="too dear"),
    "DealState.move": _about("stage", "won"),
    "DealState.return_part": lambda w: {"person": str(w.ids["person"]), "role": "technical"},
    "DealState.take_part": lambda w: {"person": str(w.ids["person"]), "role": "champion"},
    **{name: one for state in ("RecordNotes", "EventNotes", "ActionNotes") for name, one in _of_notes(state).items()},
    **_of_record("DealState", "deal"),
    **_of_record("RecordState", "Buyer"),
    "RecordState.add_deal": _form(name="New deal", amount="10", close_date="2026-12-01", role=""),
    "RecordState.add_person": _form(name="New", title="", email="new@visitors.example", phone=""),
    "RecordState.convert": _form(account="", deal="", amount=""),
    "RecordState.listen": _nothing,
    "RecordState.load": _nothing,
    "RecordState.load_more": _nothing,
}

# What a member was told, and how they want to be.
TOLD_CONTROLS: dict[str, Payload] = {
    "NoticesState.load": _nothing,
    "NoticesState.make_calendar": _nothing,
    "NoticesState.revoke_calendar": _nothing,
    "NoticesState.save_quiet": _form(quiet_from="22:00", quiet_to="07:00"),
    "NoticesState.show_in_app": lambda w: {"kind": "export", "on": False},
    "NoticesState.write_email": lambda w: {"kind": "export", "email": "now"},
    "InboxState.acknowledge": _about("line", "notification"),
    "InboxState.do_with_many": lambda w: {"form": {"chosen": [str(w.ids["notification"])], "act": "read"}},
    "InboxState.listen": _nothing,
    "InboxState.load": _nothing,
    "InboxState.mark": lambda w: {"line": str(w.ids["notification"]), "read": True},
    "InboxState.mark_all": _nothing,
    "InboxState.put_off": lambda w: {"line": str(w.ids["notification"]), "until": "hour"},
}
