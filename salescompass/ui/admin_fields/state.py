"""What the page of custom fields knows and does."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

import reflex as rx
from sqlmodel import Session

from salescompass import crm
from salescompass.crm import CustomDefinition
from salescompass.identity import Actor
from salescompass.ui import routes
from salescompass.ui.admin_fields.rows import OBJECTS, FieldRow, field_rows, moved
from salescompass.ui.arguments import Items, Note, Text
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen

Of = Literal["account", "person", "opportunity", "product"]
Key = Annotated[str, Text(60)]


class FieldForm(TypedDict):
    """A field of a kind of record; without a key a new one. Options are lines."""

    of: Of
    key: Key
    label: Annotated[str, Text(60)]
    kind: Literal["text", "number", "date", "boolean", "choice"]
    options: Note
    required: Annotated[list[str], Items(1, Text(4))]


def save_field(session: Session, actor: Actor, *, form: FieldForm) -> CustomDefinition:
    """Make or change a field as the form says."""
    return crm.save_custom_field(
        session,
        actor,
        object_type=form["of"],
        key=form["key"] or None,
        label=form["label"],
        kind=form["kind"],
        choices=form["options"].splitlines() if form["kind"] == "choice" else (),
        required=bool(form["required"]),
    )


def move_field(session: Session, actor: Actor, *, of: str, key: str, by: int) -> None:
    """Put a field one place up or down."""
    keys = moved(crm.custom_fields(session, of), key, by)
    crm.order_custom_fields(session, actor, object_type=of, keys=keys)


class FieldsState(Screen, rx.State):
    """Custom fields. The address names the kind of record, and the field that a dialog is about."""

    of: str = "account"
    many: str = "accounts"
    rows: list[FieldRow] = []
    picked: FieldRow = FieldRow()
    loaded: bool = False

    @guarded("records.manage", track=False)
    async def load(self) -> None:
        """Read the fields of the kind that the address names."""
        await self._read()

    @guarded("records.manage", form="own-field")
    async def save(self, form: FieldForm) -> Any:
        """Make a field, or give one another label, other options, or ask for it always."""
        saved, answer = await form_outcome("own-field", self._do("records.manage", save_field, form=form))
        if saved is None:
            return answer
        await self._read()
        return [
            answer,
            rx.redirect(routes.own_fields(form["of"]), replace=True),
            done(f"The field {saved.label} is saved"),
        ]

    @guarded("records.manage")
    async def move(self, of: Of, key: Key, up: bool) -> None:
        """Put a field one place up or down."""
        await self._do("records.manage", move_field, of=of, key=key, by=-1 if up else 1)
        await self._read()

    @guarded("records.manage")
    async def retire(self, of: Of, key: Key) -> Any:
        """Take a field out of use; its values stay."""
        await self._do("records.manage", crm.retire_custom_field, object_type=of, key=key)
        await self._read()
        return done("The field is used no more; its values stay", undo=FieldsState.bring_back(of, key))

    @guarded("records.manage")
    async def bring_back(self, of: Of, key: Key) -> Any:
        """Use a field again, with the values it had."""
        await self._do("records.manage", crm.retire_custom_field, object_type=of, key=key, retired=False)
        await self._read()
        return done("The field is in use again, with its values")

    async def _read(self) -> None:
        wanted = self.router.url.query_parameters
        self.of, _, self.many = next((one for one in OBJECTS if one[0] == wanted.get("of")), OBJECTS[0])
        self.rows = field_rows(await self._do("records.manage", crm.custom_fields, self.of))
        self.picked = next((row for row in self.rows if row.key == wanted.get("field")), FieldRow())
        self.loaded = True
