"""Actions in the words of screens: kinds, outcomes, reasons, when they are due, how they are done. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from salescompass.ui.clock_words import day_of, time_words
from salescompass.vocabulary import ActionKind, ActionState, DismissReason, Outcome

ICONS = {
    ActionKind.CALL: "phone",
    ActionKind.EMAIL: "mail",
    ActionKind.MEETING: "presentation",
    ActionKind.MESSAGE: "message-square",
    ActionKind.TASK: "list-checks",
}
KINDS = {
    ActionKind.CALL: "Call",
    ActionKind.EMAIL: "Email",
    ActionKind.MEETING: "Meeting",
    ActionKind.MESSAGE: "Message",
    ActionKind.TASK: "Task",
}
STATES = {
    ActionState.PROPOSED: "Proposed",
    ActionState.ACCEPTED: "To do",
    ActionState.IN_PROGRESS: "In progress",
    ActionState.SNOOZED: "Snoozed",
    ActionState.DONE: "Done",
    ActionState.DISMISSED: "Not to be done",
    ActionState.EXPIRED: "Closed by itself",
}
_WRITTEN = (
    (Outcome.CONNECTED, "Sent", "send"),
    (Outcome.POSITIVE, "They answered well", "circle-check"),
    (Outcome.NEGATIVE, "They said no", "circle-x"),
    (Outcome.NOT_RELEVANT, "Turned out not relevant", "ban"),
)
OUTCOMES: dict[ActionKind, tuple[tuple[Outcome, str, str], ...]] = {
    ActionKind.CALL: (
        (Outcome.CONNECTED, "Talked", "phone"),
        (Outcome.NO_ANSWER, "No answer", "phone-missed"),
        (Outcome.POSITIVE, "Talked, went well", "circle-check"),
        (Outcome.NEGATIVE, "Talked, they said no", "circle-x"),
        (Outcome.NOT_RELEVANT, "Turned out not relevant", "ban"),
    ),
    ActionKind.EMAIL: _WRITTEN,
    ActionKind.MESSAGE: _WRITTEN,
    ActionKind.MEETING: (
        (Outcome.POSITIVE, "Held, went well", "circle-check"),
        (Outcome.CONNECTED, "Held", "presentation"),
        (Outcome.NO_ANSWER, "They did not come", "user-x"),
        (Outcome.NEGATIVE, "Held, they said no", "circle-x"),
        (Outcome.NOT_RELEVANT, "Turned out not relevant", "ban"),
    ),
    ActionKind.TASK: (
        (Outcome.POSITIVE, "Done", "circle-check"),
        (Outcome.NEGATIVE, "Done, without success", "circle-x"),
        (Outcome.NOT_RELEVANT, "Turned out not relevant", "ban"),
    ),
}
REASONS = {
    DismissReason.NOT_RELEVANT: ("Not relevant", "ban"),
    DismissReason.ALREADY_DONE: ("Already done", "check"),
    DismissReason.BAD_TIMING: ("Not the time for it", "clock"),
    DismissReason.WRONG_PERSON: ("Wrong person", "user-x"),
    DismissReason.NOT_MINE: ("Not mine to do", "users"),
    DismissReason.CANCELLED: ("Called off", "x"),
}
WAITS = (
    ("proposal_viewed", "Open the proposal"),
    ("email_replied", "Reply to an email"),
    ("email_opened", "Open an email"),
    ("link_clicked", "Click a link"),
    ("website_visit", "Visit the website"),
    ("pricing_viewed", "Look at prices"),
    ("form_submitted", "Fill in a form"),
    ("meeting_scheduled", "Agree to a meeting"),
)
_MORNING = time(9)


def outcome_words(kind: str, outcome: str | None) -> str:
    """How an action of a kind went, in the words of its sheet."""
    return next((words for value, words, _ in OUTCOMES[ActionKind(kind)] if value == outcome), outcome or "")


def due_words(due_from: datetime | None, due_to: datetime | None, at: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """When something is due, and its tone: nothing, `warning` for today, `danger` for what is overdue."""
    if due_to is None:
        return "", ""
    if due_to < at:
        late = (day_of(at, zone) - day_of(due_to, zone)).days
        return (
            f"{late} day{'' if late == 1 else 's'} overdue" if late else f"Overdue since {time_words(due_to, zone)}"
        ), "danger"
    days = (day_of(due_to, zone) - day_of(at, zone)).days
    clock = time_words(due_to, zone)
    if days == 0:
        return f"Due today, {clock}", "warning"
    local = due_to.astimezone(zone)
    if days == 1:
        return f"Due tomorrow, {clock}", ""
    return (f"Due {local:%A}" if days < 7 else f"Due {local.day} {local:%B}"), ""


def snooze_choices(at: datetime, zone: ZoneInfo) -> list[tuple[str, str, str]]:
    """When something may come back, the usual ones: (local time, words, icon)."""
    local = at.astimezone(zone)
    later = (local + timedelta(hours=3)).replace(second=0, microsecond=0)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), _MORNING, zone)
    monday = datetime.combine(local.date() + timedelta(days=7 - local.weekday()), _MORNING, zone)
    choices = [(later, f"In 3 hours, {later:%H:%M}", "clock"), (tomorrow, "Tomorrow, 09:00", "sun")]
    if monday != tomorrow:
        choices.append((monday, f"Monday {monday.day} {monday:%B}, 09:00", "calendar"))
    return [(f"{when:%Y-%m-%dT%H:%M}", words, symbol) for when, words, symbol in choices]


def way(kind: str, *, phone: str, email: str) -> tuple[str, str, str] | None:
    """How an action is done from here: (word, icon, address); None where no address is known."""
    if kind == ActionKind.CALL and dialled(phone):
        return "Call", "phone", f"tel:{dialled(phone)}"
    if kind in (ActionKind.EMAIL, ActionKind.MESSAGE) and email:
        return "Email", "mail", f"mailto:{quote(email, safe='@')}"
    return None


def dialled(phone: str) -> str:
    """A number as a telephone takes it; nothing where there are no digits."""
    digits = "".join(one for one in phone if one.isdecimal() and one.isascii())
    return ("+" if phone.strip().startswith("+") else "") + digits if digits else ""
