"""The rows of an open list follow what happens: they change where they stand, and none comes or goes by itself."""

from __future__ import annotations

from uuid import UUID

from salescompass.ui.arrivals import arrivals
from salescompass.ui.guard import guarded
from salescompass.ui.records.bulk import BulkLook, read_bulk
from salescompass.ui.records.cells import ListRow
from salescompass.ui.records.list_screen import ListScreen
from salescompass.ui.records.listing import Listed, shown_again
from salescompass.ui.records.lives import LifeLook
from salescompass.vocabulary import Topic


class LiveRows(ListScreen, mixin=True):
    """The rows that a list shows."""

    rows: list[ListRow] = []
    lives: dict[str, LifeLook] = {}
    bulk: BulkLook = BulkLook()

    @guarded("records.read", background=True, track=False)
    async def follow(self) -> None:
        """While the page is open: show what becomes of the records on it."""
        topics = (Topic.RECORDS, Topic.BULK_EDITS, *((Topic.SCORES,) if self._of.lively else ()))
        async for come in arrivals(self._notes(*topics)):
            told = {str(one) for one in come.ids}
            if self.bulk.id in told or (self.bulk.moving and come.resync):
                look = await self._do("records.write", read_bulk, bulk_edit_id=UUID(self.bulk.id))
                async with self:
                    self.bulk = look
            touched = [UUID(row.id) for row in self.rows if row.id in told or not come.all_named]
            if touched:
                found = await self._do("records.read", shown_again, of=self._of, lens=self._lens, ids=touched)
                async with self:
                    self._replace(found)

    def _replace(self, found: Listed) -> None:
        fresh = {one.id: one for one in found.rows}
        self.rows = [fresh.get(row.id, row) for row in self.rows]
        self.lives = dict(self.lives) | found.lives
