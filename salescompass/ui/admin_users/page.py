"""Users and roles: who is in, what they may do, and how somebody joins."""

from __future__ import annotations

import reflex as rx

from salescompass.identity import PERMISSIONS
from salescompass.ui import routes
from salescompass.ui.admin_users.rows import LEVELS, RECORDS, MemberRow, RoleRow
from salescompass.ui.admin_users.state import UsersState
from salescompass.ui.components import (
    ago,
    avatar,
    button,
    cell,
    checkboxes,
    chip,
    column,
    confirm,
    dialog,
    field,
    form,
    hidden,
    link,
    link_button,
    loading,
    meta,
    select_field,
    submit_button,
    table,
)
from salescompass.ui.components.forms import choice
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
        _invite_dialog(),
        _roles_dialog(),
        _role_dialog(),
        _reach_dialog(),
        _remove_dialog(),
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
            rx.el.div(row.email, class_name="meta"),
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


def _role_choice(row: rx.Var[RoleRow], ticked: object) -> rx.Component:
    return choice("role", row.key, row.name, row.allows, default_checked=ticked)


def _invite_dialog() -> rx.Component:
    return dialog(
        "invite",
        "Invite a colleague",
        form(
            "invite",
            field("invite", "name", "Name", auto_complete="off", required=True, max_length=120),
            field(
                "invite",
                "email",
                "Work email",
                type="email",
                auto_complete="off",
                required=True,
                max_length=320,
                help_text="They get a letter with a link that works for seven days.",
            ),
            checkboxes(
                "invite",
                "role",
                "Roles",
                rx.foreach(UsersState.roles, lambda row: _role_choice(row, row.key == "rep")),
            ),
            submit_button("Send invitation"),
            on_submit=UsersState.invite,
        ),
        lead="They choose their own password and see only what their roles allow.",
    )


def _roles_dialog() -> rx.Component:
    picked = UsersState.picked
    return dialog(
        "roles",
        rx.cond(picked.id != "", "Roles of " + picked.name, "Roles"),
        rx.cond(
            picked.id != "",
            form(
                "roles",
                hidden("member", picked.id),
                checkboxes(
                    "roles",
                    "role",
                    "Roles",
                    rx.foreach(UsersState.roles, lambda row: _role_choice(row, picked.roles.contains(row.key))),
                    help_text="Roles add up: everything that one of them allows is allowed.",
                ),
                submit_button("Save roles"),
                on_submit=UsersState.save_roles,
                draft=False,
                key=picked.id,
            ),
            rx.el.p("Choose somebody from the list first.", class_name="muted"),
        ),
    )


def _role_dialog() -> rx.Component:
    role = UsersState.role
    return dialog(
        "role",
        rx.cond(role.key != "", "Edit role", "Create role"),
        form(
            "role",
            hidden("key", role.key),
            field(
                "role",
                "name",
                "Name",
                default_value=role.name,
                required=True,
                max_length=120,
                help_text="For example Support, or Read only.",
            ),
            checkboxes(
                "role",
                "permissions",
                "May",
                *[
                    choice("permissions", key, words, key, default_checked=role.permissions.contains(key))
                    for key, words in PERMISSIONS.items()
                ],
                help_text="You can hand out only what you may do yourself.",
            ),
            submit_button("Save role"),
            on_submit=UsersState.save_role,
            draft=role.key == "",
            key="role-" + role.key,
        ),
        shape="wide",
    )


def _reach_dialog() -> rx.Component:
    role = UsersState.reaching
    return dialog(
        "reach",
        rx.cond(role.key != "", "Records that the role " + role.name + " sees", "Records that a role sees"),
        rx.cond(
            role.key != "",
            form(
                "reach",
                hidden("key", role.key),
                *[
                    select_field("reach", key, label, LEVELS, default_value=getattr(role, key))
                    for key, label in RECORDS
                ],
                submit_button("Save"),
                on_submit=UsersState.save_reach,
                draft=False,
                key="reach-" + role.key + role.sees,
            ),
            rx.el.p("Choose a role from the list first.", class_name="muted"),
        ),
        lead=rx.fragment(
            "Whose records are seen on screens, in searches, exports and the API. Teams are set under ",
            link("Teams", routes.TEAMS),
            ". The widest of somebody's roles counts; what nobody owns is seen by all.",
        ),
    )


def _remove_dialog() -> rx.Component:
    role = UsersState.role
    return confirm(
        "remove-role",
        "Remove the role " + role.name + "?",
        "A role that somebody has cannot be removed: give them another first. Removing it cannot be undone.",
        action="Remove role",
        on_confirm=UsersState.remove_role(role.key),
    )
