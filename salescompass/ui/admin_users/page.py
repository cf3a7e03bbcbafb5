"""Users and roles: who is in, what they may do, and how somebody joins."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_users.dialogs import member_dialogs, role_dialogs
from salescompass.ui.admin_users.rows import MemberRow, RoleRow
from salescompass.ui.admin_users.state import UsersState
from salescompass.ui.components import (
    ago,
    avatar,
    button,
    cell,
    chip,
    column,
    link_button,
    loading,
    meta,
    table,
)
from salescompass.ui.shell import only_for, page_head, screen
from salescompass.ui.shell_state import ShellState

_MANAGE = "users.manage"


@screen(routes.USERS, title="Users and roles", place="users", on_load=UsersState.load)
def users_page() -> rx.Component:
    """For administrators: members, invitations, roles."""
    return rx.fragment(
        page_head(
            "Users and roles",
            rx.cond(UsersState.loaded, meta(UsersState.members.length().to_string(), " people")),
            lead="For administrators: who may sign in, and what they may do. Invite the people who talk to customers; "
            "roles add up when somebody has several.",
            actions=[
                only_for(_MANAGE, link_button("Invite a colleague", "#invite", "solid", "user-plus")),
            ],
        ),
        rx.cond(UsersState.loaded, rx.el.div(_members(), _roles(), class_name="stack-lg"), loading(6)),
        *member_dialogs(),
        *role_dialogs(),
    )


def _members() -> rx.Component:
    return rx.el.section(
        table(
            "Members and invitations",
            [column("Person"), column("Roles"), column("Status"), column("Last seen"), column("", end=True)],
            UsersState.members,
            _member,
        ),
        custom_attrs={"aria-label": "People"},
    )


def _member(row: rx.Var[MemberRow]) -> rx.Component:
    person = rx.el.div(
        avatar(row.initials, row.tint),
        rx.el.div(
            rx.el.div(row.name, rx.cond(row.me, rx.el.span(" (you)", class_name="muted"))),
            rx.el.div(rx.cond(row.email != "", row.email, "No address"), class_name="meta"),
            class_name="grow",
        ),
        class_name="row person",
    )
    return rx.el.tr(
        cell("Person", person, primary=True),
        cell("Roles", row.role_names),
        cell("Status", chip(row.status_word, row.status_tone, row.status_icon)),
        cell("Last seen", rx.cond(row.me, "now", ago(row.seen_at, zone=ShellState.zone, never="not yet"))),
        cell("", only_for(_MANAGE, rx.el.div(_acts(row), class_name="row wrap")), end=True),
    )


def _acts(row: rx.Var[MemberRow]) -> rx.Component:
    return rx.match(
        row.status,
        (
            "invited",
            rx.fragment(
                button("Send again", "ghost", "send", on_click=UsersState.resend(row.id)),
                button("Withdraw", "ghost", "x", on_click=UsersState.withdraw(row.id)),
            ),
        ),
        (
            "silent",
            rx.fragment(
                link_button("Give address", f"{routes.USERS}?member=" + row.id + "#address", "ghost", "mail"),
                button("Disable", "ghost", "ban", on_click=UsersState.disable(row.id)),
            ),
        ),
        ("disabled", button("Let in again", "ghost", "undo-2", on_click=UsersState.enable(row.id))),
        rx.fragment(
            link_button("Change roles", f"{routes.USERS}?member=" + row.id + "#roles", "ghost", "shield-check"),
            rx.cond(~row.me, button("Disable", "ghost", "ban", on_click=UsersState.disable(row.id))),
        ),
    )


def _roles() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Roles"),
            meta("built-in ones cannot be changed; make your own for the rest"),
            only_for(
                _MANAGE,
                link_button("Create role", f"{routes.USERS}#role", "outline", "plus", style={"margin-left": "auto"}),
            ),
            class_name="section-head",
        ),
        table(
            "Roles",
            [column("Role"), column("Allows"), column("Sees"), column("People", end=True), column("", end=True)],
            UsersState.roles,
            _role,
        ),
    )


def _role(row: rx.Var[RoleRow]) -> rx.Component:
    reach = rx.cond(
        row.key != "admin",
        only_for(_MANAGE, link_button("Records seen", f"{routes.USERS}?role=" + row.key + "#reach", "ghost", "eye")),
    )
    acts = rx.cond(
        row.builtin,
        rx.fragment(reach, chip("Built in", "", "lock")),
        only_for(
            _MANAGE,
            reach,
            link_button("Edit", f"{routes.USERS}?role=" + row.key + "#role", "ghost", "settings"),
            link_button("Remove", f"{routes.USERS}?role=" + row.key + "#remove-role", "ghost", "trash-2"),
        ),
    )
    return rx.el.tr(
        cell("Role", rx.el.span(row.name, class_name="whole"), primary=True),
        cell("Allows", rx.el.span(row.allows, class_name="muted")),
        cell("Sees", rx.el.span(row.sees, class_name="muted")),
        cell("People", rx.el.span(row.members.to_string(), class_name="num"), end=True),
        cell("", rx.el.div(acts, class_name="row"), end=True),
    )
