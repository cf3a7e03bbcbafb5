"""What people wrote about something, who follows it, and who changed what, as they stand on its page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from salescompass.together import pieces
from salescompass.ui.components.elements import avatar, button, chip, icon, icon_button, meta
from salescompass.ui.components.forms import FieldError, form, hidden
from salescompass.ui.components.in_place import in_place
from salescompass.ui.components.mentions import mention_area
from salescompass.ui.components.times import ago

LONGEST = 20_000
READERS = {"all": "Everybody who sees this", "team": "My team", "private": "Only me"}
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True)
class NotePart:
    """A piece of a note: plain text, an address (`href`), or a name of somebody it mentions (`named`)."""

    text: str
    href: str = ""
    named: bool = False


@dataclass(frozen=True)
class NoteLook:
    """A note; `mine` where its reader wrote it, `readers` who reads it where that is not everybody."""

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
    visibility: str
    readers: str


@dataclass(frozen=True)
class VersionLook:
    """A note as it stood from a moment on."""

    at: str
    body: str
    readers: str


@dataclass(frozen=True)
class ChangeLook:
    """What somebody did to a record: a sentence, and each field from what to what."""

    id: str
    who: str
    what: str
    fields: list[tuple[str, str, str]]
    at: str
    source: str


def note_parts(body: str, named: Sequence[str] = ()) -> list[NotePart]:
    """A text in pieces: its web addresses as links, the names it mentions marked."""
    found: list[NotePart] = []
    for text, is_name in pieces(body, named):
        found += [NotePart(text, named=True)] if is_name else _linked(text)
    return found


def _linked(text: str) -> list[NotePart]:
    parts, place = [], 0
    for hit in _ADDRESS.finditer(text):
        if hit.start() > place:
            parts.append(NotePart(text[place : hit.start()]))
        parts.append(NotePart(hit[0], hit[0]))
        place = hit.end()
    return [*parts, NotePart(text[place:])] if place < len(text) else parts


def notes_card(state: Any, may_write: Any, zone: Any, *, title: str = "Notes", name: str = "note") -> rx.Component:
    """Notes, the newest first, and the field for the next one; `state` is one of ui/noting.py, `name` its form's."""
    return rx.el.section(
        rx.el.div(rx.el.h2(title), class_name="card-title"),
        notes_list(state, may_write, zone, name=name),
        class_name="card people-card notes-card",
        id="notes",
    )


def notes_list(state: Any, may_write: Any, zone: Any, *, name: str) -> rx.Component:
    """The same without a card, for a panel."""
    notes = state.noted.notes
    write = form(
        name,
        hidden("note", ""),
        hidden("version", "0"),
        rx.el.div(
            rx.el.label("Write a note", html_for=f"{name}-body"),
            mention_area(
                "body", "Write a note", area_id=f"{name}-body", describedby=f"{name}-body-error", rows=2,
                longest=LONGEST, on_ask=state.find_named,
            ),
            FieldError.create(field="body"),
            class_name="field",
        ),
        _ending("Save note", "all", rx.fragment()),
        on_submit=state.save_note,
        draft_of=state.noted.about,
        class_name="form note-form",
    )  # fmt: skip
    return rx.fragment(
        rx.cond(may_write, write),
        rx.cond(
            notes.length() > 0,
            rx.el.ul(rx.foreach(notes, lambda one: _note(one, state, may_write, zone)), class_name="notes"),
            rx.cond(may_write, rx.fragment(), rx.el.p("No notes yet.", class_name="muted")),
        ),
    )


def _ending(word: str, visibility: Any, cancel: rx.Component) -> rx.Component:
    readers = rx.el.select(
        *[rx.el.option(label, value=value) for value, label in READERS.items()],
        name="visibility",
        default_value=visibility,
        class_name="select",
        custom_attrs={"aria-label": "Who reads it"},
    )
    return rx.el.div(
        readers, rx.el.div(cancel, button(word, "outline", type="submit"), class_name="row"), class_name="note-ending"
    )


def _note(one: rx.Var[NoteLook], state: Any, may_write: Any, zone: Any) -> rx.Component:
    name = "note-" + one.id
    body = rx.el.p(rx.foreach(one.parts, _part), class_name="note-body")
    editor = form(
        name,
        mention_area("body", "Note", value=one.body, longest=LONGEST, rows=4, on_ask=state.find_named),
        FieldError.create(field="body"),
        hidden("note", one.id),
        hidden("version", one.version.to_string()),
        _ending("Save", one.visibility, button("Cancel", "ghost", custom_attrs={"data-act": "leave"})),
        on_submit=state.save_note,
        draft=False,
        class_name="form in-place-form",
    )
    mine = one.mine & may_write
    opened = state.history_of == one.id
    edited = rx.el.button(
        "edited",
        type="button",
        class_name="link small",
        on_click=state.show_history(one.id),
        custom_attrs={"aria-expanded": rx.cond(opened, "true", "false")},
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(avatar(one.initials, one.tint), class_name="small-avatar"),
            rx.el.span(one.author, class_name="strong cut"),
            rx.el.span(ago(one.at, zone=zone), class_name="meta"),
            rx.cond(one.edited, edited),
            rx.cond(one.readers != "", chip(one.readers, "", "lock")),
            rx.el.span(class_name="grow"),
            rx.cond(mine, icon_button("Delete note", "trash-2", on_click=state.drop_note(one.id, False))),
            class_name="row note-head",
        ),
        rx.cond(mine, in_place(name, "Edit note", body, editor, beside=True, word="Edit"), body),
        rx.cond(opened, _history(state, zone)),
        key=one.id,
    )


def _history(state: Any, zone: Any) -> rx.Component:
    def version(one: rx.Var[VersionLook]) -> rx.Component:
        return rx.el.li(
            rx.el.span(ago(one.at, zone=zone), rx.cond(one.readers != "", ", " + one.readers, ""), class_name="meta"),
            rx.el.p(one.body, class_name="note-body"),
        )

    return rx.el.div(
        rx.el.h3("How it stood before"),
        rx.el.ol(rx.foreach(state.history, version), class_name="note-history"),
        class_name="note-before",
    )


def _part(one: rx.Var[NotePart]) -> rx.Component:
    address = rx.el.a(one.text, href=one.href, class_name="link", rel="noopener nofollow", target="_blank")
    named = rx.el.span(one.text, class_name="mention")
    return rx.cond(one.href != "", address, rx.cond(one.named, named, one.text))


def follow_button(state: Any) -> rx.Component:
    """Follows what the page is about, or leaves off; who follows it stands in its tip."""
    look = state.noted
    return rx.cond(
        look.followed,
        rx.el.button(
            icon(rx.cond(look.following, "bell-ring", "bell")),
            rx.el.span(rx.cond(look.following, "Following", "Follow"), class_name="word"),
            type="button",
            class_name="button outline compact",
            on_click=state.follow(~look.following),
            title=rx.cond(look.followers != "", "Followed by " + look.followers, "Nobody follows it yet"),
            custom_attrs={"aria-label": rx.cond(look.following, "Following, leave off", "Follow")},
        ),
    )


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
