"""What people wrote about a record, with who changed what, as both stand on its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from salescompass.ui.components.elements import avatar, button, icon_button, meta
from salescompass.ui.components.forms import FieldError, area, form, hidden, submit_button
from salescompass.ui.components.in_place import in_place, in_place_buttons
from salescompass.ui.components.times import ago

LONGEST = 20_000


@dataclass(frozen=True)
class NotePart:
    """A piece of a note: plain text, or an address that it names."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class NoteLook:
    """A note; `mine` where its reader wrote it."""

    id: str
    author: str
    initials: str
    tint: str
    body: str
    parts: list[NotePart]
    at: str
    edited: bool
    mine: bool
    version: int


@dataclass(frozen=True)
class ChangeLook:
    """What somebody did to a record: a sentence, and each field from what to what."""

    id: str
    who: str
    what: str
    fields: list[tuple[str, str, str]]
    at: str
    source: str


def notes_card(state: Any, may_write: Any, zone: Any) -> rx.Component:
    """Notes, the newest first, and the field for the next one; `state` is a record's."""
    notes = state.beside.notes
    write = form(
        "note",
        hidden("note", ""),
        hidden("version", "0"),
        area("note", "body", "Write a note", rows=2, max_length=LONGEST, required=True),
        submit_button("Save note", cancel=False, look="outline"),
        on_submit=state.save_note,
        draft_of=state.beside.id,
        class_name="form note-form",
    )
    return rx.el.section(
        rx.el.div(rx.el.h2("Notes"), class_name="card-title"),
        rx.cond(may_write, write),
        rx.cond(
            notes.length() > 0,
            rx.el.ul(rx.foreach(notes, lambda one: _note(one, state, may_write, zone)), class_name="notes"),
            rx.cond(may_write, rx.fragment(), rx.el.p("No notes yet.", class_name="muted")),
        ),
        class_name="card people-card notes-card",
        id="notes",
    )


def _note(one: rx.Var[NoteLook], state: Any, may_write: Any, zone: Any) -> rx.Component:
    name = "note-" + one.id
    body = rx.el.p(rx.foreach(one.parts, _part), class_name="note-body")
    editor = form(
        name,
        rx.el.textarea(
            name="body",
            default_value=one.body,
            max_length=LONGEST,
            rows=4,
            class_name="area",
            custom_attrs={"aria-label": "Note"},
        ),
        FieldError.create(field="body"),
        hidden("note", one.id),
        hidden("version", one.version.to_string()),
        in_place_buttons(),
        on_submit=state.save_note,
        draft=False,
        class_name="form in-place-form",
    )
    mine = one.mine & may_write
    return rx.el.li(
        rx.el.div(
            rx.el.span(avatar(one.initials, one.tint), class_name="small-avatar"),
            rx.el.span(one.author, class_name="strong"),
            rx.el.span(ago(one.at, zone=zone), rx.cond(one.edited, ", edited", ""), class_name="meta grow"),
            rx.cond(mine, icon_button("Delete note", "trash-2", on_click=state.drop_note(one.id, False))),
            class_name="row note-head",
        ),
        rx.cond(mine, in_place(name, "Edit note", body, editor, beside=True, word="Edit"), body),
        key=one.id,
    )


def _part(one: rx.Var[NotePart]) -> rx.Component:
    address = rx.el.a(one.text, href=one.href, class_name="link", rel="noopener nofollow", target="_blank")
    return rx.cond(one.href != "", address, one.text)


def changes_card(state: Any, zone: Any) -> rx.Component:
    """Who changed what, from what to what, when and by which way."""
    return rx.el.section(
        rx.el.div(rx.el.h2("What was changed"), class_name="card-title"),
        rx.cond(
            state.changes.length() > 0,
            rx.el.ul(rx.foreach(state.changes, lambda one: _change(one, zone)), class_name="changes"),
            rx.el.p("Nothing so far.", class_name="muted"),
        ),
        rx.cond(state.more_changes, button("Earlier changes", "ghost", on_click=state.earlier_changes)),
        class_name="card people-card changes-card in-facts",
    )


def _change(one: rx.Var[ChangeLook], zone: Any) -> rx.Component:
    def of_field(told: rx.Var[tuple[str, str, str]]) -> rx.Component:
        return rx.el.li(rx.el.span(told[0], ": ", class_name="muted"), rx.el.span(told[1]), " to ", rx.el.span(told[2]))

    return rx.el.li(
        rx.el.span(one.who, class_name="strong"),
        " ",
        one.what,
        " ",
        meta(ago(one.at, zone=zone), rx.cond(one.source != "", ", " + one.source, "")),
        rx.el.ul(rx.foreach(one.fields, of_field)),
        key=one.id,
    )
