"""The cards of an account's and a person's page: its head with the one thing to do, its deals, its people."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import avatar, chip, empty, icon, link, link_button, meta
from salescompass.ui.components.dialogs import menu, menu_opener
from salescompass.ui.components.notes import follow_button
from salescompass.ui.components.scores import score_chip
from salescompass.ui.components.states import in_trash
from salescompass.ui.deal_words import DealRow
from salescompass.ui.noting import RecordNotes
from salescompass.ui.record.state import RecordState
from salescompass.ui.record.view import PersonRow
from salescompass.ui.shell import only_for

R = RecordState.record


def head() -> rx.Component:
    """Who it is, whether the page is live, and what to do."""
    picture = rx.cond(
        R.kind == "account",
        rx.el.span(R.initials, class_name="monogram large", custom_attrs={"aria-hidden": "true"}),
        rx.el.span(avatar(R.initials, R.tint), class_name="large-avatar"),
    )
    live = rx.cond(
        R.live,
        chip(rx.fragment(rx.el.span(class_name="pulse"), "Live"), "success"),
        chip("Not live", "warning", "clock"),
    )
    return rx.el.header(
        picture,
        rx.el.div(
            rx.el.h1(R.name, tab_index=-1),
            rx.el.div(
                rx.el.span(R.sub, rx.cond(R.account_href != "", rx.fragment(" at ", link(R.account, R.account_href)))),
                rx.cond(R.email != "", rx.el.span(link(R.email, "mailto:" + R.email), class_name="anywhere")),
                class_name="muted about-line",
            ),
            class_name="grow",
        ),
        rx.el.div(
            live,
            meta("as of ", rx.el.span(RecordState.as_of, class_name="num")),
            follow_button(RecordNotes),
            only_for("records.write", _primary(), _more()),
            class_name="row",
        ),
        class_name="record-head",
    )


def _primary() -> rx.Component:
    """The one thing that this record is most likely opened for."""

    def solid(label: str, href: Any, icon_name: str) -> rx.Component:
        return link_button(label, href, "solid", icon_name, class_name="primary")

    deal = solid("Add deal", RecordState.links["here"] + "#new-deal", "plus")
    convert = solid("Convert", RecordState.links["here"] + "#convert", "user-check")
    reach = rx.cond(
        R.email != "",
        solid("Email", "mailto:" + R.email, "mail"),
        rx.cond(R.phone != "", solid("Call", "tel:" + R.phone, "phone"), deal),
    )
    return rx.cond(R.kind == "account", deal, rx.cond(R.lead, convert, reach))


def _more() -> rx.Component:
    def entry(label: str, icon_name: str, dialog: str) -> rx.Component:
        return rx.el.a(icon(icon_name), label, href=RecordState.links["here"] + "#" + dialog, class_name="menu-item")

    return rx.fragment(
        rx.el.button(
            icon("ellipsis"),
            type="button",
            class_name="icon-button outline",
            custom_attrs={**menu_opener("record-menu"), "aria-label": "More"},
        ),
        menu(
            "record-menu",
            entry("Add deal", "handshake", "new-deal"),
            rx.cond(R.kind == "account", entry("Add person", "user-plus", "person")),
            rx.cond(R.phone != "", rx.el.a(icon("phone"), "Call", href="tel:" + R.phone, class_name="menu-item")),
            rx.el.div(class_name="menu-rule"),
            rx.el.button(
                icon("trash-2"),
                "Move to trash",
                type="button",
                class_name="menu-item",
                on_click=RecordState.throw_away(False, None, None),
                custom_attrs={"popovertarget": "record-menu", "popovertargetaction": "hide"},
            ),
        ),
    )


def deals_card() -> rx.Component:
    """Open deals with stage and amount; closed ones behind a line."""
    deals = RecordState.deals
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Deals"),
            rx.cond(deals.sum != "", rx.el.span(deals.sum, " open", class_name="meta num")),
            rx.cond(
                (R.kind == "account") & (deals.open.length() + deals.closed.length() > 0),
                rx.el.a("All in the list", href=RecordState.links["deals"], class_name="link small to-end"),
            ),
            class_name="card-title",
        ),
        rx.cond(
            deals.open.length() > 0,
            rx.el.ul(rx.foreach(deals.open, _deal), class_name="deal-rows"),
            rx.el.p("No open deals.", class_name="muted"),
        ),
        rx.cond(
            deals.later.length() > 0,
            rx.el.details(
                rx.el.summary(deals.later.length().to_string(), " more open"),
                rx.el.ul(rx.foreach(deals.later, _deal), class_name="deal-rows"),
                class_name="disclosure",
            ),
        ),
        rx.cond(
            deals.closed.length() > 0,
            rx.el.details(
                rx.el.summary(deals.closed_words),
                rx.el.ul(rx.foreach(deals.closed, _deal), class_name="deal-rows"),
                class_name="disclosure",
            ),
        ),
        class_name="card people-card deals-card in-overview",
    )


def _deal(row: rx.Var[DealRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.a(row.name, href=row.href, class_name="strong row-link cut", custom_attrs={"data-row": ""}),
            rx.el.div(rx.cond(row.part != "", row.part + ", ", ""), row.when, class_name="meta plain cut"),
            class_name="grow",
        ),
        rx.cond(row.late != "", chip(row.late, "warning", "clock", class_name="late")),
        chip(row.stage, row.tone),
        rx.el.span(row.amount, class_name="num amount"),
        key=row.id,
    )


def people_card() -> rx.Component:
    """The account's people, the warmest first, with their parts in open deals."""
    add = link_button("Add person", RecordState.links["here"] + "#person", "ghost", "user-plus", class_name="clear")
    others = rx.el.details(
        rx.el.summary(R.others.length().to_string(), " more, less engaged"),
        rx.el.ul(rx.foreach(R.others, _person), class_name="people"),
        class_name="disclosure",
    )
    return rx.el.section(
        rx.el.div(rx.el.h2("People", class_name="grow"), only_for("records.write", add), class_name="card-title"),
        rx.cond(
            R.people.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(R.people, _person), class_name="people"),
                rx.cond(R.others.length() > 0, others),
            ),
            rx.el.p("Nobody is known here yet.", class_name="muted"),
        ),
        class_name="card people-card in-people",
    )


