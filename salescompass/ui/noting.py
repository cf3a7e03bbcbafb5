"""Notes beside whatever they are about: a record, an event in its sheet, an action. Each has a state of its own, which
knows from the address what it is about, so any page shows them by the same card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import together
from salescompass.identity import Actor
from salescompass.kit.errors import NotFound
from salescompass.kit.ids import parse_id
from salescompass.kit.live import Note as Told
from salescompass.together import Nameable, NoteView, VersionView
from salescompass.ui.arguments import Id, Items, Note, Number, Search, Text
from salescompass.ui.arrivals import arrivals
from salescompass.ui.components.notes import NoteLook, VersionLook, note_parts
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.people import initials, tint
from salescompass.ui.session import Screen
from salescompass.vocabulary import Topic

Visibility = Literal["all", "team", "private"]
_READERS = {"all": "", "team": "Your team", "private": "Only you"}
_PAGES = {"accounts": "account", "contacts": "person", "opportunities": "opportunity"}
_NAMES_SHOWN = 3


class NoteForm(TypedDict):
    """A note: a new one, or with its id one of one's own that is changed."""

    note: Annotated[str, Text(36)]
    body: Note
    version: Annotated[int, Number(0, 10**9)]
    visibility: Visibility
    picked: Annotated[list[str], Items(50, Text(50))]


@dataclass(frozen=True)
class NotesLook:
    """The notes on something, and who follows it."""

    about: str = ""
    notes: list[NoteLook] = field(default_factory=list)
    followed: bool = False
    following: bool = False
    followers: str = ""


