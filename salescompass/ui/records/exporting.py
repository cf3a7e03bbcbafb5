"""The export of a list: its button, the dialog that asks for columns and format, and what it asks of the engine."""

from __future__ import annotations

import json
from typing import Any, Literal, TypedDict

import reflex as rx

from salescompass import imports
from salescompass.imports import AskedList
from salescompass.ui import routes
from salescompass.ui.components import dialog, form, link, link_button, submit_button
from salescompass.ui.components.forms import radios
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.records.kinds import ListKind
from salescompass.ui.records.list_screen import ListScreen
from salescompass.ui.records.narrowing import Lens
from salescompass.ui.shell import only_for

_FORM = "export"
_COLUMNS = (
    ("shown", "The columns shown", "And what records are known by, so that the file can be brought in again."),
    ("all", "Every field", "Those of your own among them."),
)
_FORMATS = (
    ("csv", "CSV", "For any program, of any length."),
    ("xlsx", "Excel workbook", "Numbers and dates are real ones."),
)


class ExportForm(TypedDict):
    """What goes into the file, and what it is."""

    columns: Literal["shown", "all"]
    format: Literal["csv", "xlsx"]


class ListToFile(ListScreen, mixin=True):
    """Writes what a list shows to a file."""

    @guarded("records.export")
    async def export(self, form: ExportForm) -> Any:
        """Save it now when it is short; a long one is written by a worker, and its page shows how far it is."""
        asked = asked_list(self._of, self._asked(), shown=form["columns"] == "shown", format=form["format"])
        made, answer = await form_outcome(_FORM, self._do("records.export", imports.ask_for_list, asked=asked))
        if made is None:
            return answer
        if made.state != "done":
            return [answer, rx.redirect(routes.exports(export=str(made.id)))]
        told = f"{made.rows:,} {self._of.title.lower() if made.rows != 1 else self._of.noun} in {made.file_name}"
        return [answer, rx.download(url=routes.export_file(str(made.id)), filename=made.file_name), done(told)]


def asked_list(of: ListKind, lens: Lens, *, shown: bool, format: Literal["csv", "xlsx"]) -> AskedList:
    """The list that an address shows, as the engine takes it: all that narrows it is one condition."""
    rules: list[Any] = []
    if lens.mine:
        rules.append({"field": "owner_id", "operator": "is", "value": "me"})
    if lens.state:
        rules.append({"field": of.narrow, "operator": "is", "value": lens.state})
    where = lens.where
    if rules:
        where = json.dumps({"combinator": "and", "rules": [*rules, *_tree(lens.where)]})
    return AskedList(of.kind, format, where, lens.q, lens.sort, lens.columns if shown else ())


def _tree(text: str) -> list[Any]:
    """The filter of an address. What is none stays one that is refused: a file must not hold more than was meant."""
    if not text:
        return []
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return [None]
    return [] if isinstance(body, dict) and body.get("rules") == [] else [body]


def export_button() -> rx.Component:
    """Opens the dialog, for whoever may write lists to files."""
    return only_for(
        "records.export",
        link_button(rx.el.span("Export", class_name="word"), "#export", "outline", "download", class_name="to-file"),
    )


def export_dialog(of: ListKind, state: Any) -> rx.Component:
    """Asks what goes into the file."""
    what = rx.cond(
        state.narrowed,
        f"The {of.title.lower()} that fit the search and the filters, in the order of the list.",
        f"All {of.title.lower()} that you see, in the order of the list.",
    )
    return dialog(
        "export",
        f"Export {of.title.lower()}",
        form(
            _FORM,
            radios(_FORM, "columns", "Columns", _COLUMNS, "shown"),
            radios(_FORM, "format", "File", _FORMATS, "csv"),
            rx.el.p(
                "A long list is written while you go on; the bell tells you when it is ready. ",
                link("My exports", routes.EXPORTS),
                class_name="muted",
            ),
            submit_button("Export"),
            on_submit=state.export,
            draft=False,
            class_name="form",
        ),
        lead=what,
    )
