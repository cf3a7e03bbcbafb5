"""Values changed in the cells of a list, told to the cell, with a way back for ten seconds."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import reflex as rx

from salescompass.kit.errors import SalesCompassError, Unauthenticated
from salescompass.ui.arguments import Id, Line, Text
from salescompass.ui.components.cell_editing import cell_refused, cell_saved
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done
from salescompass.ui.records.cell_values import CellOutcome, cell_given
from salescompass.ui.records.listing import shown_again
from salescompass.ui.records.live_rows import LiveRows

CellField = Annotated[str, Text(80)]


class ListCells(LiveRows, mixin=True):
    """The cells of a list."""

    @guarded("records.write")
    async def edit_cell(self, record: Id, field: CellField, value: Line, was: Line, back: bool = False) -> Any:
        """Give a field of a record a value, unless it holds another than `was` by now; `back` undoes: no cell waits."""
        record_id = UUID(record)
        try:
            found: CellOutcome = await self._do(
                "records.write", cell_given, of=self._of, record_id=record_id, key=field, text=value, was=was
            )
        except Unauthenticated:
            raise
        except SalesCompassError as error:
            if back:
                raise
            return cell_refused(record, field, error.message)
        self._replace(await self._do("records.read", shown_again, of=self._of, lens=self._lens, ids=[record_id]))
        if found.conflict and back:
            return rx.toast.error(f"Somebody has changed this to “{found.told}” since: nothing was undone")
        if found.conflict:
            return cell_refused(
                record, field, f"Somebody has changed this to “{found.told}” meanwhile.", theirs=found.now
            )
        back = type(self).edit_cell(record, field, was, found.now, True)
        return [cell_saved(record, field), done(f"{found.label}: {found.told}", undo=back)]
