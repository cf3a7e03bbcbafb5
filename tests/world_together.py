"""What the members of a tenant of `tests/world.py` wrote, follow, and were told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from salescompass import notifications, together
from salescompass.identity import Actor
from salescompass.models import Reminder

if TYPE_CHECKING:
    from tests.world import World


def add_together(session: Session, world: World, actor: Actor) -> None:
    """A note on each kind of thing, one of them changed, and two lines in the inbox."""
    for kind in ("event", "action", "account"):
        about = {"object_type": kind, "object_id": world.ids[kind]}
        note = together.add_note(session, actor, **about, body=f"{world.mark} note")  # type: ignore[arg-type]
    together.edit_note(session, actor, note_id=note.id, body=f"{world.mark} note, changed")
    me, told = world.ids["member"], f"{world.mark} note"
    notifications.tell(session, [me], "mention", subject="note", title=told, link="/feed")
    line = next(one for one in notifications.inbox(session, actor).items if one.title == told)
    notifications.tell(session, [me], "score_drop", subject="drop", title=told, now=world.at - timedelta(days=3))
    notifications.choose_notifications(session, actor, kind="followed", email="off")
    due = Reminder(action_id=world.ids["action"], member_id=me, at=world.at - timedelta(days=1))
    session.add(due)
    session.flush()
    world.calendar = together.make_calendar(session, actor).path.removeprefix("/calendar/").removesuffix(".ics")
    world.ids |= {"reminder": due.id, "note": note.id, "notification": line.id}