def _person(row: rx.Var[PersonRow]) -> rx.Component:
    return rx.el.li(
        avatar(row.initials, row.tint),
        rx.el.div(
            rx.el.a(row.name, href=row.href, class_name="strong row-link cut"),
            rx.el.div(rx.cond(row.part != "", row.part, row.detail), class_name="meta plain cut"),
            class_name="grow",
        ),
        score_chip(row.look),
        key=row.href,
    )


def below_card() -> rx.Component:
    """The accounts that belong to this one; absent where there are none."""
    return rx.cond(
        RecordState.below.length() > 0,
        rx.el.section(
            rx.el.div(rx.el.h2("Accounts below"), class_name="card-title"),
            rx.el.ul(
                rx.foreach(
                    RecordState.below, lambda one: rx.el.li(icon("building-2", 14), link(one[0], one[1]), key=one[1])
                ),
                class_name="below",
            ),
            class_name="card people-card in-people",
        ),
    )


def missing() -> rx.Component:
    """No such record; or one that was put into the trash here, and the way back."""
    trashed = in_trash("It is in the trash", RecordState.throw_away(True, None, None))
    unknown = empty(
        "No such record",
        "It may be in the trash, belong to somebody whose records you do not see, or its address was cut short.",
        link_button("Open accounts", routes.ACCOUNTS, "outline", "building-2"),
        icon_name="building-2",
    )
    return rx.el.div(
        rx.el.h1(rx.cond(RecordState.gone, "In the trash", "There is nothing here"), tab_index=-1),
        rx.cond(RecordState.gone, trashed, unknown),
        class_name="lost",
    )
