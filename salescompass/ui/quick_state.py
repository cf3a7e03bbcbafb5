"""What is written down from any page: a call, a meeting, a message or a note that was, and an action to come."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

import reflex as rx
from reflex_components_sonner.toast import ToastAction, toast
from sqlmodel import Session

from salescompass import actions, crm
from salescompass.actions import Moved, NewAction
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import parse_id
from salescompass.ui.action_acts import follow_up, local_moment
from salescompass.ui.action_words import KINDS, due_words
from salescompass.ui.arguments import Id, Line, Note, Number, Search, Text
from salescompass.ui.clock_words import zone_of
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import UNDO_MS, done
from salescompass.ui.session import Screen
from salescompass.ui.shell_state import found_record
from salescompass.vocabulary import ActionKind, Outcome, RecordKind

_FOUND = 6
_EVENING = time(17)
_OF = {
    "accounts": (RecordKind.ACCOUNTS, "account_id"),
    "contacts": (RecordKind.CONTACTS, "person_id"),
    "opportunities": (RecordKind.OPPORTUNITIES, "opportunity_id"),
}
Ticket = Annotated[int, Number(0, 10**9)]
Of = Literal["accounts", "contacts", "opportunities", ""]
Maybe = Annotated[str, Text(36)]


class LogForm(TypedDict):
    """What happened with whom."""

    of: Of
    record: Maybe
    kind: Literal["call", "email", "meeting", "message", "note"]
    outcome: Literal["connected", "no_answer", "positive", "negative", "not_relevant", ""]
    note: Note


class PlanForm(TypedDict):
    """What is to be done with whom, and until when: a word, or a local time."""

    of: Of
    record: Maybe
    kind: Literal["call", "email", "meeting", "message", "task"]
    title: Line
    due: Annotated[str, Text(16)]
    note: Note


def logged(session: Session, actor: Actor, *, form: LogForm) -> Moved | None:
    """Write down what happened: an action that is done at once, or a note (then None). Raises Invalid, NotFound."""
    kind, record_id, about = _subject(session, form["of"], form["record"])
    if form["kind"] == "note":
        object_type = crm.RECORD_TYPES[kind].object_type
        crm.add_note(session, actor, object_type=object_type, object_id=record_id, body=form["note"])
        return None
    name = crm.get_record(session, kind, record_id).name
    title = f"{KINDS[ActionKind(form['kind'])]} {name}"[:200]
    made = actions.create(session, actor, NewAction(title=title, kind=form["kind"], **about))
    return actions.complete(
        session, actor, action_id=made.action.id, outcome=Outcome(form["outcome"]), note=form["note"]
    )


def planned(session: Session, actor: Actor, *, form: PlanForm, at: datetime) -> Moved:
    """Make an action of one's own, due by the evening of the day that was chosen."""
    about = _subject(session, form["of"], form["record"])[2] if form["of"] else {}
    due = _due(form["due"], actor.zone, at)
    new = NewAction(title=form["title"], kind=form["kind"], detail=form["note"], due_to=due, **about)
    return actions.create(session, actor, new)


def _subject(session: Session, of: str, record: str) -> tuple[RecordKind, UUID, dict[str, Any]]:
    record_id = parse_id(record)
    if not of or record_id is None:
        raise Invalid("Say with whom", field="record")
    kind, column = _OF[of]
    view = crm.get_record(session, kind, record_id)
    about: dict[str, Any] = {column: record_id}
    if of != "accounts" and view["account_id"]:
        about["account_id"] = view["account_id"]
    return kind, record_id, about


def _due(word: str, zone: str, at: datetime) -> datetime | None:
    days = {"today": 0, "tomorrow": 1, "week": 7}.get(word)
    if days is None:
        return local_moment(word, zone)
    local = at.astimezone(zone_of(zone))
    evening = datetime.combine(local.date() + timedelta(days=days), _EVENING, zone_of(zone))
    return max(evening, local + timedelta(hours=1))


class QuickState(Screen, rx.State):
    """The sheets `#log` and `#plan` of every page."""

    found: dict[str, Any] = {}

    _moved: Moved | None = None

    @guarded("records.read", track=False)
    async def find(self, ticket: Ticket, text: Search) -> None:
        """Records by their names; the ticket tells which question this answers."""
        found = await self._do("records.read", crm.search_records, text, limit=_FOUND)
        self.found = {"ticket": ticket, "items": [found_record(one) for one in found]}

    @guarded("actions.write")
    async def log(self, form: LogForm) -> Any:
        """Write down what happened, and offer what usually follows."""
        moved: Moved | None = await self._do("actions.write", logged, form=form)
        if moved is None:
            return done("Note saved")
        told = [done(f"Logged: {moved.action.title}", undo=QuickState.take_back(str(moved.move_id)))]
        if moved.suggested is not None:
            self._moved = moved
            due, _ = due_words(None, moved.suggested.due_to, now(), zone_of(self._actor.zone))
            add = ToastAction(label="Add", on_click=QuickState.add_next(str(moved.action.id)))
            told.append(toast.info(f"Next: {moved.suggested.title}. {due}", duration=UNDO_MS, action=add))
        return told

    @guarded("actions.write")
    async def plan(self, form: PlanForm) -> Any:
        """Add an action to come."""
        made: Moved = await self._do("actions.write", planned, form=form, at=now())
        return done(f"Added: {made.action.title}", undo=QuickState.take_back(str(made.move_id)))

    @guarded("actions.write")
    async def add_next(self, action: Id) -> Any:
        """Add what usually follows what was logged."""
        moved, self._moved = self._moved, None
        if moved is None or moved.suggested is None or str(moved.action.id) != action:
            return None
        await self._do("actions.write", follow_up, action_id=UUID(action), step=moved.suggested)
        return done(f"Added: {moved.suggested.title}")

    @guarded("actions.write")
    async def take_back(self, move: Id) -> None:
        """Undo of what was logged."""
        await self._do("actions.write", actions.undo, move_id=UUID(move))
