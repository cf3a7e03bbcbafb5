"""Talking with each other, and life with the product: calls, messages, use, tickets, bills, our own notes. Pure."""

from __future__ import annotations

from salescompass.demo.kinds import Doer
from salescompass.demo.material import (
    CALLS,
    FEATURES,
    LIMITS,
    MEETINGS,
    MESSAGES,
    NETWORKS,
    NOTES,
    TASKS,
    TICKETS,
)
from salescompass.demo.stage import HOUR, MINUTE, NOBODY, Stage


def call(stage: Stage, day: int) -> None:
    """We call; after a try or two somebody answers."""
    person = stage.who(day)
    at = stage.at(day, person)
    topic = stage.pick(CALLS)
    while stage.chance(0.4):
        stage.add(at, "call_attempted", person, {"topic": topic, "call_id": f"C-{stage.rng.getrandbits(32):08x}"})
        at = stage.soon(at, 50)
    about = {
        "topic": topic,
        "call_id": f"C-{stage.rng.getrandbits(32):08x}",
        "minutes": 3 + int(stage.rng.random() * 35),
    }
    taken = stage.add(at, "call_completed", person, about, Doer.HUMAN)
    if stage.chance(0.05):
        stage.again(taken, 5 * MINUTE)


def chat(stage: Stage, day: int) -> None:
    """Messages back and forth."""
    person = stage.who(day)
    at = stage.at(day, person)
    about = {"topic": stage.pick(MESSAGES), "network": stage.pick(NETWORKS)}
    for turn in range(1 + int(stage.rng.random() * 4)):
        if turn % 2:
            stage.add(at, "message_sent", person, about)
        else:
            stage.add(at, "message_received", person, about, Doer.HUMAN)
        at = stage.soon(at, 6)


def meet(stage: Stage, day: int) -> None:
    """A meeting is arranged and held, or somebody does not come."""
    person = stage.who(day)
    at = stage.at(day, person)
    title = {"title": stage.pick(MEETINGS)}
    stage.add(at, "meeting_scheduled", person, title, Doer.HUMAN)
    held = stage.calendar.working_day(day + 2 + int(stage.rng.random() * 8))
    at = stage.calendar.midnights[held] + (9 + int(stage.rng.random() * 8)) * HOUR
    if stage.chance(0.15):
        stage.add(at + 10 * MINUTE, "meeting_missed", person, title)
    else:
        stage.add(at, "meeting_held", person, {**title, "minutes": stage.pick((25, 30, 45, 50, 60))}, Doer.HUMAN)


def work(stage: Stage, day: int) -> None:
    """Somebody works with the product."""
    person = stage.who(day)
    at = stage.at(day, person)
    stage.add(at, "logged_in", person, {"device": stage.pick(("browser", "browser", "phone"))}, Doer.HUMAN)
    for _ in range(1 + int(stage.rng.random() * 5)):
        at += int((0.5 + stage.rng.random() * 14) * MINUTE)
        stage.add(at, "feature_used", person, {"feature": stage.pick(FEATURES)}, Doer.HUMAN)
    if stage.chance(0.012):
        name, limit = stage.pick(LIMITS)
        stage.add(at + 5000, "limit_reached", person, {"feature": name, "limit": limit})


def ask_for_help(stage: Stage, day: int) -> None:
    """A ticket, its end, and what they thought of it."""
    person = stage.who(day)
    at = stage.at(day, person)
    about = {
        "title": stage.pick(TICKETS),
        "ticket_id": f"T-{10_000 + stage.rng.getrandbits(15)}",
        "priority": stage.pick(("low", "normal", "normal", "high")),
    }
    stage.add(at, "ticket_opened", person, about, Doer.HUMAN)
    solved = stage.soon(at, 400)
    stage.add(solved, "ticket_resolved", person, about)
    if stage.chance(0.3):
        score = stage.pick((5, 5, 4, 4, 4, 3, 2, 1))
        answer = {"name": "Satisfaction with support", "score": score}
        stage.add(stage.soon(solved, 60), "survey_answered", person, answer, Doer.HUMAN)


def survey(stage: Stage, day: int) -> None:
    """Would they recommend us?"""
    person = stage.who(day)
    answer = {"name": "Would you recommend us?", "score": stage.pick((10, 9, 9, 8, 8, 7, 6, 3))}
    stage.add(stage.at(day, person), "survey_answered", person, answer, Doer.HUMAN)


def keep_notes(stage: Stage, day: int) -> None:
    """What our own people write down."""
    at = stage.at(day)
    if stage.chance(0.5):
        stage.add(at, "task_completed", NOBODY, {"title": stage.pick(TASKS)})
    elif stage.chance(0.9):
        stage.add(at, "note_added", stage.who(day), {"note": stage.pick(NOTES)})
    else:
        stage.add(at, "owner_changed", NOBODY, {"note": "territories were divided anew"})
