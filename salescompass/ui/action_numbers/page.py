"""Numbers of actions, for coaching: until somebody looked, until it was done, how many of those due were."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.action_numbers.state import GROUPS, SPANS, NumbersState
from salescompass.ui.action_numbers.view import RateRow, TimesRow, WeekRow
from salescompass.ui.components import cell, column, empty, link_button, loading, note, table
from salescompass.ui.shell import page_head, screen

S = NumbersState
_CLOCKS = {"": "By the clock", "business": "Business hours"}


@screen(routes.ACTION_NUMBERS, title="Action numbers", place="numbers", on_load=S.load)
def numbers_page() -> rx.Component:
    """For coaching, not for shame."""
    return rx.fragment(
        page_head(
            "Action numbers",
            lead="How long actions take and how many of those due are done. Half of them took no longer than what is "
            "shown; those that wait still are counted as waiting. Business hours are Monday to Friday, 9 to 18.",
        ),
        rx.el.div(
            _select("Span", "days", S.days, SPANS),
            _select("Group", "by", S.by, GROUPS),
            _select("Clock", "clock", rx.cond(S.business, "business", ""), _CLOCKS),
            class_name="filters",
            role="group",
            custom_attrs={"aria-label": "What is counted"},
        ),
        rx.cond(S.loaded, rx.cond(S.groups.length() > 0, _numbers(), _nothing()), loading(8)),
    )


def _select(label: str, name: str, value: Any, options: Any) -> rx.Component:
    return rx.el.select(
        *[rx.el.option(words, value=key) for key, words in options.items()],
        value=value,
        on_change=lambda chosen: S.choose(name, chosen),
        class_name="select",
        custom_attrs={"aria-label": label},
    )


def _numbers() -> rx.Component:
    times = [
        column("Actions"), column("Made", end=True), column("Until looked at", end=True),
        column("Until done from then", end=True), column("Until done", end=True),
        column("Nine of ten done in", end=True), column("Open or closed undone", end=True),
    ]  # fmt: skip
    rates = [
        column("Member"), column("Due", end=True), column("Done", end=True), column("In time", end=True),
        column("Rate"), column("As if all had the same mix", end=True),
    ]  # fmt: skip
    weeks = [column("Week from"), column("Made", end=True), column("Done", end=True), column("Half done in", end=True)]
    return rx.el.div(
        rx.cond(S.more, note("There are more than can be counted at once: these are the newest 50,000.")),
        _part("How long they take", table("How long they take", times, S.groups + S.whole, _times)),
        _part("How many are done", table("How many are done", rates, S.rates, _rate)),
        _part("Week by week", table("Week by week", weeks, S.weeks, _week)),
        class_name="stack-lg numbers",
    )


def _part(title: str, body: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title), body, class_name="stack")


def _number(label: str, value: Any) -> rx.Component:
    return cell(label, rx.el.span(value, class_name="num"), end=True)


def _times(one: rx.Var[TimesRow]) -> rx.Component:
    return rx.el.tr(
        cell("Actions", rx.el.span(one.name, class_name="strong"), primary=True),
        _number("Made", one.count),
        _number("Until looked at", one.wait),
        _number("Until done from then", one.work),
        _number("Until done", one.whole),
        _number("Nine of ten done in", one.most),
        _number("Open or closed undone", one.waiting),
        key=one.name + one.key,
    )


def _rate(one: rx.Var[RateRow]) -> rx.Component:
    return rx.el.tr(
        cell("Member", rx.el.span(one.name, class_name="strong"), primary=True),
        _number("Due", one.of),
        _number("Done", one.done),
        _number("In time", one.in_time),
        cell("Rate", one.told),
        _number("As if all had the same mix", one.even),
        key=one.key,
    )


def _week(one: rx.Var[WeekRow]) -> rx.Component:
    return rx.el.tr(
        cell("Week from", rx.el.span(one.week, class_name="strong"), primary=True),
        _number("Made", one.count),
        _number("Done", one.done),
        _number("Half done in", one.half),
        key=one.key,
    )


def _nothing() -> rx.Component:
    return rx.el.div(
        empty(
            "Nothing to count yet",
            "As soon as actions were made in this span, it is told here how long they take.",
            link_button("All actions", routes.ACTIONS, "outline", "list-checks"),
            icon_name="gauge",
        ),
        class_name="card",
    )
