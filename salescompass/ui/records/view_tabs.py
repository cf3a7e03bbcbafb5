"""Saved views as tabs above a list, what has changed in the one that is open, and the dialogs that save it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components import button, dialog, field, form, hidden, icon, link_button, submit_button
from salescompass.ui.components.dialogs import menu, menu_opener
from salescompass.ui.records.kinds import ListKind
from salescompass.ui.records.view_state import ViewTab


def view_tabs(of: ListKind, state: Any) -> rx.Component:
    """All, one's own views and the team's; beside them what can be done with the one that is open."""

    def tab(label: Any, href: Any, on: Any, **props: Any) -> rx.Component:
        current = {"aria-current": rx.cond(on, "page", rx.Var("undefined"))}
        return rx.el.a(*label, href=href, class_name="view-tab", custom_attrs=current, **props)

    def saved(one: rx.Var[ViewTab]) -> rx.Component:
        return tab([one.name, rx.cond(one.team, icon("users", 14))], one.href, one.on, key=one.id, title=one.title)

    tabs = rx.el.nav(
        tab(["All"], of.path, state.open_view.id == ""),
        rx.foreach(state.tabs, saved),
        class_name="view-tabs",
        custom_attrs={"aria-label": f"Views of {of.title.lower()}"},
    )
    return rx.el.div(tabs, _acts(state), class_name="views")


def _acts(state: Any) -> rx.Component:
    """Nothing is saved unless one of these is pressed."""
    view = state.open_view
    changed = rx.el.div(
        rx.el.span("Modified:", class_name="view-dirty"),
        rx.cond(view.mine, button("Save", "ghost", on_click=state.save_view(view.id))),
        link_button("Save as", "#save-view", "ghost"),
        link_button("Reset", view.href, "ghost"),
        class_name="view-acts",
    )
    new = rx.cond(state.can_save, link_button("Save view", "#save-view", "ghost", "bookmark"))
    return rx.cond(
        view.id == "",
        new,
        rx.fragment(rx.cond(view.dirty, changed), rx.cond(view.mine, _options(state))),
    )


def _options(state: Any) -> rx.Component:
    view = state.open_view

    def act(label: Any, icon_name: str, on_click: Any) -> rx.Component:
        return rx.el.button(
            icon(icon_name), label, type="button", class_name="menu-item", on_click=on_click,
            custom_attrs={"popovertarget": "view-options", "popovertargetaction": "hide"},
        )  # fmt: skip

    return rx.el.div(
        rx.el.button(
            icon("ellipsis"),
            type="button",
            class_name="icon-button",
            custom_attrs={**menu_opener("view-options"), "aria-label": "Options of this view"},
        ),
        menu(
            "view-options",
            rx.el.a(icon("pencil"), "Rename", href="#rename-view", class_name="menu-item"),
            rx.cond(view.team, act("Only for me", "lock", state.share_view(view.id, ""))),
            rx.foreach(
                state.teams, lambda team: act("Share with " + team.name, "users", state.share_view(view.id, team.id))
            ),
            act("Share with everybody", "users", state.share_view(view.id, "all")),
            act("Delete view", "trash-2", state.delete_view(view.id)),
        ),
        class_name="view-options",
    )


def view_dialogs(state: Any) -> list[rx.Component]:
    """Saving under a new name, and renaming."""
    team = rx.el.div(
        rx.el.label("Who sees it", html_for="save-view-team"),
        rx.el.select(
            rx.el.option("Only me", value=""),
            rx.foreach(state.teams, lambda one: rx.el.option(one.name, value=one.id)),
            rx.el.option("Everybody here", value="all"),
            id="save-view-team", name="team", class_name="select",
        ),
        rx.el.p("Only you change it.", class_name="help"),
        class_name="field",
    )  # fmt: skip
    save = form(
        "save-view",
        field("save-view", "name", "Name", required=True, max_length=60, auto_complete="off"),
        team,
        submit_button("Save view"),
        on_submit=state.save_view_as,
        class_name="form",
    )
    rename = form(
        "rename-view",
        hidden("view", state.open_view.id),
        field(
            "rename-view", "name", "Name", required=True, max_length=60, auto_complete="off",
            default_value=state.open_view.name,
        ),
        submit_button("Rename view"),
        on_submit=state.rename_view,
        draft=False,
        class_name="form",
    )  # fmt: skip
    lead = "Search, filters, order and columns are kept under this name."
    return [dialog("save-view", "Save view", save, lead=lead), dialog("rename-view", "Rename view", rename)]
