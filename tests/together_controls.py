"""How what members tell each other is called so that it gives or changes something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.world import World

Arguments = Callable[[World], dict[str, Any]]


def _nothing(_: World) -> dict[str, Any]:
    return {}


TOGETHER_VERBS: dict[str, Arguments] = {
    "notifications.acknowledge": lambda w: {"notification_id": w.ids["notification"]},
    "notifications.choose_notifications": lambda w: {"kind": "mention", "email": "off"},
    "notifications.inbox": _nothing,
    "notifications.mark_read": lambda w: {"ids": [w.ids["notification"]]},
    "notifications.notification_choices": _nothing,
    "notifications.send_digests": lambda w: {"now": w.at},
    "notifications.snooze": lambda w: {"ids": [w.ids["notification"]], "until": w.at + timedelta(days=1)},
    "notifications.tell": lambda w: {"members": [w.ids["member"]], "kind": "mention", "subject": "m", "title": "more"},
    "notifications.unread": _nothing,
}
