"""What is asked on the page of users and roles: whom to invite, addresses, roles, what a role allows and sees."""

from __future__ import annotations

import reflex as rx

from salescompass.identity import PERMISSIONS
from salescompass.ui import routes
from salescompass.ui.admin_users.rows import LEVELS, RECORDS, RoleRow
from salescompass.ui.admin_users.state import UsersState
from salescompass.ui.components import (
    checkboxes,
    confirm,
    dialog,
    field,
    form,
    hidden,
    link,
    select_field,
    submit_button,
)
from salescompass.ui.components.forms import choice


def member_dialogs() -> list[rx.Component]:
    """Those about people."""
    return [_invite_dialog(), _address_dialog(), _roles_dialog()]


def role_dialogs() -> list[rx.Component]:
    """Those about roles."""
    return [_role_dialog(), _reach_dialog(), _remove_dialog()]


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


def _address_dialog() -> rx.Component:
    picked = UsersState.picked
    return dialog(
        "address",
        rx.cond(picked.id != "", "Address of " + picked.name, "Address"),
        rx.cond(
            picked.id != "",
            form(
                "address",
                hidden("member", picked.id),
                field(
                    "address",
                    "email",
                    "Work email",
                    type="email",
                    auto_complete="off",
                    required=True,
                    max_length=320,
                    help_text="They get a letter with a link that works for seven days.",
                ),
                submit_button("Send invitation"),
                on_submit=UsersState.give_address,
                draft=False,
                key=picked.id,
            ),
            rx.el.p("Choose somebody from the list first.", class_name="muted"),
        ),
        lead="They came from a file and own records already. With an address they can sign in and see them.",
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
