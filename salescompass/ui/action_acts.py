"""What is done to an action wherever its card stands: how it went, when again, why not, who else, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

from sqlmodel import Session

from salescompass import actions, identity
from salescompass.actions import Moved, NewAction, NextStep
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.kit.errors import Invalid
from salescompass.ui.action_words import due_words, snooze_choices
from salescompass.ui.arguments import Id, Note, Text
from salescompass.ui.clock_words import zone_of
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done
from salescompass.ui.session import Screen
from salescompass.vocabulary import ActionSource, DismissReason, Outcome

LocalTime = Annotated[str, Text(16)]
EventType = Annotated[str, Text(80)]
OutcomeKey = Literal["connected", "no_answer", "positive", "negative", "not_relevant"]
ReasonKey = Literal["not_relevant", "already_done", "bad_timing", "wrong_person", "not_mine", "cancelled"]


class CompleteForm(TypedDict):
    """How an action went."""

    action: Id
    outcome: OutcomeKey
    note: Note


class SnoozeForm(TypedDict):
    """When it comes back: a local time, or the type of an event."""

    action: Id
    until: LocalTime
    wait: EventType


class DismissForm(TypedDict):
    """Why it is not done."""

    action: Id
    reason: ReasonKey
    note: Note


class DelegateForm(TypedDict):
    """Who is asked to take it over, and what they should know."""

    action: Id
    member: Id
    note: Note


@dataclass(frozen=True)
class FollowLook:
    """What is usually done next, ready to be added."""

    of: str = ""
    title: str = ""
    due: str = ""


@dataclass(frozen=True)
class ActingView:
    """What the sheets offer: when an action may come back, and who may be asked."""

    snoozes: list[tuple[str, str, str]]
    colleagues: list[tuple[str, str]]


def acting_view(session: Session, actor: Actor, *, at: datetime) -> ActingView:
    """What the sheets offer this member at a moment."""
    others = [one for one in identity.members(session) if one.status == "active" and one.id != actor.member_id]
    return ActingView(snooze_choices(at, zone_of(actor.zone)), [(str(one.id), one.name) for one in others])


def follow_up(session: Session, actor: Actor, *, action_id: UUID, step: NextStep) -> Moved:
    """Make what follows an action, about the same records."""
    done_one = actions.get(session, actor, action_id=action_id)
    new = NewAction(
        title=step.title, kind=step.kind, detail=step.detail, due_from=step.due_from, due_to=step.due_to,
        account_id=done_one.account_id, person_id=done_one.person_id, opportunity_id=done_one.opportunity_id,
        source=ActionSource.FOLLOW_UP, parent_id=done_one.id, reasons=(f"Follows: {done_one.title}",),
    )  # fmt: skip
    return actions.create(session, actor, new)


def local_moment(text: str, zone: str) -> datetime | None:
    """A time as a browser's field gives it, in the member's zone; None for none. Raises Invalid."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone_of(zone))
    except ValueError:
        raise Invalid("Give a day and a time", field="until") from None


class ActionActs(Screen, mixin=True):
    """A page with cards of actions; `_reread` shows them anew."""

    snoozes: list[tuple[str, str, str]] = []
    colleagues: list[tuple[str, str]] = []
    follow: FollowLook = FollowLook()

    _next: NextStep | None = None

    async def _reread(self) -> None:
        raise NotImplementedError

    @guarded("actions.write")
    async def complete(self, form: CompleteForm) -> Any:
        """Close an action with how it went; what usually follows is offered."""
        moved: Moved = await self._do(
            "actions.write", actions.complete, action_id=UUID(form["action"]), outcome=Outcome(form["outcome"]),
            note=form["note"],
        )  # fmt: skip
        self._offer_next(moved)
        return await self._told("Done", moved)

    @guarded("actions.write")
    async def snooze(self, form: SnoozeForm) -> Any:
        """Put an action aside until a time, or until its people do something."""
        until = local_moment(form["until"], self._actor.zone)
        moved: Moved = await self._do(
            "actions.write", actions.snooze, action_id=UUID(form["action"]), until=until,
            until_event=form["wait"],
        )  # fmt: skip
        return await self._told("Snoozed", moved)

    @guarded("actions.write")
    async def dismiss(self, form: DismissForm) -> Any:
        """Close an action that is not to be done."""
        moved: Moved = await self._do(
            "actions.write", actions.dismiss, action_id=UUID(form["action"]), reason=DismissReason(form["reason"]),
            note=form["note"],
        )  # fmt: skip
        return await self._told("Closed", moved)

    @guarded("actions.write")
    async def delegate(self, form: DelegateForm) -> Any:
        """Ask a colleague to take an action over."""
        moved: Moved = await self._do(
            "actions.write", actions.delegate, action_id=UUID(form["action"]), to_id=UUID(form["member"]),
            note=form["note"],
        )  # fmt: skip
        return await self._told(f"{moved.action.offered_to} is asked", moved)

    @guarded("actions.write")
    async def take(self, action: Id) -> Any:
        """Accept what was proposed; what is nobody's becomes one's own."""
        moved: Moved = await self._do("actions.write", actions.accept, action_id=UUID(action))
        return await self._told("It is yours to do", moved)

    @guarded("actions.write")
    async def answer_offer(self, offer: Id, accept: bool) -> Any:
        """Accept or decline what a colleague asks."""
        await self._do("actions.write", actions.answer, delegation_id=UUID(offer), accept=accept)
        await self._reread()
        return done("It is yours now" if accept else "Declined")

    @guarded("actions.write")
    async def take_back(self, move: Id) -> Any:
        """Undo of what was done last to an action."""
        await self._do("actions.write", actions.undo, move_id=UUID(move))
        self.follow, self._next = FollowLook(), None
        await self._reread()

    @guarded("actions.write")
    async def add_follow(self) -> Any:
        """Add what usually follows."""
        of, step = self.follow.of, self._next
        self.follow, self._next = FollowLook(), None
        if step is None:
            return None
        await self._do("actions.write", follow_up, action_id=UUID(of), step=step)
        await self._reread()
        return done(f"Added: {step.title}")

    @guarded("actions.write")
    async def drop_follow(self) -> None:
        """Nothing follows."""
        self.follow, self._next = FollowLook(), None

    def _offer_next(self, moved: Moved) -> None:
        self._next, self.follow = moved.suggested, FollowLook()
        if moved.suggested is not None:
            due, _ = due_words(None, moved.suggested.due_to, now(), zone_of(self._actor.zone))
            self.follow = FollowLook(str(moved.action.id), moved.suggested.title, due)

    async def _told(self, words: str, moved: Moved) -> Any:
        await self._reread()
        return done(words, undo=type(self).take_back(str(moved.move_id)))

    async def _read_acting(self) -> None:
        found: ActingView = await self._do("actions.read", acting_view, at=now())
        self.snoozes, self.colleagues = found.snoozes, found.colleagues
