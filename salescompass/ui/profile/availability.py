"""When one is there: working hours, quiet hours, days out of office, and who stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import NotFound
from salescompass.ui.arguments import Id, Items, Line, Text
from salescompass.ui.components import checkboxes, form, select_field, submit_button
from salescompass.ui.components import field as text_field
from salescompass.ui.components.forms import choice
from salescompass.ui.presence_words import away_words, day_of, time_of

DAYS = (("1", "Monday"), ("2", "Tuesday"), ("3", "Wednesday"), ("4", "Thursday"), ("5", "Friday"), ("6", "Saturday"),
        ("7", "Sunday"))  # fmt: skip
Days = Annotated[list[str], Items(7, Text(1))]


class HoursForm(TypedDict):
    """Working hours and quiet hours on one's own clock."""

    work_from: Line
    work_to: Line
    work_days: Days
    quiet_from: Line
    quiet_to: Line


class AwayForm(TypedDict):
    """Days out of office, and who stands in."""

    out_from: Line
    out_to: Line
    delegate: Id | None


@dataclass(frozen=True)
class Presence:
    """When one is there as the forms have it; `colleagues` may stand in, as (id, name)."""

    work_from: str = ""
    work_to: str = ""
    work_days: list[str] = field(default_factory=list)
    quiet_from: str = ""
    quiet_to: str = ""
    out_from: str = ""
    out_to: str = ""
    delegate: str = ""
    words: str = ""
    colleagues: list[tuple[str, str]] = field(default_factory=list)


def presence(session: Session, actor: Actor) -> Presence:
    """When one is there."""
    if actor.member_id is None:
        raise NotFound("Only members have working hours")
    mine = identity.availabilities(session, [actor.member_id])[actor.member_id]
    others = [one for one in identity.members(session) if one.status == "active" and one.id != actor.member_id]
    return Presence(
        work_from=f"{mine.work_from:%H:%M}" if mine.work_from else "",
        work_to=f"{mine.work_to:%H:%M}" if mine.work_to else "",
        work_days=list(mine.work_days),
        quiet_from=f"{mine.quiet_from:%H:%M}" if mine.quiet_from else "",
        quiet_to=f"{mine.quiet_to:%H:%M}" if mine.quiet_to else "",
        out_from=mine.out_from.isoformat() if mine.out_from else "",
        out_to=mine.out_to.isoformat() if mine.out_to else "",
        delegate=str(mine.delegate_id or ""),
        words=away_words(mine, mine.local(clock.now()).date()),
        colleagues=[(str(one.id), one.name) for one in others],
    )


def save_hours(session: Session, actor: Actor, *, form: HoursForm) -> Presence:
    """Set one's hours as the form says."""
    times = {name: time_of(form[name], name) for name in ("work_from", "work_to", "quiet_from", "quiet_to")}
    identity.set_hours(session, actor, work_days="".join(form["work_days"]), **times)
    return presence(session, actor)


def save_away(session: Session, actor: Actor, *, form: AwayForm) -> Presence:
    """Set one's days out of office as the form says."""
    identity.set_out_of_office(
        session,
        actor,
        out_from=day_of(form["out_from"], "out_from"),
        out_to=day_of(form["out_to"], "out_to"),
        delegate_id=UUID(form["delegate"]) if form["delegate"] else None,
    )
    return presence(session, actor)


def hours_form(mine: rx.Var[Presence], on_submit: Any) -> rx.Component:
    """Working hours and quiet hours."""

    def time_field(name: str, label: str, value: rx.Var[str], help_text: str = "") -> rx.Component:
        return text_field("hours", name, label, type="time", default_value=value, help_text=help_text)

    return form(
        "hours",
        rx.el.div(
            time_field("work_from", "Work begins", mine.work_from),
            time_field("work_to", "Work ends", mine.work_to, "Empty: at any time. New work goes to who is there."),
            class_name="two-fields",
        ),
        checkboxes(
            "hours",
            "work_days",
            "Working days",
            *[
                choice("work_days", value, label, None, default_checked=mine.work_days.contains(value))
                for value, label in DAYS
            ],
        ),
        rx.el.div(
            time_field("quiet_from", "Quiet from", mine.quiet_from),
            time_field("quiet_to", "Quiet until", mine.quiet_to, "Nothing is mailed to you in these hours; it waits."),
            class_name="two-fields",
        ),
        submit_button("Save hours", cancel=False),
        on_submit=on_submit,
        draft=False,
        key="hours-" + mine.work_from + mine.work_to + mine.work_days.join("") + mine.quiet_from + mine.quiet_to,
    )


def away_form(mine: rx.Var[Presence], on_submit: Any) -> rx.Component:
    """Out of office."""
    return form(
        "away",
        rx.cond(mine.words != "", rx.el.p(mine.words, class_name="strong")),
        rx.el.div(
            text_field("away", "out_from", "First day out", type="date", default_value=mine.out_from),
            text_field(
                "away",
                "out_to",
                "Last day out",
                type="date",
                default_value=mine.out_to,
                help_text="Empty: until further notice.",
            ),
            class_name="two-fields",
        ),
        select_field(
            "away",
            "delegate",
            "Who stands in",
            mine.colleagues,
            none="Nobody",
            default_value=mine.delegate,
            help_text="What is yours goes to them in these days; without anybody, to the team of your territory.",
        ),
        submit_button("Save out of office", cancel=False, look="outline"),
        on_submit=on_submit,
        draft=False,
        key="away-" + mine.out_from + mine.out_to + mine.delegate,
    )
