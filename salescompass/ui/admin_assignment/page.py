"""Assignment: territories and their teams, how much everybody takes on, the fallback, and a trial of all of it."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_assignment.dialogs import dialogs
from salescompass.ui.admin_assignment.rows import MemberRow, ShareRow, TerritoryRow
from salescompass.ui.admin_assignment.state import AssignmentState
from salescompass.ui.components import (
    button,
    cell,
    chip,
    column,
    field,
    first_use,
    form,
    icon_button,
    link_button,
    loading,
    meta,
    select_field,
    submit_button,
    table,
)
from salescompass.ui.shell import only_for, page_head, screen

_NEW = routes.assignment(territory="new", dialog="territory")


@screen(routes.ASSIGNMENT, title="Assignment", place="assignment", on_load=AssignmentState.load)
def assignment_page() -> rx.Component:
    """For managers: who gets what is to be done, and why."""
    return rx.fragment(
        page_head(
            "Assignment",
            lead="For managers: who gets what is to be done. First the owner of the deal, the person or the account; "
            "while they are out, who stands in for them; then the team of the first territory that holds; then the "
            "fallback. Nobody gets more than they may have open, nor what they may not see.",
            actions=[link_button("Create territory", _NEW, "solid", "plus")],
        ),
        rx.cond(
            AssignmentState.loaded,
            rx.el.div(_territories(), _members(), _fallback(), _trial(), class_name="stack-lg"),
            loading(8),
        ),
        dialogs(),
    )


def _head(title: str, text: str, *more: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.h2(title), meta(text), *more, class_name="section-head")


def _territories() -> rx.Component:
    return rx.el.section(
        _head("Territories", "Asked from the top; the first that holds decides."),
        rx.cond(
            AssignmentState.territories.length() > 0,
            table(
                "Territories",
                [
                    column("Order"),
                    column("Territory"),
                    column("Team"),
                    column("Accounts", end=True),
                    column("", end=True),
                ],
                AssignmentState.territories,
                _territory,
            ),
            rx.cond(AssignmentState.teams.length() > 0, _first_territory(), _first_team()),
        ),
    )


def _first_territory() -> rx.Component:
    return first_use(
        "No territories yet",
        "As long as there are none, what has no owner goes to the fallback. A territory is a condition on accounts, "
        "such as a country or a size, and the team that looks after them.",
        link_button("Create the first territory", _NEW, "outline", "plus"),
    )


def _first_team() -> rx.Component:
    return first_use(
        "Territories need teams",
        "A territory gives what is to be done to the members of a team, in turns. There is no team yet.",
        only_for("users.manage", link_button("Create a team", routes.teams(dialog="team"), "outline", "users")),
    )


def _territory(row: rx.Var[TerritoryRow]) -> rx.Component:
    here = f"{routes.ASSIGNMENT}?territory=" + row.id
    order = rx.el.div(
        rx.el.span(row.number, class_name="meta num"),
        icon_button("Move up", "arrow-up", disabled=row.first, on_click=AssignmentState.move(row.id, True)),
        icon_button("Move down", "arrow-down", disabled=row.last, on_click=AssignmentState.move(row.id, False)),
        class_name="row",
    )
    about = rx.el.div(
        rx.el.div(row.name, class_name="strong whole"),
        rx.cond(
            row.problem != "",
            chip("Cannot be read: " + row.problem, "danger", "triangle-alert"),
            rx.el.div(row.words, class_name="muted whole"),
        ),
    )
    acts = rx.el.div(
        link_button("Edit", here + "#territory", "ghost", "pencil"),
        link_button("Delete", here + "#delete-territory", "ghost", "trash-2"),
        class_name="row",
    )
    return rx.el.tr(
        cell("Order", order),
        cell("Territory", about, primary=True),
        cell("Team", rx.cond(row.team_name != "", row.team_name, chip("No team", "warning", "triangle-alert"))),
        cell("Accounts", rx.el.span(row.accounts, class_name="num"), end=True),
        cell("", acts, end=True),
        key=row.id,
    )


def _members() -> rx.Component:
    return rx.el.section(
        _head("Members", "How much each takes on, and who is there."),
        table(
            "Members",
            [
                column("Member"),
                column("Teams"),
                column("Weight", end=True),
                column("Open actions", end=True),
                column("There"),
                column("", end=True),
            ],
            AssignmentState.members,
            _member,
        ),
    )


def _member(row: rx.Var[MemberRow]) -> rx.Component:
    there = rx.el.div(
        chip(row.state, row.tone),
        rx.cond(row.delegate_name != "", rx.el.div(row.delegate_name, " stands in", class_name="meta")),
    )
    return rx.el.tr(
        cell("Member", rx.el.span(row.name, class_name="strong whole"), primary=True),
        cell("Teams", rx.el.span(row.teams, class_name="muted whole")),
        cell("Weight", rx.el.span(row.weight, class_name="num"), end=True),
        cell("Open actions", rx.el.span(row.room, class_name=rx.cond(row.full, "num strong", "num")), end=True),
        cell("There", there),
        cell(
            "",
            link_button("Edit", f"{routes.ASSIGNMENT}?member=" + row.id + "#member", "ghost", "pencil"),
            end=True,
        ),
        key=row.id,
    )


def _fallback() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2("Fallback"), class_name="card-head"),
        rx.el.div(
            form(
                "fallback",
                rx.el.div(
                    select_field(
                        "fallback",
                        "fallback",
                        "What nobody else gets goes to",
                        AssignmentState.fallbacks,
                        none="Nobody: it waits",
                        default_value=AssignmentState.fallback,
                    ),
                    field(
                        "fallback",
                        "idle_hours",
                        "Move on after so many working hours without a touch",
                        type="number",
                        min="1",
                        max="1440",
                        default_value=AssignmentState.idle_hours,
                        help_text="Only what rules have made and nobody has accepted. Empty: nothing moves.",
                    ),
                    class_name="two-fields",
                ),
                submit_button("Save fallback", cancel=False, look="outline"),
                on_submit=AssignmentState.save_fallback,
                draft=False,
                key=AssignmentState.fallback + AssignmentState.idle_hours,
            ),
            class_name="card-body",
        ),
        class_name="card",
    )


def _trial() -> rx.Component:
    found = AssignmentState.trial
    outcome = rx.el.div(
        rx.el.p(found.words),
        rx.cond(found.rungs != "", rx.el.p(found.rungs, class_name="muted")),
        class_name="stack",
        role="status",
    )
    return rx.el.section(
        _head(
            "Trial",
            "Who would have got the last 500 actions by all of the above. Nothing is changed.",
            button("Try it", "outline", "play", on_click=AssignmentState.simulate),
        ),
        rx.cond(AssignmentState.tried, outcome),
        rx.cond(
            found.rows.length() > 0,
            rx.fragment(
                table(
                    "Who would have got them",
                    [
                        column("Member"),
                        column("In all", end=True),
                        column("By turns", end=True),
                        column("Due by weight", end=True),
                        column("Difference", end=True),
                        column("Most open", end=True),
                    ],
                    found.rows,
                    _share,
                ),
                meta(
                    "Differences come from who was out, at their limit, or had the company already. Territories, "
                    "owners and absences are those of today."
                ),
            ),
        ),
    )


def _share(row: rx.Var[ShareRow]) -> rx.Component:
    return rx.el.tr(
        cell("Member", rx.el.span(row.name, class_name="strong whole"), primary=True),
        cell("In all", rx.el.span(row.got, class_name="num"), end=True),
        cell("By turns", rx.el.span(row.dealt, class_name="num"), end=True),
        cell("Due by weight", rx.el.span(row.due, class_name="num"), end=True),
        cell("Difference", rx.el.span(row.off, class_name="num"), end=True),
        cell("Most open", rx.el.span(row.most, class_name="num"), end=True),
        key=row.name,
    )
