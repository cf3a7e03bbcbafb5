"""The list of accounts: the warmest first, found by name, narrowed by band and owner; cards on phones."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.accounts.state import AccountRow, AccountsState
from salescompass.ui.components import (
    ago,
    avatar,
    button,
    cell,
    column,
    empty,
    icon,
    link,
    link_button,
    meta,
    table,
)
from salescompass.ui.components.panel import Here, ListKeys
from salescompass.ui.components.scores import score_chip, spark, velocity
from salescompass.ui.score_words import band_word
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState
from salescompass.vocabulary import Band


@screen(routes.ACCOUNTS, title="Accounts", place="accounts", on_load=AccountsState.load)
def accounts_page() -> rx.Component:
    """Whom to talk to next."""
    return rx.fragment(
        page_head("Accounts", rx.cond(AccountsState.loaded, rx.el.span(AccountsState.count, class_name="muted num"))),
        _toolbar(),
        Here.create(
            rx.cond(AccountsState.loaded, rx.cond(AccountsState.rows.length() > 0, _list(), _nothing())),
            echo=AccountsState.echo,
        ),
        ListKeys.create(on=ShellState.shortcuts),
    )


def _toolbar() -> rx.Component:
    bands = [rx.el.option(band_word(band), value=band) for band in (Band.HOT, Band.WARM, Band.COOL, Band.COLD)]
    search = rx.el.div(
        icon("search"),
        rx.el.input(
            id="account-search",
            type="search",
            placeholder="Name begins with",
            auto_complete="off",
            max_length=80,
            class_name="input",
            on_change=AccountsState.search.debounce(250),
            custom_attrs={"aria-label": "Search accounts by the beginning of their name"},
        ),
        class_name="search-field",
    )
    chips = rx.el.div(
        rx.el.div(
            rx.el.select(
                rx.el.option("Any band", value=""),
                *bands,
                value=AccountsState.band,
                on_change=AccountsState.choose_band,
                class_name=rx.cond(AccountsState.band != "", "select on", "select"),
                custom_attrs={"aria-label": "Band"},
            ),
            class_name="filter-select",
        ),
        rx.el.a(
            rx.cond(AccountsState.mine, icon("check", 14), icon("user", 14)),
            "Mine",
            href=AccountsState.mine_href,
            class_name=rx.cond(AccountsState.mine, "filter on", "filter"),
            custom_attrs={"aria-current": rx.cond(AccountsState.mine, "true", rx.Var("undefined"))},
        ),
        rx.cond(AccountsState.narrowed, link_button("Clear", routes.ACCOUNTS, "ghost", class_name="clear")),
        class_name="filters",
        role="group",
        custom_attrs={"aria-label": "Filters"},
    )
    return rx.el.div(search, chips, class_name="toolbar")


def _list() -> rx.Component:
    return rx.el.div(
        table(
            "Accounts by score",
            [
                column("Account"),
                column("Score", sort="descending"),
                column("Trend, 7 days"),
                column("Last signal"),
                column("People", end=True),
                column("Owner"),
            ],
            AccountsState.rows,
            _row,
        ),
        rx.el.div(
            meta(rx.el.span(AccountsState.rows.length().to_string(), class_name="num"), " shown"),
            rx.cond(
                AccountsState.more, button("Load more", on_click=AccountsState.load_more), meta("That is everything.")
            ),
            class_name="table-foot",
        ),
        class_name="accounts under-toolbar",
    )


def _row(row: rx.Var[AccountRow]) -> rx.Component:
    name = rx.el.div(
        rx.el.span(row.initial, class_name="monogram", custom_attrs={"aria-hidden": "true"}),
        rx.el.a(row.name, href=row.href, class_name="cut row-link", custom_attrs={"data-row": ""}),
        class_name="row",
    )
    last = rx.cond(
        row.last_at != "",
        rx.el.div(
            rx.el.span(row.last, class_name="cut"),
            rx.el.span(ago(row.last_at, zone=ShellState.zone), class_name="meta"),
            class_name="last-signal",
        ),
        rx.el.span("Nothing yet", class_name="muted"),
    )
    owner = rx.cond(
        row.owner != "",
        rx.el.div(
            rx.el.span(avatar(row.owner_initials, row.owner_tint), class_name="small-avatar"),
            rx.el.span(row.owner, class_name="cut"),
            class_name="row",
        ),
        rx.el.span("Nobody", class_name="muted"),
    )
    return rx.el.tr(
        cell("Account", name, primary=True),
        cell("Score", rx.el.a(score_chip(row.look), href=row.why, title="Why this score", class_name="chip-link")),
        cell(
            "Trend, 7 days", rx.el.div(spark(row.spark, row.spark_dot), velocity(row.velocity), class_name="row trend")
        ),
        cell("Last signal", last),
        cell("People", rx.el.span(row.people.to_string(), class_name="num"), end=True),
        cell("Owner", owner),
        key=row.id,
    )


def _nothing() -> rx.Component:
    first = empty(
        "No accounts yet",
        "Accounts come with events and with files: the first event that names a company makes one.",
        rx.el.p(link("See the ways to bring events in", routes.TODAY)),
        icon_name="building-2",
    )
    no_match = empty(
        "Nothing matches",
        "No account fits these filters. Names are found by their beginning.",
        link_button("Clear filters", routes.ACCOUNTS, "outline", "x"),
        icon_name="list-filter",
    )
    return rx.el.div(rx.cond(AccountsState.empty, first, no_match), class_name="card under-toolbar")
