"""Templates of actions: a line each with how well they do; a dialog that writes one, with what it said before."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.action_words import KINDS
from salescompass.ui.admin_templates.state import TemplateRow, TemplatesState, VersionRow
from salescompass.ui.components import (
    ago,
    area,
    button,
    cell,
    chip,
    column,
    dialog,
    field,
    form,
    hidden,
    link_button,
    loading,
    meta,
    select_field,
    submit_button,
    table,
)
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState

S = TemplatesState
ONE = TemplatesState.one
_VARIABLES = "{{person.first_name}}, {{account.name}}, {{deal.name}} and {{member.first_name}} stand for the names."


@screen(routes.TEMPLATES, title="Templates", place="templates", on_load=S.load)
def templates_page() -> rx.Component:
    """For managers: what actions say."""
    heads = [
        column("Template"), column("Kind"), column("Used", end=True), column("Success"), column("", end=True),
    ]  # fmt: skip
    return rx.fragment(
        page_head(
            "Templates",
            actions=[link_button("New template", routes.templates("", "template"), "solid", "plus")],
            lead="For managers: what actions say, what to say in them and how long they take. Rules use them, and "
            "everybody who makes an action by hand. Each change is a version of its own.",
        ),
        rx.cond(S.loaded, table("Templates", heads, S.rows, _row), loading(6)),
        _dialog(),
    )


def _row(one: rx.Var[TemplateRow]) -> rx.Component:
    return rx.el.tr(
        cell(
            "Template",
            rx.el.div(
                rx.el.a(one.name, href=one.href, class_name="strong row-link"),
                rx.el.span(one.title, class_name="meta plain", display="block"),
            ),
            primary=True,
        ),
        cell("Kind", rx.el.span(one.kind_words, " ", rx.cond(one.retired, chip("Used no more")), class_name="row")),
        cell("Used", rx.el.span(one.used, class_name="num"), end=True),
        cell("Success", one.success),
        cell(
            "",
            rx.cond(
                one.retired,
                button("Use again", "ghost", "undo-2", on_click=S.retire(one.id, True)),
                button("Retire", "ghost", "ban", on_click=S.retire(one.id, False)),
            ),
            end=True,
        ),
        key=one.id,
    )


def _dialog() -> rx.Component:
    kinds = [(kind.value, words) for kind, words in KINDS.items()]
    fields = form(
        "texts",
        hidden("template", ONE.id),
        hidden("row", ONE.row.to_string()),
        field("texts", "name", "Name", required=True, max_length=80, default_value=ONE.name, auto_complete="off"),
        rx.el.div(
            select_field("texts", "kind", "Kind", kinds, default_value=ONE.kind),
            field(
                "texts", "effort", "Takes (minutes)", type="number", min="1", max="480", required=True,
                default_value=ONE.effort,
            ),
            class_name="two-fields",
        ),
        field(
            "texts", "title", "What", required=True, max_length=200, default_value=ONE.title,
            help_text=_VARIABLES,
        ),
        field(
            "texts", "due", "Due after (hours)", type="number", min="1", max="2160", required=True,
            default_value=ONE.due,
        ),
        area("texts", "detail", "What to do (optional)", rows=3, max_length=4000, default_value=ONE.detail),
        area("texts", "message", "What to write (optional)", rows=4, max_length=4000, default_value=ONE.message),
        area("texts", "talk_track", "What to say (optional)", rows=4, max_length=4000, default_value=ONE.talk_track),
        submit_button("Save template"),
        on_submit=S.save,
        draft=False,
        key="template-" + ONE.id + ONE.row.to_string(),
        class_name="form",
    )  # fmt: skip
    before = rx.el.ul(rx.foreach(S.versions, _version), class_name="changes")
    return dialog(
        "template",
        rx.cond(ONE.id == "", "New template", ONE.name),
        rx.cond(S.loaded, fields),
        rx.cond(S.versions.length() > 1, rx.el.div(rx.el.h3("What it said before"), before)),
        shape="wide",
    )


def _version(one: rx.Var[VersionRow]) -> rx.Component:
    back = button("Back to it", "ghost", "undo-2", on_click=S.restore(ONE.id, one.version))
    return rx.el.li(
        rx.el.span(
            rx.el.span("Version ", one.version.to_string(), class_name="strong"), " ",
            meta(ago(one.at, zone=ShellState.zone)),
            rx.el.span(one.title, class_name="muted", display="block"),
            class_name="grow",
        ),
        rx.cond(one.now, chip("Now", "success"), back),
        key=one.version.to_string(),
        class_name="row",
    )  # fmt: skip
