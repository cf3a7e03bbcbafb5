"""Accounts, contacts, leads and deals: one list each, found by words, narrowed, in any order; cards on phones."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.crm import RECORD_TYPES, Holds
from salescompass.ui import routes
from salescompass.ui.components import (
    button,
    column,
    dialog,
    empty,
    field,
    form,
    icon,
    link_button,
    meta,
    submit_button,
)
from salescompass.ui.components.cell_editing import CellEditing
from salescompass.ui.components.dialogs import menu, menu_opener
from salescompass.ui.components.elements import WAITS
from salescompass.ui.components.panel import Here, ListKeys
from salescompass.ui.components.selection import pick_page
from salescompass.ui.records.board_page import list_or_board
from salescompass.ui.records.bulk_bar import bulk_bar, bulk_card, bulk_dialogs
from salescompass.ui.records.exporting import export_button, export_dialog
from salescompass.ui.records.filter_panel import filter_line, filter_panel
from salescompass.ui.records.kinds import ACCOUNTS, CONTACTS, DEALS, LEADS, ListKind
from salescompass.ui.records.rows import record_row
from salescompass.ui.records.state import AccountsState, Choice, ContactsState, DealsState, Head, LeadsState
from salescompass.ui.records.toolbar import toolbar
from salescompass.ui.records.view_tabs import view_dialogs, view_tabs
from salescompass.ui.shell import only_for, page_head, screen
from salescompass.ui.shell_state import ShellState

_FORM = "new-record"


def loads(state: Any) -> list[Any]:
    """What a list does when it is opened: it reads, and follows what happens."""
    return [state.load, state.follow]


@screen(routes.ACCOUNTS, title=ACCOUNTS.title, place=ACCOUNTS.place, on_load=loads(AccountsState))
def accounts_page() -> rx.Component:
    """Whom to talk to next."""
    return _list_page(ACCOUNTS, AccountsState)


@screen(routes.CONTACTS, title=CONTACTS.title, place=CONTACTS.place, on_load=loads(ContactsState))
def contacts_page() -> rx.Component:
    """The people at customers."""
    return _list_page(CONTACTS, ContactsState)


@screen(routes.LEADS, title=LEADS.title, place=LEADS.place, on_load=loads(LeadsState))
def leads_page() -> rx.Component:
    """The people nobody has spoken with yet."""
    return _list_page(LEADS, LeadsState)


@screen(routes.DEALS, title=DEALS.title, place=DEALS.place, on_load=loads(DealsState))
def deals_page() -> rx.Component:
    """What customers may buy."""
    return _list_page(DEALS, DealsState, list_or_board(DEALS.path, DealsState.board_href, board=False))


def _list_page(of: ListKind, state: Any, *beside: rx.Component) -> rx.Component:
    new = only_for("records.write", link_button(f"New {of.noun}", "#new", "solid", "plus"))
    return rx.fragment(
        page_head(
            of.title,
            rx.cond(state.loaded, rx.el.span(state.count, class_name="muted num")),
            actions=[*beside, export_button(), new],
        ),
        view_tabs(of, state),
        toolbar(of, state, before=[_states(of, state)] if of.states else [], after=[_columns(state)]),
        filter_line(state),
        bulk_card(state),
        Here.create(
            rx.cond(state.loaded, rx.cond(state.rows.length() > 0, _list(of, state), _nothing(of, state))),
            echo=state.echo,
        ),
        only_for("records.write", _new(of, state), bulk_bar(state), *bulk_dialogs(of, state)),
        only_for("records.write", CellEditing.create(fields=state.editors, on_save=state.edit_cell)),
        only_for("records.export", export_dialog(of, state)),
        # Not before the page is awake: what is served to everybody knows no address.
        rx.cond(state.loaded, filter_panel(of, state)),
        *view_dialogs(state),
        ListKeys.create(on=ShellState.shortcuts),
    )


def _states(of: ListKind, state: Any) -> rx.Component:
    return rx.el.div(
        rx.el.select(
            rx.el.option(f"Any {of.narrow}", value=""),
            *[rx.el.option(label, value=value) for value, label in of.states],
            value=state.only,
            on_change=state.choose_state,
            class_name=rx.cond(state.only != "", "select on", "select"),
            custom_attrs={"aria-label": of.narrow.capitalize()},
        ),
        class_name="filter-select",
    )


def _columns(state: Any) -> rx.Component:
    """Which columns are shown; each choice is a link, so that the address keeps it."""

    def entry(choice: rx.Var[Choice]) -> rx.Component:
        return rx.el.a(
            rx.cond(choice.on, icon("check", 16), rx.el.span(class_name="icon")),
            choice.label,
            href=choice.href,
            class_name="menu-item",
            custom_attrs={"aria-current": rx.cond(choice.on, "true", rx.Var("undefined"))},
        )

    return rx.el.div(
        rx.el.button(
            icon("columns-3", 14), "Columns", type="button", class_name="filter", custom_attrs=menu_opener("columns")
        ),
        menu("columns", rx.foreach(state.choices, entry)),
        class_name="column-chooser",
    )


def _list(of: ListKind, state: Any) -> rx.Component:
    def heading(head: rx.Var[Head]) -> rx.Component:
        arrow = rx.match(
            head.sort,
            ("ascending", icon("arrow-up", 13)),
            ("descending", icon("arrow-down", 13)),
            rx.fragment(),
        )
        return rx.el.th(
            rx.cond(head.href != "", rx.el.a(head.label, arrow, href=head.href), head.label),
            class_name=rx.cond(head.end, "end", ""),
            custom_attrs={"scope": "col", "aria-sort": rx.cond(head.sort != "", head.sort, rx.Var("undefined"))},
        )

    return rx.el.div(
        rx.el.div(
            rx.el.table(
                rx.el.caption(of.title, class_name="hidden"),
                rx.el.thead(
                    rx.el.tr(
                        only_for(
                            "records.write", rx.el.th(pick_page(), class_name="pick", custom_attrs={"scope": "col"})
                        ),
                        column("Name", sort=state.name_sort, href=state.name_href),
                        rx.foreach(state.heads, heading),
                    )
                ),
                rx.el.tbody(rx.foreach(state.rows, lambda row: record_row(of, state, row))),
                class_name="table",
            ),
            class_name="table-wrap",
        ),
        rx.el.div(
            meta(rx.el.span(state.rows.length().to_string(), class_name="num"), " shown"),
            rx.cond(
                state.more,
                button("Load more", on_click=state.load_more, custom_attrs=WAITS),
                meta("That is everything."),
            ),
            class_name="table-foot",
        ),
        class_name="record-list lively under-toolbar" if of.lively else "record-list under-toolbar",
    )


def _nothing(of: ListKind, state: Any) -> rx.Component:
    first = empty(
        f"No {of.title.lower()} yet",
        of.hint,
        only_for("records.write", link_button(f"New {of.noun}", "#new", "outline", "plus")),
        icon_name="inbox",
    )
    no_match = empty(
        "Nothing matches",
        f"No {of.noun} fits this search and these filters. Words are found by their beginning.",
        link_button("Clear filters", of.path, "outline", "x"),
        icon_name="list-filter",
    )
    return rx.el.div(rx.cond(state.empty, first, no_match), class_name="card under-toolbar")


def _new(of: ListKind, state: Any) -> rx.Component:
    fields = RECORD_TYPES[of.kind].fields
    kinds = {Holds.EMAIL: "email", Holds.PHONE: "tel", Holds.DAY: "date"}
    inputs = [
        field(
            _FORM,
            key,
            fields[key].label + ("" if fields[key].required else " (optional)"),
            type=kinds.get(fields[key].holds, "text"),
            required=fields[key].required,
            max_length=min(fields[key].most, 500),
            auto_complete="off",
            input_mode="decimal" if fields[key].holds is Holds.MINOR else "text",
        )
        for key in of.asks
    ]
    return dialog(
        "new",
        f"New {of.noun}",
        form(_FORM, *inputs, submit_button(f"Create {of.noun}"), on_submit=state.create, class_name="form"),
    )
