"""The feed: day groups of event rows, a pill for what is new, and the next page on demand."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import button, chip, empty, failed, link, link_button, loading, meta
from salescompass.ui.components.event_rows import DayGroup, event_line
from salescompass.ui.feed.state import FeedState
from salescompass.ui.shell import only_for, page_head, screen


@screen(routes.FEED, title="Feed", place="feed", on_load=[FeedState.load, FeedState.listen])
def feed_page() -> rx.Component:
    """What customers do, for everybody who talks to them."""
    return rx.fragment(
        page_head(
            "Feed",
            rx.cond(FeedState.loaded, _freshness()),
            lead="What your customers do, newest first. Read what happened before you call or write.",
        ),
        rx.el.div(_pill(), class_name="pill", role="status"),
        rx.cond(FeedState.problem != "", failed(FeedState.problem, FeedState.load)),
        rx.cond(
            FeedState.loaded,
            rx.cond(FeedState.shown > 0, _list(), _nothing()),
            rx.cond(FeedState.problem == "", loading(8)),
        ),
    )


def _freshness() -> rx.Component:
    return rx.fragment(
        rx.cond(
            FeedState.live,
            chip(rx.fragment(rx.el.span(class_name="pulse"), "Live"), "success"),
            chip("Not live", "warning", "clock"),
        ),
        meta("as of ", rx.el.span(FeedState.as_of, class_name="num")),
    )


def _pill() -> rx.Component:
    label = rx.cond(
        FeedState.fresh > 0,
        rx.cond(FeedState.fresh >= 100, "100 and more new", FeedState.fresh.to_string() + " new"),
        "Earlier events arrived",
    )
    return rx.cond(
        (FeedState.fresh > 0) | FeedState.late, button(label, "solid", "arrow-up", on_click=FeedState.show_new)
    )


def _day(group: rx.Var[DayGroup]) -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(group.title), class_name="day"),
        rx.el.ul(rx.foreach(group.rows, event_line), class_name="events"),
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.foreach(FeedState.days, _day),
        rx.el.div(
            rx.el.span(FeedState.shown.to_string() + " shown", class_name="meta num"),
            rx.cond(FeedState.more, button("Load more", on_click=FeedState.load_more)),
            rx.cond(
                FeedState.older != "",
                link_button("Older events", f"{routes.FEED}?before=" + FeedState.older, "outline", "arrow-right"),
            ),
            rx.cond(~FeedState.more & (FeedState.older == ""), rx.el.span("That is everything.", class_name="meta")),
            class_name="table-foot",
        ),
    )


def _nothing() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            empty(
                "No events yet",
                "Events come from your applications and from files. The first one appears here by itself, "
                "without a reload.",
                only_for(
                    "keys.manage",
                    rx.el.div(
                        link_button("Create an API key", routes.keys(dialog="create"), "solid", "key-round"),
                        class_name="row",
                    ),
                ),
                rx.el.p(link("See the ways to bring events in", routes.TODAY)),
                icon_name="activity",
            ),
            class_name="card",
        ),
    )