def notes_of(session: Session, actor: Actor, *, object_type: str, object_id: UUID) -> NotesLook:
    """The notes on something and who follows it; nothing where there is no such thing."""
    try:
        written = together.notes(session, actor, object_type=object_type, object_id=object_id)
    except NotFound:
        return NotesLook()
    look = NotesLook(str(object_id), [_note(one, actor) for one in written])
    if object_type == "event":
        return look
    view = together.followers(session, actor, object_type=object_type, object_id=object_id)
    names = [name for _, name in view.members]
    rest = len(names) - _NAMES_SHOWN
    told = ", ".join(names[:_NAMES_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
    return NotesLook(look.about, look.notes, True, view.following, told)


def _note(one: NoteView, actor: Actor) -> NoteLook:
    author = one.author or "Somebody"
    return NoteLook(
        str(one.id), author, initials(author), tint(str(one.author_id)), one.body, note_parts(one.body, one.named),
        one.created_at.isoformat(), bool(one.edited_at), one.author_id is not None and one.author_id == actor.member_id,
        one.row_version, one.visibility, _READERS[one.visibility],
    )  # fmt: skip


def saved(session: Session, actor: Actor, *, object_type: str, object_id: UUID, form: NoteForm) -> NoteView:
    """Write a note, or change one of one's own."""
    words: dict[str, Any] = {name: form[name] for name in ("body", "visibility", "picked")}
    note_id = parse_id(form["note"])
    if note_id is not None:
        return together.edit_note(session, actor, note_id=note_id, version=form["version"], **words)
    return together.add_note(session, actor, object_type=object_type, object_id=object_id, **words)


class Noting(Screen, mixin=True):
    """Notes on one thing; `_about` names it."""

    noted: NotesLook = NotesLook()
    history_of: str = ""
    history: list[VersionLook] = []

    def _about(self) -> tuple[str, UUID] | None:
        raise NotImplementedError

    @guarded("records.read", track=False)
    async def load_notes(self) -> None:
        """The notes on what the address names."""
        about = self._about()
        if about is None or self.noted.about != str(about[1]):
            self.noted, self.history_of, self.history = NotesLook(), "", []
        await self._read()

    @guarded("records.read", background=True, track=False)
    async def listen_notes(self) -> None:
        """While the page is open, show what others write."""
        async for _ in arrivals(self._notes(Topic.RECORDS), heeds=self._heeds):
            async with self:
                await self._read()

    @guarded("records.write")
    async def save_note(self, form: NoteForm) -> Any:
        """Write a note, or change one of one's own."""
        about = self._meant()
        name = f"note-{form['note']}" if form["note"] else self._form
        doing = self._do("records.write", saved, object_type=about[0], object_id=about[1], form=form)
        made, answer = await form_outcome(name, doing)
        if made is not None:
            self.history_of = ""
            await self._read()
        return answer

    @guarded("records.write")
    async def drop_note(self, note: Id, back: bool) -> Any:
        """Delete a note of one's own, or with `back` bring it back."""
        await self._do("records.write", together.delete_note, note_id=UUID(note), restore=back)
        await self._read()
        return None if back else done("The note is deleted", undo=type(self).drop_note(note, True))

    @guarded("records.read", track=False)
    async def find_named(self, text: Search, visibility: Visibility) -> Any:
        """Who may be named: the page's field hears it."""
        about = self._meant()
        found: list[Nameable] = await self._do(
            "records.read", together.nameable, object_type=about[0], object_id=about[1], beginning=text,
            visibility=visibility,
        )  # fmt: skip
        return _tell_named(text, found)

    @guarded("records.read")
    async def show_history(self, note: Id) -> None:
        """How a note stood before, below it; or put that away."""
        if self.history_of == note:
            self.history_of, self.history = "", []
            return
        found: list[VersionView] = await self._do("records.read", together.note_history, note_id=UUID(note))
        self.history = [VersionLook(one.at.isoformat(), one.body, _READERS[one.visibility]) for one in found[1:]]
        self.history_of = note

    @property
    def _form(self) -> str:
        return "note"

    def _meant(self) -> tuple[str, UUID]:
        about = self._about()
        if about is None:
            raise NotFound("There is no such record")
        return about

    def _heeds(self, note: Told) -> bool:
        about = self._about()
        return about is not None and (note.resync or note.n > len(note.ids) or str(about[1]) in note.ids)

    async def _read(self) -> None:
        about = self._about()
        if about is not None:
            self.noted = await self._do("records.read", notes_of, object_type=about[0], object_id=about[1])


class Followed(Noting, mixin=True):
    """Notes on something that members follow."""

    @guarded("records.read")
    async def follow(self, on: bool) -> Any:
        """Follow what the page is about, or leave off."""
        about = self._meant()
        await self._do("records.read", together.follow, object_type=about[0], object_id=about[1], on=on)
        await self._read()
        return done("You hear of its notes, stages and owners" if on else "You do not follow it any more")


class RecordNotes(Followed, rx.State):
    """Notes on the record that the path names, like `/accounts/ID`."""

    def _about(self) -> tuple[str, UUID] | None:
        parts = (self.router.url.path or "").strip("/").split("/")
        found = parse_id(parts[1][:36]) if len(parts) == 2 and parts[0] in _PAGES else None
        return (_PAGES[parts[0]], found) if found else None


class EventNotes(Noting, rx.State):
    """Notes on the event whose sheet is open, as `event` in the address."""

    def _about(self) -> tuple[str, UUID] | None:
        found = parse_id(str(self.router.url.query_parameters.get("event", ""))[:36])
        return ("event", found) if found else None

    @property
    def _form(self) -> str:
        return "event-note"


class ActionNotes(Followed, rx.State):
    """Notes on the action that the path names, like `/actions/ID`."""

    def _about(self) -> tuple[str, UUID] | None:
        parts = (self.router.url.path or "").strip("/").split("/")
        found = parse_id(parts[1][:36]) if len(parts) == 2 and parts[0] == "actions" else None
        return ("action", found) if found else None


def _tell_named(asked: str, found: Sequence[Nameable]) -> Any:
    told = [
        {
            "key": one.key,
            "name": one.name,
            "detail": one.detail,
            "initials": initials(one.name),
            "tint": tint(str(one.id)),
        }
        for one in found
    ]
    detail = json.dumps({"asked": asked, "found": told})
    return rx.call_script(f"window.dispatchEvent(new CustomEvent('sc:named', {{detail: {detail}}}))")
