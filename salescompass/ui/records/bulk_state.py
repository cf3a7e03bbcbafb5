"""Changing what is selected in a list: at once, or by a job whose progress is shown; cancelled, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

from salescompass.crm import BulkAct, BulkEditView
from salescompass.kit.errors import NotFound
from salescompass.kit.ids import parse_id
from salescompass.ui.arguments import Id, Line, Text
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.records.bulk import BulkLook, begun, bulk_look, cancelled, field_given, read_bulk, taken_back
from salescompass.ui.records.live_rows import LiveRows

FieldKey = Annotated[str, Text(80)]
Picked = Annotated[str, Text(50_000)]
Everything = Literal["on", ""]
_MOST_TAGS = 20


class BulkField(TypedDict):
    """A field that shall have one value in all that is selected."""

    picked: Picked
    everything: Everything
    field: FieldKey
    value: Line


class BulkTags(TypedDict):
    """Tags to put on what is selected, or to take off."""

    picked: Picked
    everything: Everything
    way: Literal["add", "remove"]
    tags: Line


class BulkDelete(TypedDict):
    """What is selected goes to the trash."""

    picked: Picked
    everything: Everything


class ListBulk(LiveRows, mixin=True):
    """The bulk edits of a list."""

    editors: list[dict[str, Any]] = []
    bulk_editors: list[dict[str, Any]] = []

    @guarded("records.write", form="bulk-field")
    async def bulk_field(self, form: BulkField) -> Any:
        """Give a field one value in all that is selected."""
        return await self._begin("bulk-field", form, field_given, key=form["field"], text=form["value"])

    @guarded("records.write", form="bulk-tags")
    async def bulk_tags(self, form: BulkTags) -> Any:
        """Put tags on all that is selected, or take them off."""
        tags = [one.strip() for one in form["tags"].split(",") if one.strip()][:_MOST_TAGS]
        put = form["way"] == "add"
        words = f"{'Add' if put else 'Remove'} {'tags' if len(tags) > 1 else 'tag'}: {', '.join(tags)}"
        act = BulkAct(add_tags=tags) if put else BulkAct(remove_tags=tags)
        return await self._begin("bulk-tags", form, begun, act=act, words=words)

    @guarded("records.write", form="bulk-delete")
    async def bulk_delete(self, form: BulkDelete) -> Any:
        """Put all that is selected into the trash."""
        return await self._begin("bulk-delete", form, begun, act=BulkAct(delete=True), words="Delete")

    @guarded("records.write")
    async def cancel_bulk(self, edit: Id) -> None:
        """Leave what is not done yet as it is."""
        self.bulk = await self._do("records.write", cancelled, bulk_edit_id=UUID(edit))

    @guarded("records.write")
    async def undo_bulk(self, edit: Id) -> Any:
        """Take back what was changed."""
        self.bulk = await self._do("records.write", taken_back, bulk_edit_id=UUID(edit))
        return self._again()

    @guarded("records.read", track=False)
    async def close_bulk(self) -> None:
        """Put the card of a bulk edit away."""
        self.bulk = BulkLook()

    async def _begin(self, name: str, form: Mapping[str, Any], verb: Callable[..., BulkEditView], **what: Any) -> Any:
        doing = self._do(
            "records.write", verb, of=self._of, lens=self._asked(), picked=form["picked"],
            everything=form["everything"] == "on", **what,
        )  # fmt: skip
        edit, answer = await form_outcome(name, doing)
        if edit is None:
            return answer
        look = bulk_look(edit)
        if not edit.moving and not edit.skipped and not edit.failed:
            self.bulk = BulkLook()
            return [answer, self._again(), done(f"{look.words}: {look.told}", undo=type(self).undo_bulk(look.id))]
        self.bulk = look
        return [answer, self._again()]

    def _again(self) -> Any:
        """Read the list again: what was changed may belong to it no more."""
        raise NotImplementedError

    async def _read_bulk(self, named: str) -> None:
        """The bulk edit that an address names; the one that is shown stays."""
        found = parse_id(named)
        if found is None or str(found) == self.bulk.id or not self._actor.may("records.write"):
            return
        try:
            self.bulk = await self._do("records.write", read_bulk, bulk_edit_id=found)
        except NotFound:
            self.bulk = BulkLook()
