"""Teams: who works with whom, and so whose records they see."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_teams.rows import TeamRow
from salescompass.ui.admin_teams.state import TeamsState
from salescompass.ui.components import (
    cell,
    checkboxes,
    column,
    confirm,
    dialog,
    field,
    first_use,
    form,
    hidden,
    icon,
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

_MANAGE = "users.manage"


@screen(routes.TEAMS, title="Teams", place="teams", on_load=TeamsState.load)
def teams_page() -> rx.Component:
    """For administrators: the tree of teams."""
    return rx.fragment(
        page_head(
            "Teams",
            rx.cond(TeamsState.loaded, meta(TeamsState.rows.length().to_string(), " teams")),
            lead=rx.fragment(
                "For administrators: who works with whom. Roles that show the records of a team show those of the "
                "teams beneath as well; which roles do is set under ",
                link("Users and roles", routes.USERS),
                ".",
            ),
            actions=[only_for(_MANAGE, link_button("Create team", routes.teams(dialog="team"), "solid", "plus"))],
        ),
        rx.cond(TeamsState.loaded, rx.cond(TeamsState.rows.length() > 0, _tree(), _none_yet()), loading(6)),
        _team_dialog(),
        _delete_dialog(),
    )


def _none_yet() -> rx.Component:
    return first_use(
        "No teams yet",
        "As long as there are none, everybody is of one team and colleagues see each other's records. With teams, each "
        "sees those of the own team and of the teams beneath.",
        only_for(_MANAGE, link_button("Create the first team", routes.teams(dialog="team"), "outline", "plus")),
    )


def _tree() -> rx.Component:
    return table(
        "Teams",
        [column("Team"), column("Leader"), column("Members"), column("", end=True)],
        TeamsState.rows,
        _row,
    )


def _row(row: rx.Var[TeamRow]) -> rx.Component:
    name = rx.el.div(
        rx.el.span(icon("users"), class_name="tile small"),
        rx.el.span(row.name, class_name="strong whole"),
        class_name="row",
        style={"padding_inline_start": row.indent},
    )
    members = rx.el.div(
        rx.el.span(row.member_names),
        rx.cond(row.count != "0", rx.el.span(" · ", row.count, class_name="muted num")),
    )
    leader = rx.cond(
        row.lead_name != "",
        rx.el.span(icon("crown", 13), row.lead_name, class_name="row whole"),
        rx.el.span("None", class_name="muted"),
    )
    acts = only_for(
        _MANAGE,
        rx.el.div(
            link_button("Edit", f"{routes.TEAMS}?team=" + row.id + "#team", "ghost", "pencil"),
            link_button("Delete", f"{routes.TEAMS}?team=" + row.id + "#delete-team", "ghost", "trash-2"),
            class_name="row",
        ),
    )
    return rx.el.tr(
        cell("Team", name, primary=True),
        cell("Leader", leader),
        cell("Members", members),
        cell("", acts, end=True),
        key=row.id,
    )


def _team_dialog() -> rx.Component:
    picked = TeamsState.picked
    new = picked.id == ""
    return dialog(
        "team",
        rx.cond(new, "Create team", "Edit " + picked.name),
        rx.cond(
            TeamsState.loaded,
            form(
                "team",
                hidden("team", picked.id),
                field(
                    "team",
                    "name",
                    "Name",
                    default_value=picked.name,
                    required=True,
                    max_length=120,
                    auto_complete="off",
                    placeholder="North",
                ),
                rx.el.div(
                    select_field(
                        "team",
                        "parent",
                        "Below",
                        picked.parents,
                        none="No other team",
                        default_value=picked.parent,
                        help_text="Whoever is above sees what is beneath.",
                    ),
                    select_field(
                        "team",
                        "lead",
                        "Leader",
                        TeamsState.people,
                        none="No leader",
                        default_value=picked.lead,
                        help_text="One of the members.",
                    ),
                    class_name="two-fields",
                ),
                checkboxes(
                    "team",
                    "members",
                    "Members",
                    rx.foreach(
                        TeamsState.people,
                        lambda one: choice(
                            "members", one[0], one[1], None, default_checked=picked.members.contains(one[0])
                        ),
                    ),
                    help_text="Somebody may be in several teams.",
                ),
                submit_button("Save team"),
                on_submit=TeamsState.save,
                draft=new,
                key="team-" + picked.id,
            ),
        ),
        shape="wide",
    )


def _delete_dialog() -> rx.Component:
    picked = TeamsState.picked
    title = "Delete the team " + picked.name + "?"
    return rx.cond(
        picked.beneath,
        dialog("delete-team", title, rx.el.p(picked.farewell)),
        confirm(
            "delete-team",
            title,
            picked.farewell,
            action="Delete team",
            on_confirm=TeamsState.delete(picked.id),
        ),
    )
