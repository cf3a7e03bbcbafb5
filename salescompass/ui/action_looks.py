"""Actions as cards are drawn. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from salescompass.actions import ActionView, Card, OfferView
from salescompass.identity import Actor
from salescompass.ui import routes
from salescompass.ui.action_words import ICONS, STATES, due_words, outcome_words, way
from salescompass.ui.money import money
from salescompass.ui.score_words import ScoreLook, score_look
from salescompass.vocabulary import ActionKind, ActionState

_SAID = 2


@dataclass(frozen=True)
class ActionLook:
    """A card: what to do with whom, why now, how, until when. `may` where its reader changes it, `free` where nobody
    has it yet; `waits` where something of theirs can be waited for; `assignee` where it is somebody else's.
    """

    id: str = ""
    version: int = 0
    kind: str = ""
    icon: str = ""
    title: str = ""
    about: str = ""
    record: str = ""
    href: str = ""
    score: ScoreLook = field(default_factory=ScoreLook)
    scored: bool = False
    why: str = ""
    do: str = ""
    do_icon: str = ""
    do_href: str = ""
    due: str = ""
    due_tone: str = ""
    state: str = ""
    may: bool = False
    free: bool = False
    waits: bool = False
    assignee: str = ""
    ended: str = ""
    offer: str = ""
    offered: str = ""
    first: bool = False


def may_change(actor: Actor, one: ActionView) -> bool:
    """Whether the buttons of an action are for this member: the slice decides again."""
    theirs = one.assignee_id == actor.member_id or actor.may("actions.manage")
    return one.closed_at is None and theirs and actor.may("actions.write")


def action_look(
    card: Card | ActionView,
    actor: Actor,
    *,
    at: datetime,
    zone: ZoneInfo,
    first: bool = False,
    offer: OfferView | None = None,
) -> ActionLook:
    """A card as one reader sees it; an action by itself has no score and no amount."""
    one = card.action if isinstance(card, Card) else card
    due, tone = due_words(one.due_from, one.due_to, at, zone)
    known = card if isinstance(card, Card) else None
    done_by = way(one.kind, phone=known.phone if known else one.person_phone, email=one.person_email)
    record = _record(one)
    do, do_icon, do_href = done_by or (("Open", "arrow-right", record) if record else ("", "", ""))
    named = one.account_id is not None or one.person_id is not None
    return ActionLook(
        id=str(one.id),
        version=one.row_version,
        kind=one.kind,
        icon=ICONS[ActionKind(one.kind)],
        title=one.title,
        about=_about(one, known),
        record=record,
        href=routes.action(str(one.id)),
        score=score_look(known.score, known.band) if known else ScoreLook(),
        scored=named and known is not None,
        why=_why(one.reasons),
        do=do,
        do_icon=do_icon,
        do_href=do_href,
        due=due if one.is_open else "",
        due_tone=tone,
        state=STATES[ActionState(one.state)],
        may=may_change(actor, one),
        free=one.is_open and one.assignee_id is None and actor.may("actions.write"),
        waits=named,
        assignee="" if one.assignee_id == actor.member_id else one.assignee or "Nobody",
        ended=outcome_words(one.kind, one.outcome),
        offer=str(offer.id) if offer else "",
        offered=_offered(offer) if offer else "",
        first=first,
    )


def _about(one: ActionView, known: Card | None) -> str:
    """Whom it is about, as far as the title does not say so, and what is at stake."""
    names = [name for name in (one.person, one.account or one.opportunity) if name and name not in one.title]
    if known and known.amount_minor:
        names.append(money(known.amount_minor, known.currency))
    return ", ".join(names)


def _record(one: ActionView) -> str:
    if one.person_id is not None:
        return routes.contact(str(one.person_id))
    if one.opportunity_id is not None:
        return routes.deal(str(one.opportunity_id))
    return routes.account(str(one.account_id)) if one.account_id is not None else ""


def _why(reasons: tuple[str, ...]) -> str:
    said = [reason.strip() for reason in reasons[:_SAID] if reason.strip()]
    return " ".join(one if one[-1] in ".!?" else f"{one}." for one in said)


def _offered(offer: OfferView) -> str:
    asked = f"{offer.from_name or 'A colleague'} asks you to take this over"
    return f"{asked}: “{offer.note}”" if offer.note else asked
