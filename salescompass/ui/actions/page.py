"""The page of actions: a list by what a minute brings, a board by state, a calendar, and what has been lying about."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.action_looks import ActionLook
from salescompass.ui.action_words import KINDS
from salescompass.ui.actions.asked import SHOWS, SORTS
from salescompass.ui.actions.state import ActionsState
from salescompass.ui.actions.view import ColumnLook, DayLook, StaleLook, TabLook
from salescompass.ui.components import button, chip, empty, icon, link, link_button, meta, note
from salescompass.ui.components.action_cards import action_card, follow_card
from salescompass.ui.components.action_sheets import action_sheets
from salescompass.ui.components.panel import Here
from salescompass.ui.shell import only_for, page_head, screen

S = ActionsState


@screen(routes.ACTIONS, title="Actions", place="actions", on_load=[S.load, S.listen])
def actions_page() -> rx.Component:
    """All that is to be done, by whom and when."""
    return rx.fragment(
        page_head(
            "Actions",
            actions=[_shows(), only_for("actions.write", link_button("New action", "#plan", "solid", "plus"))],
        ),
        rx.el.nav(
            rx.foreach(S.tabs, _tab),
            class_name="view-tabs action-tabs",
            custom_attrs={"aria-label": "Whose actions"},
        ),
        _toolbar(),
        _lying_about(),
        follow_card(S),
        Here.create(
            rx.match(
                S.show,
                ("board", _board()),
                ("calendar", _calendar()),
                ("triage", _triage()),
                _list(),
            ),
            echo=S.echo,
        ),
        action_sheets(S, S.all_cards),
    )


def _shows() -> rx.Component:
    def one(place: int, key: str, label: str, symbol: str) -> rx.Component:
        current = {"aria-current": rx.cond(S.show == key, "page", rx.Var("undefined"))}
        return rx.el.a(icon(symbol, 14), label, href=S.shows[place], custom_attrs=current)

    return rx.el.nav(
        *[one(place, key, *words) for place, (key, words) in enumerate(SHOWS.items())],
        class_name="segments",
        custom_attrs={"aria-label": "Show as"},
    )


def _tab(one: rx.Var[TabLook]) -> rx.Component:
    return rx.el.a(
        one.label,
        rx.cond(one.count != "", rx.el.span(one.count, class_name="meta num")),
        href=one.href,
        class_name="view-tab",
        custom_attrs={"aria-current": rx.cond(one.current, "page", rx.Var("undefined"))},
    )


def _toolbar() -> rx.Component:
    def select(label: str, usual: str, name: str, value: rx.Var[str], options: dict[str, str]) -> rx.Component:
        return rx.el.select(
            rx.el.option(usual, value=""),
            *[rx.el.option(words, value=key) for key, words in options.items()],
            value=value,
            on_change=lambda chosen: S.choose(name, chosen),
            class_name=rx.cond(value != "", "select on", "select"),
            custom_attrs={"aria-label": label},
        )

    search = rx.el.div(
        icon("search"),
        rx.el.input(
            id="action-search",
            type="search",
            placeholder="Search actions",
            auto_complete="off",
            max_length=80,
            class_name="input",
            on_change=S.search.debounce(250),
            custom_attrs={"aria-label": "Search actions by their words and names"},
        ),
        class_name="search-field",
    )
    kinds = {kind.value: words for kind, words in KINDS.items()}
    sorts = {sort.value: words for sort, words in SORTS.items()}
    return rx.el.div(
        search,
        rx.el.div(
            rx.el.div(select("Kind", "Any kind", "kind", S.kind, kinds), class_name="filter-select"),
            rx.cond(
                S.show == "list",
                rx.el.div(select("Order", "Usual order", "sort", S.sort, sorts), class_name="filter-select"),
            ),
            rx.cond(S.narrowed, link_button("Clear", S.clear, "ghost")),
            class_name="filters",
            role="group",
            custom_attrs={"aria-label": "Filters"},
        ),
        class_name="toolbar",
    )


def _lying_about() -> rx.Component:
    told = rx.el.span(
        rx.cond(S.stale == 1, "1 action has", f"{S.stale} actions have"),
        " been lying about for two weeks or was put off again and again. ",
        link("Go through them", routes.actions(show="triage")),
    )
    return rx.cond(
        (S.stale > 0) & (S.show != "triage"), rx.el.div(note(told, "warning", "hourglass"), class_name="lying")
    )


def _list() -> rx.Component:
    return rx.cond(
        S.rows.length() > 0,
        rx.fragment(
            rx.el.ul(rx.foreach(S.rows, lambda one: action_card(one, S)), class_name="action-cards listed"),
            rx.el.div(
                meta(rx.el.span(S.rows.length().to_string(), class_name="num"), " shown"),
                rx.cond(S.more, button("Load more", on_click=S.load_more), meta("That is everything.")),
                class_name="table-foot",
            ),
        ),
        _nothing(),
    )


def _nothing() -> rx.Component:
    return rx.el.div(
        rx.cond(
            S.narrowed,
            empty("Nothing matches", "No action of this view fits.", link_button("Clear filters", S.clear, "outline"),
                  icon_name="list-filter"),
            empty(
                "Nothing here",
                "What rules find worth doing comes by itself; what you plan yourself is made by New action.",
                icon_name="list-checks",
            ),
        ),
        class_name="card",
    )  # fmt: skip


def _board() -> rx.Component:
    def column(one: rx.Var[ColumnLook]) -> rx.Component:
        return rx.el.section(
            rx.el.div(rx.el.h2(one.title), meta(one.count), class_name="state-head"),
            rx.cond(
                one.cards.length() > 0,
                rx.el.ul(rx.foreach(one.cards, _small), class_name="action-column"),
                rx.el.p("None", class_name="muted"),
            ),
            key=one.state,
            class_name="action-state",
            custom_attrs={"aria-label": one.title},
        )

    return rx.el.div(
        rx.foreach(S.columns, column), class_name="action-board", tab_index=0, role="group",
        custom_attrs={"aria-label": "Board by state"},
    )  # fmt: skip


def _small(one: rx.Var[ActionLook]) -> rx.Component:
    return rx.el.li(
        rx.el.a(one.title, href=one.href, class_name="strong"),
        rx.cond(one.about != "", rx.el.span(one.about, class_name="meta num")),
        rx.el.div(
            rx.cond(one.due != "", chip(one.due, one.due_tone, "clock")),
            meta(one.assignee),
            class_name="action-about",
        ),
        rx.cond(
            one.may,
            rx.el.div(
                rx.cond(one.state == "Proposed", button("Accept", "ghost", on_click=S.take(one.id))),
                rx.cond(one.state == "To do", button("Begin", "ghost", on_click=S.begin(one.id))),
                link_button("Done", "#done-" + one.id, "ghost"),
                class_name="row",
            ),
        ),
        key=one.id,
        class_name="card small-action",
        custom_attrs={"data-action": one.id},
    )


def _calendar() -> rx.Component:
    def day(one: rx.Var[DayLook]) -> rx.Component:
        return rx.el.li(
            rx.el.span(
                rx.el.span(one.number, class_name="number num", custom_attrs={"aria-hidden": "true"}),
                rx.el.span(one.title, class_name="full"),
                class_name="day-name",
            ),
            rx.el.ul(
                rx.foreach(
                    one.cards,
                    lambda card: rx.el.li(
                        rx.el.a(icon(card.icon, 14), rx.el.span(card.title, class_name="cut"), href=card.href),
                        key=card.id,
                    ),
                ),
            ),
            rx.cond(one.more != "", meta(one.more)),
            key=one.key,
            class_name="calendar-day"
            + rx.cond(one.inside, "", " outside")
            + rx.cond(one.today, " today", "")
            + rx.cond(one.cards.length() > 0, "", " none"),
        )

    return rx.fragment(
        rx.el.div(
            _month_link("Month before", "chevron-left", S.before),
            rx.el.h2(S.month),
            _month_link("Month after", "chevron-right", S.after),
            class_name="calendar-head",
        ),
        rx.el.ol(
            *[rx.el.li(name, class_name="weekday", custom_attrs={"aria-hidden": "true"}) for name in _WEEK],
            rx.foreach(S.days, day),
            class_name="calendar-days",
        ),
    )


def _month_link(label: str, symbol: str, href: rx.Var[str]) -> rx.Component:
    return rx.el.a(icon(symbol), href=href, class_name="icon-button", title=label, custom_attrs={"aria-label": label})


_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _triage() -> rx.Component:
    def one(stale: rx.Var[StaleLook]) -> rx.Component:
        card = stale.card
        advised = {"keep": "Better keep it", "delegate": "Better give it to somebody", "drop": "Better drop it"}
        return rx.el.li(
            rx.el.div(
                rx.el.a(card.title, href=card.href, class_name="strong"),
                rx.el.span(card.about, class_name="meta num"),
                rx.el.p(rx.match(stale.advice, *advised.items(), ""), ": ", stale.why, class_name="muted"),
                class_name="grow",
            ),
            rx.cond(card.due != "", chip(card.due, card.due_tone, "clock")),
            rx.el.div(
                button("Keep", "outline", on_click=S.keep(card.id, False)),
                link_button("Delegate", "#delegate-" + card.id, "outline"),
                button("Drop", "outline", on_click=S.keep(card.id, True)),
                class_name="row triage-acts",
            ),
            key=card.id,
            custom_attrs={"data-action": card.id},
        )

    return rx.cond(
        S.lying.length() > 0,
        rx.el.section(
            rx.el.h2("What has been lying about"),
            rx.el.p("One tap for each: it stays and is due in a week, somebody else is asked, or it goes."),
            rx.el.ul(rx.foreach(S.lying, one), class_name="card triage"),
            class_name="stack",
        ),
        rx.el.div(
            empty("Nothing lies about", "Everything that is open is fresh, or has a day.",
                  link_button("All actions", routes.ACTIONS, "outline"), icon_name="circle-check"),
            class_name="card",
        ),
    )  # fmt: skip
