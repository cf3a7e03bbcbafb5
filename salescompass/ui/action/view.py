"""Everything about one action: what to do, why it is there and stands where it stands, its evidence and its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from salescompass import actions, events
from salescompass.actions import ActionView, MoveView
from salescompass.identity import Actor
from salescompass.kit.errors import NotFound
from salescompass.ui import routes
from salescompass.ui.action_looks import ActionLook, action_look
from salescompass.ui.action_words import REASONS, STATES, dialled, outcome_words
from salescompass.ui.clock_words import day_of, day_words, time_words, zone_of
from salescompass.ui.components.event_rows import EventRow
from salescompass.ui.event_groups import event_row
from salescompass.vocabulary import ActionState, DismissReason

_MOST_SHOWN = 12
_SAID: Mapping[str, str] = {
    "propose": "proposed it", "create": "made it", "edit": "changed it", "accept": "accepted it", "start": "began",
    "complete": "did it", "snooze": "put it aside", "wake": "brought it back", "dismiss": "closed it",
    "expire": "closed it", "assign": "gave it to somebody", "offer": "asked a colleague", "take": "took it over",
    "decline": "declined", "withdraw": "withdrew the question", "time_out": "closed the question without an answer",
    "hand_back": "handed it back", "comment": "wrote", "undo": "took the last step back",
}  # fmt: skip
_TONES = {
    ActionState.DONE: "success", ActionState.DISMISSED: "", ActionState.EXPIRED: "", ActionState.SNOOZED: "info",
    ActionState.PROPOSED: "accent", ActionState.ACCEPTED: "accent", ActionState.IN_PROGRESS: "accent",
}  # fmt: skip


@dataclass(frozen=True)
class MoveLook:
    """A step of its life."""

    id: str
    who: str
    what: str
    said: str
    at: str


@dataclass(frozen=True)
class ActionDetail:
    """The page of an action."""

    card: ActionLook = field(default_factory=ActionLook)
    tone: str = ""
    state: str = ""
    about: list[tuple[str, str, str]] = field(default_factory=list)
    ways: list[tuple[str, str, str]] = field(default_factory=list)
    detail: str = ""
    message: str = ""
    due: str = ""
    due_field: str = ""
    effort: int = 0
    reasons: list[str] = field(default_factory=list)
    rank: list[str] = field(default_factory=list)
    because: list[str] = field(default_factory=list)
    rule: str = ""
    evidence: list[EventRow] = field(default_factory=list)
    ended: str = ""
    waits: str = ""
    asked: str = ""
    offer: str = ""
    moves: list[MoveLook] = field(default_factory=list)


def action_detail(session: Session, actor: Actor, *, action_id: UUID, at: datetime) -> ActionDetail:
    """An action as its page shows it. Raises NotFound for one that is not seen."""
    one, zone = actions.get(session, actor, action_id=action_id), zone_of(actor.zone)
    card = action_look(one, actor, at=at, zone=zone)
    return ActionDetail(
        card=card,
        tone=_TONES[ActionState(one.state)],
        state=STATES[ActionState(one.state)],
        about=_about(one),
        ways=_ways(one),
        detail=one.detail,
        message=one.message,
        due=_moment(one.due_to, at, zone) if one.due_to else "",
        due_field=f"{one.due_to.astimezone(zone):%Y-%m-%dT%H:%M}" if one.due_to else "",
        effort=one.effort_minutes,
        reasons=list(one.reasons),
        rank=list(actions.why_here(session, actor, action_id=action_id, at=at)),
        because=list(one.assigned_because),
        rule=f"version {one.rule_version}" if one.rule_id else "",
        evidence=_evidence(session, actor, one, zone),
        ended=_ended(one),
        waits=_waits(one, at, zone),
        asked=_asked(one, actor),
        offer=str(one.offer_id) if one.offer_id and one.offered_to_id == actor.member_id else "",
        moves=[_move(step) for step in actions.history(session, actor, action_id=action_id)],
    )


def _about(one: ActionView) -> list[tuple[str, str, str]]:
    """The records it names: (icon, name, address)."""
    found = []
    if one.person_id:
        found.append(("user", one.person, routes.contact(str(one.person_id))))
    if one.account_id:
        found.append(("building-2", one.account, routes.account(str(one.account_id))))
    if one.opportunity_id:
        found.append(("handshake", one.opportunity, routes.deal(str(one.opportunity_id))))
    return found


def _ways(one: ActionView) -> list[tuple[str, str, str]]:
    """How its person is reached: (word, icon, address)."""
    found = []
    if dialled(one.person_phone):
        found.append(("Call", "phone", f"tel:{dialled(one.person_phone)}"))
    if one.person_email:
        found.append(("Email", "mail", f"mailto:{one.person_email}"))
    return found


def _evidence(session: Session, actor: Actor, one: ActionView, zone: ZoneInfo) -> list[EventRow]:
    """The events that show its reason; one that was removed since is left out."""
    if not actor.may("feed.read"):
        return []
    names = {key: known.label for key, known in events.types(session).items() if known.own}
    found = []
    for event_id in one.evidence[:_MOST_SHOWN]:
        try:
            entry = events.event_by_id(session, event_id)
        except NotFound:
            continue
        day = entry.occurred_at.astimezone(zone)
        row = event_row(entry, zone, names=names, href=routes.feed(event=str(event_id)))
        found.append(replace(row, at=f"{day.day} {day:%b}"))
    return found


def _moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    return f"{day_words(day_of(at, zone), day_of(now, zone))}, {time_words(at, zone)}"


def _ended(one: ActionView) -> str:
    if one.is_open:
        return ""
    how = outcome_words(one.kind, one.outcome)
    if one.dismissed_for:
        how = REASONS[DismissReason(one.dismissed_for)][0]
    return ": ".join(said for said in (how, one.closing_note) if said)


def _waits(one: ActionView, at: datetime, zone: ZoneInfo) -> str:
    if one.snoozed_until is None:
        return ""
    until = _moment(one.snoozed_until, at, zone)
    return (
        f"Comes back when they do this: {one.snoozed_for}; at the latest {until}"
        if one.snoozed_for
        else (f"Comes back {until}")
    )


def _asked(one: ActionView, actor: Actor) -> str:
    if one.offer_id is None:
        return ""
    return (
        "You are asked to take this over"
        if one.offered_to_id == actor.member_id
        else (f"{one.offered_to} is asked to take this over")
    )


def _move(step: MoveView) -> MoveLook:
    what = _SAID.get(step.verb, step.verb)
    if step.undone_at is not None:
        what += " (taken back)"
    return MoveLook(str(step.id), step.who or "SalesCompass", what, _changed(step), step.at.isoformat())


def _changed(step: MoveView) -> str:
    if step.reason:
        return step.reason
    fields: dict[str, Any] = {"title": "title", "due_to": "due", "effort_minutes": "effort", "detail": "detail"}
    named = [words for name, words in fields.items() if name in step.after]
    return ", ".join(named) if step.verb == "edit" else ""
