"""The feed: two lanes, filters, day groups of event rows, a pill for what is new, and the sheet of an event."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import (
    button,
    chip,
    dialog,
    empty,
    failed,
    field,
    form,
    icon,
    link,
    link_button,
    meta,
    note,
    submit_button,
)
from salescompass.ui.components.event_rows import day_section
from salescompass.ui.components.event_sheet import event_notes, event_sheet
from salescompass.ui.components.panel import Here, ListKeys
from salescompass.ui.feed.filters import VERDICTS, WHEN
from salescompass.ui.feed.state import FeedState
from salescompass.ui.noting import EventNotes
from salescompass.ui.shell import only_for, page_head, screen
from salescompass.ui.shell_state import ShellState

_FLOOD = (
    "More than 200 events a second are arriving. The count follows twice a second and stops at 100; the page stays as "
    "it is until you ask for the newest."
)
_SAMPLE = "You see a sample: twice a second the newest 50 events, not every one that arrives."


@screen(routes.FEED, title="Feed", place="feed", on_load=[FeedState.load, EventNotes.load_notes, FeedState.listen])
def feed_page() -> rx.Component:
    """What customers do, for everybody who talks to them."""
    return rx.fragment(
        page_head("Feed", rx.cond(FeedState.loaded, _freshness()), actions=_actions()),
        _filters(),
        rx.cond(FeedState.flood | FeedState.following, note(_sampling(), "info", "activity")),
        rx.el.div(_pill(), class_name="pill", role="status"),
        rx.cond(FeedState.problem != "", failed(FeedState.problem, FeedState.load)),
        Here.create(
            rx.cond(FeedState.loaded, rx.cond(FeedState.shown > 0, _list(), _nothing())),
            echo=FeedState.echo,
        ),
        rx.cond(
            FeedState.sheet_open,
            event_sheet(
                FeedState.sheet,
                FeedState.sheet_close,
                FeedState.sheet_older,
                FeedState.sheet_newer,
                notes=event_notes(EventNotes, ShellState.allowed.contains("records.write"), ShellState.zone),
            ),
        ),
        _dates_dialog(),
        _who_dialog(),
        ListKeys.create(on=ShellState.shortcuts),
    )


def _sampling() -> rx.Component:
    """What a page shows when more arrives than anybody reads, and the choice between holding still and a sample."""
    return rx.el.div(
        rx.el.span(rx.cond(FeedState.following, _SAMPLE, _FLOOD), class_name="grow", style={"flexBasis": "16rem"}),
        button(rx.cond(FeedState.following, "Hold the page still", "Follow the newest"), on_click=FeedState.follow),
        class_name="row wrap",
    )


def _freshness() -> rx.Component:
    return rx.fragment(
        rx.cond(
            FeedState.paused,
            chip("Paused", "warning", "pause"),
            rx.cond(
                FeedState.live,
                chip(rx.fragment(rx.el.span(class_name="pulse"), "Live"), "success"),
                chip("Not live", "warning", "clock"),
            ),
        ),
        meta("as of ", rx.el.span(FeedState.as_of, class_name="num")),
    )


def _actions() -> list[rx.Component]:
    here = rx.Var("(typeof location === 'undefined' ? '' : location.origin)").to(str) + FeedState.address

    def act(label: str, icon_name: str, **props: Any) -> rx.Component:
        return button(rx.el.span(label, class_name="word"), "ghost", icon_name, class_name="compact", **props)

    pause = rx.cond(
        FeedState.paused,
        act("Resume", "play", on_click=FeedState.pause),
        act("Pause", "pause", on_click=FeedState.pause),
    )
    return [pause, act("Copy link", "link", custom_attrs={"data-act": "copy", "data-value": here})]


def _filters() -> rx.Component:
    verdicts = [rx.el.option(label, value=value) for value, label in VERDICTS.items()]
    dates = [rx.el.option(label, value=value) for value, (_, label) in WHEN.items()]
    chips = rx.el.div(
        _select("type", "Type", FeedState.chosen["type"], rx.foreach(FeedState.types, _option)),
        _select("channel", "Channel", FeedState.chosen["channel"], rx.foreach(FeedState.channels, _option)),
        rx.cond(
            FeedState.labels["dates"] != "",
            _picked("dates", FeedState.labels["dates"], "calendar"),
            _select("when", "Dates", "", rx.fragment(*dates, rx.el.option("Choose dates …", value="dates"))),
        ),
        _select("verdict", "Verdict", FeedState.chosen["verdict"], rx.fragment(*verdicts)),
        _picked("account", FeedState.labels["account"], "building-2"),
        _picked("person", FeedState.labels["person"], "user"),
        rx.cond(
            ~FeedState.chosen.contains("account") & ~FeedState.chosen.contains("person"),
            rx.el.a(icon("plus", 14), "Who", href="#who", class_name="filter dashed"),
        ),
        rx.cond(FeedState.narrowed, link_button("Clear", FeedState.clear["all"], "ghost", class_name="clear")),
        class_name="filters",
        role="group",
        custom_attrs={"aria-label": "Filters"},
    )
    lanes = rx.el.div(
        _lane("signals", "Signals", FeedState.signals),
        _lane("noise", "Noise", FeedState.noise),
        class_name="segments lanes",
        role="group",
        custom_attrs={"aria-label": "Lane"},
    )
    return rx.el.div(lanes, chips, class_name="toolbar")


def _lane(key: str, label: str, count: rx.Var[str]) -> rx.Component:
    return rx.el.a(
        label,
        rx.el.span(count, class_name="num count"),
        href=FeedState.lane_hrefs[key],
        custom_attrs={"aria-current": rx.cond(FeedState.lane == key, "true", rx.Var("undefined"))},
    )


def _option(one: Any) -> rx.Component:
    return rx.el.option(one.label, value=one.value)


def _select(name: str, label: str, value: Any, options: Any) -> rx.Component:
    """A filter as a short list; what is chosen is taken away by its cross."""
    chosen = FeedState.chosen.contains(name)
    return rx.el.div(
        rx.el.select(
            rx.el.option(label, value=""),
            options,
            value=rx.cond(chosen, value, ""),
            on_change=lambda picked: FeedState.choose(name, picked),
            class_name=rx.cond(chosen, "select on", "select"),
            custom_attrs={"aria-label": label},
        ),
        rx.cond(chosen, _cross(label, FeedState.clear[name])) if name != "when" else rx.fragment(),
        class_name="filter-select",
    )


def _picked(name: str, label: rx.Var[str], icon_name: str) -> rx.Component:
    chip_ = rx.el.span(icon(icon_name, 14), label, _cross(name, FeedState.clear[name]), class_name="filter on")
    return chip_ if name == "dates" else rx.cond(FeedState.chosen.contains(name), chip_)


def _cross(what: str, href: Any) -> rx.Component:
    return rx.el.a(icon("x", 14), href=href, class_name="cross", custom_attrs={"aria-label": f"Any {what.lower()}"})


def _pill() -> rx.Component:
    label = rx.cond(
        FeedState.fresh > 0,
        rx.cond(FeedState.fresh >= 100, "100 and more new", FeedState.fresh.to_string() + " new"),
        "Earlier events arrived",
    )
    return rx.cond(
        (FeedState.fresh > 0) | FeedState.late, button(label, "solid", "arrow-up", on_click=FeedState.show_new)
    )


def _list() -> rx.Component:
    return rx.el.div(
        rx.el.div("Effect on account score", class_name="meta effect-head"),
        rx.foreach(FeedState.days, lambda day: day_section(day, FeedState.opened)),
        rx.el.div(
            rx.el.span(FeedState.shown.to_string() + " shown", class_name="meta num"),
            rx.cond(FeedState.more, button("Load more", on_click=FeedState.load_more)),
            rx.cond(FeedState.older != "", link_button("Older events", FeedState.older, "outline", "arrow-right")),
            rx.cond(~FeedState.more & (FeedState.older == ""), rx.el.span("That is everything.", class_name="meta")),
            class_name="table-foot",
        ),
        class_name="feed",
    )


def _nothing() -> rx.Component:
    first = empty(
        "No events yet",
        "Events come from your applications and from files. The first one appears here by itself, without a reload.",
        only_for(
            "keys.manage",
            rx.el.div(
                link_button("Create an API key", routes.keys(dialog="create"), "solid", "key-round"),
                class_name="row",
            ),
        ),
        rx.el.p(link("See the ways to bring events in", routes.TODAY)),
        icon_name="activity",
    )
    no_match = empty(
        "Nothing matches",
        "No event fits these filters. New ones that do will appear here by themselves.",
        link_button("Clear filters", FeedState.clear["all"], "outline", "x"),
        icon_name="list-filter",
    )
    other_lane = rx.cond(
        FeedState.lane == "signals",
        empty(
            "No signals yet",
            "All that came in is noise so far: machines, our own acts, or the same act told twice.",
            link_button("Look at the noise", FeedState.lane_hrefs["noise"], "outline", "bot"),
            icon_name="activity",
        ),
        empty(
            "No noise",
            "Neither machines nor acts of our own so far. What customers do is in the other lane.",
            link_button("Look at the signals", FeedState.lane_hrefs["signals"], "outline", "activity"),
            icon_name="bot",
        ),
    )
    bare = (FeedState.signals == "0") & (FeedState.noise == "0")
    return rx.el.div(rx.cond(FeedState.narrowed, no_match, rx.cond(bare, first, other_lane)), class_name="card")


def _dates_dialog() -> rx.Component:
    return dialog(
        "dates",
        "Choose dates",
        form(
            "dates",
            field("dates", "since", "From", type="date"),
            field("dates", "until", "To", type="date", help_text="Both days are included. Leave one empty for no end."),
            submit_button("Show events"),
            on_submit=FeedState.choose_dates,
            draft=False,
        ),
    )


def _who_dialog() -> rx.Component:
    return dialog(
        "who",
        "Account or person",
        rx.el.div(
            rx.el.label("Name", html_for="who-name"),
            rx.el.input(
                id="who-name",
                type="search",
                class_name="input",
                auto_complete="off",
                on_change=FeedState.find.debounce(200),
                custom_attrs={"aria-describedby": "who-help"},
            ),
            rx.el.p("The beginning of a name, or a whole address or domain.", class_name="help", id="who-help"),
            class_name="field",
        ),
        rx.el.ul(
            rx.foreach(
                FeedState.matches,
                lambda one: rx.el.li(
                    rx.el.a(
                        icon(one["icon"]),
                        rx.el.span(one["name"], class_name="grow cut"),
                        rx.el.span(one["detail"], class_name="meta cut"),
                        href=one["href"],
                        class_name="menu-item",
                    )
                ),
            ),
            class_name="matches",
            custom_attrs={"aria-label": "Found"},
        ),
    )
