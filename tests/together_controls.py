"""How what members tell each other is called so that it gives or changes something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.scoring import CrossingView
from salescompass.vocabulary import SubjectKind
from tests.world import World

Arguments = Callable[[World], dict[str, Any]]


def _nothing(_: World) -> dict[str, Any]:
    return {}


def _on_account(w: World) -> dict[str, Any]:
    return {"object_type": "account", "object_id": w.ids["account"]}


def _key_of(w: World) -> dict[str, Any]:
    return {"who": Actor(w.tenant_id, "Key", "key", key_id=w.ids["key"])}


def _moved(w: World) -> dict[str, Any]:
    change = [str(w.ids["account"]), "owner_id", str(w.ids["member"])]
    return {"payload": {"type": "account", "by": None, "who": "Boss", "changes": [change]}}


def _hot(w: World) -> dict[str, Any]:
    crossing = CrossingView(w.ids["crossing"], SubjectKind.ACCOUNT, w.ids["account"], "warm", "hot", 71.0, "", w.at)
    return {"crossings": [crossing], "now": w.at}


TOGETHER_VERBS: dict[str, Arguments] = {
    "identity.behind": _key_of,
    "identity.circle": lambda w: {"member_id": w.ids["member"]},
    "identity.colleagues": _nothing,
    "notifications.acknowledge": lambda w: {"notification_id": w.ids["notification"]},
    "notifications.choose_notifications": lambda w: {"kind": "mention", "email": "off"},
    "notifications.inbox": _nothing,
    "notifications.mark_read": lambda w: {"ids": [w.ids["notification"]]},
    "notifications.notification_choices": _nothing,
    "notifications.send_digests": lambda w: {"now": w.at},
    "notifications.snooze": lambda w: {"ids": [w.ids["notification"]], "until": w.at + timedelta(days=1)},
    "notifications.tell": lambda w: {"members": [w.ids["member"]], "kind": "mention", "subject": "m", "title": "more"},
    "notifications.unread": _nothing,
    "together.add_note": lambda w: {**_on_account(w), "body": "More"},
    "together.delete_note": lambda w: {"note_id": w.ids["note"]},
    "together.drop_reminder": lambda w: {"reminder_id": w.ids["reminder"]},
    "together.edit_note": lambda w: {"note_id": w.ids["note"], "body": "Changed"},
    "together.follow": lambda w: {**_on_account(w), "on": False},
    "together.followers": _on_account,
    "together.make_calendar": _nothing,
    "together.my_calendar": _nothing,
    "together.nameable": lambda w: {**_on_account(w), "beginning": w.mark},
    "together.note_history": lambda w: {"note_id": w.ids["note"]},
    "together.notes": _on_account,
    "together.read_calendar": lambda w: {"token": w.calendar},
    "together.reminders": lambda w: {"action_id": w.ids["action"]},
    "reactions.records_moved": _moved,
    "together.records_moved": _moved,
    "together.tell_hot": _hot,
    "together.revoke_calendar": _nothing,
    "together.send_reminders": lambda w: {"now": w.at},
    "together.set_reminder": lambda w: {"action_id": w.ids["action"], "at": clock.now() + timedelta(days=1)},
}
