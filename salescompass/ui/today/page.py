"""Today: what to do next and why, and what customers did; before the first event, the ways to bring events in."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import all_well, dialog, empty, first_use, icon, link, link_button, loading, meta, step
from salescompass.ui.components.action_cards import action_card, follow_card, offer_card
from salescompass.ui.components.action_sheets import action_sheets
from salescompass.ui.components.copying import command
from salescompass.ui.components.event_rows import event_line
from salescompass.ui.shell import only_for, page_head, screen
from salescompass.ui.shell_state import ShellState
from salescompass.ui.today.state import TodayState


@screen(routes.TODAY, title="Today", place="today", on_load=[TodayState.load, TodayState.listen])
def today_page() -> rx.Component:
    """Where everybody starts."""
    return rx.fragment(
        page_head("Today", rx.el.span(TodayState.day, class_name="muted")),
        rx.cond(
            TodayState.loaded,
            rx.cond(
                ShellState.allowed.contains("feed.read"),
                rx.cond(
                    (TodayState.latest.length() > 0)
                    | (TodayState.cards.length() > 0)
                    | (TodayState.offers.length() > 0),
                    _busy_day(),
                    _first_day(),
                ),
                _without_feed(),
            ),
            rx.el.div(loading(6), class_name="empty"),
        ),
        _import_dialog(),
    )


def _without_feed() -> rx.Component:
    return rx.el.div(
        empty(
            "Your role does not show what customers do",
            "An administrator of your company can give you a role that may read the feed, under Users and roles. "
            "Everything else that your role allows is in the menu.",
            link_button("Open your profile", routes.PROFILE, "outline", "user"),
            icon_name="lock",
        ),
        class_name="card",
    )


def _first_day() -> rx.Component:
    admin = ShellState.allowed.contains("keys.manage")
    return rx.el.div(
        rx.cond(
            admin,
            first_use(
                "What your customers do will appear here",
                "It comes from your applications, or from a file you have. The first event is on the screen "
                "within a second.",
                link_button("Send your first event", routes.keys(dialog="create"), "solid", "send"),
                link("Import activity you have", "#import"),
                safe="You can try it with one made-up event. Nobody is written to.",
            ),
            first_use(
                "What your customers do will appear here",
                "Your administrator connects the first application or imports a file. You need do nothing; "
                "it appears by itself.",
                link_button("Open the feed", routes.FEED, "solid", "activity"),
                link("Set your name and time zone", routes.PROFILE),
            ),
        ),
        only_for("keys.manage", _steps()),
        class_name="stack first-day",
    )


def _steps() -> rx.Component:
    return rx.el.div(
        step(
            1,
            "Send your first event",
            "Create an API key and copy one line of curl",
            routes.keys(dialog="create"),
            "2 min",
        ),
        step(2, "Import activity", "A CSV file of what people did, from any system", "#import", "about 5 min"),
        step(
            3, "Invite a colleague", "So that they see what their customers do", routes.users(dialog="invite"), "1 min"
        ),
        class_name="card steps empty",
    )


def _busy_day() -> rx.Component:
    return rx.el.div(
        rx.el.div(only_for("actions.read", _due()), class_name="stack"),
        rx.el.div(
            rx.el.a(
                rx.el.span(icon("activity"), class_name="tile"),
                rx.el.span(
                    rx.el.span(
                        "What customers did today: ",
                        _count(TodayState.events, "event", "events"),
                        ", ",
                        _count(TodayState.people, "person", "people"),
                        class_name="strong",
                        display="block",
                    ),
                    rx.el.span("Read it before you call or write. The day is counted in UTC.", class_name="muted"),
                    class_name="grow",
                ),
                icon("chevron-right"),
                href=routes.FEED,
                class_name="card pad row summary",
            ),
            rx.el.section(
                rx.el.div(rx.el.h2("Latest"), meta(link("Open the feed", routes.FEED)), class_name="day"),
                rx.el.ul(rx.foreach(TodayState.latest, lambda row: event_line(row)), class_name="events"),
            ),
            only_for("keys.manage", rx.cond(~TodayState.has_key | ~TodayState.has_colleague, _open_steps())),
            class_name="stack narrow-events",
        ),
        class_name="day-columns",
    )


def _due() -> rx.Component:
    """What to do next: what colleagues ask, what follows from what was just done, and the cards."""
    nothing = (TodayState.cards.length() == 0) & (TodayState.offers.length() == 0)
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Next best actions"),
            meta(
                rx.el.span(TodayState.cards.length().to_string(), " due", class_name="num"),
                rx.cond(
                    TodayState.finished > 0,
                    rx.el.span(", ", TodayState.finished.to_string(), " done", class_name="num"),
                ),
            ),
            meta("by expected value"),
            class_name="actions-head",
        ),
        rx.el.p(TodayState.news, role="status", class_name="hidden"),
        follow_card(TodayState),
        rx.cond(
            nothing,
            all_well("All caught up. What is worth doing next appears here by itself."),
            rx.el.ul(
                rx.foreach(TodayState.offers, lambda one: offer_card(one, TodayState)),
                rx.foreach(TodayState.cards, lambda one: action_card(one, TodayState)),
                class_name="action-cards",
            ),
        ),
        rx.cond(
            TodayState.waiting > 0,
            rx.el.div(
                rx.el.span(_count(TodayState.waiting, "more waits", "more wait"), class_name="muted"),
                link("All actions", routes.ACTIONS),
                class_name="more-wait",
            ),
        ),
        action_sheets(TodayState, TodayState.cards),
    )


def _open_steps() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2("Still to set up"), class_name="day"),
        rx.el.div(
            rx.cond(
                ~TodayState.has_key,
                step(
                    1,
                    "Connect an application",
                    "Create an API key and copy one line of curl",
                    routes.keys(dialog="create"),
                    "2 min",
                ),
            ),
            rx.cond(
                ~TodayState.has_colleague,
                step(
                    2,
                    "Invite a colleague",
                    "So that they see what their customers do",
                    routes.users(dialog="invite"),
                    "1 min",
                ),
            ),
            class_name="card steps",
        ),
    )


def _count(number: rx.Var[int], one: str, many: str) -> rx.Component:
    return rx.el.span(number.to_string(), " ", rx.cond(number == 1, one, many), class_name="num")


def _import_dialog() -> rx.Component:
    return dialog(
        "import",
        "Import activity",
        rx.el.p(
            "A file with one row per event is read on the page of imports, with a preview before anything is kept:"
        ),
        rx.el.div(link_button("Import a file", routes.imports(step="file"), "outline", "upload"), class_name="row"),
        rx.el.p("Larger files are read on the server where SalesCompass runs. Ask whoever runs it to type this there:"),
        command("./compass import events activity.csv --tenant " + ShellState.tenant_slug + " --json"),
        rx.el.p(
            "Every row is accounted for: created, updated, skipped or failed with the reason. The same file read twice "
            "adds nothing twice. Add ",
            rx.el.code("--shift-dates now"),
            " to move old dates to the present, for a demonstration.",
            class_name="muted",
        ),
        shape="wide",
        lead="For administrators who have activity in another system.",
    )
