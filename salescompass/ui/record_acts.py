"""What is done on the page of any record: a fact changed, a tag, a note, the trash and the way back."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

from sqlmodel import Session

from salescompass import crm
from salescompass.crm import RecordView
from salescompass.identity import Actor
from salescompass.kit.errors import Changed, Conflict, NotFound, SalesCompassError, Unauthenticated
from salescompass.kit.pagination import Page
from salescompass.ui.arguments import Id, Search, Text
from salescompass.ui.components import answered, refused
from salescompass.ui.components.notes import ChangeLook
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.record_beside import BesideLook, changes_of
from salescompass.ui.record_facts import accounts_like, changed_fact, typed_fact
from salescompass.ui.session import Screen
from salescompass.vocabulary import RecordKind

FactKey = Annotated[str, Text(80)]
FactValue = Annotated[str, Text(10_000)]
TagName = Annotated[str, Text(60)]
Of = Literal["accounts", "contacts", "opportunities"] | None


class FactForm(TypedDict):
    """One field as it was typed, and as it stood when its form was opened."""

    key: FactKey
    value: FactValue
    was: FactValue


class TagForm(TypedDict):
    """A tag to put on."""

    tag: TagName


def tagged(session: Session, actor: Actor, *, kind: RecordKind, record_id: UUID, tag: str, on: bool) -> None:
    """Put a tag on a record, or take it off. Raises NotFound for a record that is not seen."""
    crm.get_record(session, kind, record_id)
    change: dict[str, list[str]] = {"add": [tag]} if on else {"remove": [tag]}
    (outcome,) = crm.tag_records(session, actor, kind, [record_id], **change)
    if outcome.status == "failed":
        raise Conflict(outcome.reason, field="tag")


def thrown_away(session: Session, actor: Actor, *, kind: RecordKind, record_id: UUID, back: bool) -> None:
    """Put a record into the trash, or bring it back. Raises Conflict when it cannot be."""
    act = crm.restore_records if back else crm.delete_records
    (outcome,) = act(session, actor, kind, [record_id])
    if outcome.status == "failed":
        raise NotFound(outcome.reason) if outcome.field == "id" else Conflict(outcome.reason)


class RecordActs(Screen, mixin=True):
    """The page of one record; `_about` names it, `_reread` shows it anew."""

    beside: BesideLook = BesideLook()
    changes: list[ChangeLook] = []
    more_changes: bool = False
    names_found: list[str] = []
    gone: bool = False

    # The values that conflicts have told of, by record and field: whoever has seen them may write over them.
    _told: dict[str, str] = {}
    _earlier: str | None = None

    def _about(self) -> tuple[RecordKind, UUID]:
        raise NotImplementedError

    async def _reread(self) -> None:
        raise NotImplementedError

    @guarded("records.write")
    async def save_fact(self, form: FactForm) -> Any:
        """Change one field; Undo gives it the value it had."""
        key, name = form["key"], f"fact-{form['key']}"
        kind, record_id = self._about()
        place = f"{record_id} {key}"
        seen = [form["was"], *([self._told[place]] if place in self._told else [])]
        try:
            changed = await self._change(kind, record_id, key, form["value"], seen)
        except Changed as problem:
            record = await self._do("records.read", crm.get_record, kind, record_id)
            self._told = {**self._told, place: typed_fact(record, key)}
            return refused(name, problem)
        except Unauthenticated:
            raise
        except SalesCompassError as problem:
            return refused(name, problem)
        self._told = {one: value for one, value in self._told.items() if one != place}
        await self._reread()
        now = typed_fact(changed, key)
        if now == form["was"]:
            return answered(name)
        undo = type(self).return_fact(key, form["was"], now, str(kind), str(record_id))
        return [answered(name), done("Saved", undo=undo)]

    @guarded("records.write")
    async def return_fact(
        self, key: FactKey, value: FactValue, now: FactValue, of: Of = None, record: Id | None = None
    ) -> None:
        """Undo of a change, unless somebody has gone on from there; by now another record's page may be open."""
        await self._change(*self._meant(of, record), key, value, [now])
        await self._reread()

    @guarded("records.write", track=False)
    async def find_names(self, key: FactKey, text: Search) -> None:
        """Accounts whose names begin so, for a field that names one."""
        self.names_found = await self._do("records.read", accounts_like, text=text.strip())

    @guarded("records.write")
    async def add_tag(self, form: TagForm) -> Any:
        """Put a tag on the record."""
        kind, record_id = self._about()
        doing = self._do("records.write", tagged, kind=kind, record_id=record_id, tag=form["tag"], on=True)
        made, answer = await form_outcome("tag", doing)
        if made is not None:
            await self._reread()
        return answer

    @guarded("records.write")
    async def put_tag(self, tag: TagName, on: bool, of: Of = None, record: Id | None = None) -> Any:
        """Take a tag off the record, or with `on` put it back."""
        kind, record_id = self._meant(of, record)
        await self._do("records.write", tagged, kind=kind, record_id=record_id, tag=tag, on=on)
        await self._reread()
        return None if on else done(f"“{tag}” is off", undo=type(self).put_tag(tag, True, str(kind), str(record_id)))

    @guarded("records.write")
    async def throw_away(self, back: bool, of: Of = None, record: Id | None = None) -> Any:
        """Put the record into the trash, or with `back` bring it back."""
        kind, record_id = self._meant(of, record)
        await self._do("records.write", thrown_away, kind=kind, record_id=record_id, back=back)
        await self._reread()
        self.gone = not back
        undo = type(self).throw_away(True, str(kind), str(record_id))
        return None if back else done("In the trash, for 30 days", undo=undo)

    @guarded("records.read")
    async def earlier_changes(self) -> None:
        """Earlier changes, below."""
        if self._earlier is None:
            return
        kind, record_id = self._about()
        page: Page[ChangeLook] = await self._do(
            "records.read",
            changes_of,
            kind=kind,
            record_id=record_id,
            currency=self.beside.currency,
            cursor=self._earlier,
        )
        self._tell_changes([*self.changes, *page.items], page.next_cursor)

    def _tell_beside(self, look: BesideLook, changes: Page[ChangeLook]) -> None:
        """Show what was read beside the record."""
        self.beside, self.gone = look, False
        self._tell_changes(list(changes.items), changes.next_cursor)

    def _tell_changes(self, changes: list[ChangeLook], earlier: str | None) -> None:
        self.changes, self._earlier, self.more_changes = changes, earlier, earlier is not None

    def _meant(self, of: str | None, record: str | None) -> tuple[RecordKind, UUID]:
        """The record an act names; without one that of the page."""
        return (RecordKind(of), UUID(record)) if of and record else self._about()

    async def _change(self, kind: RecordKind, record_id: UUID, key: str, value: str, seen: list[str]) -> RecordView:
        changed: RecordView = await self._do(
            "records.write", changed_fact, kind=kind, record_id=record_id, key=key, value=value, was=seen
        )
        return changed
